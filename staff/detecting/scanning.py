"""Looking through the log, from where it was left: rows in the order of transactions, alerts and place together."""

from datetime import datetime
from typing import Final

from django.db import transaction

from staff.detecting.batches import Batch, Place, horizon, next_place
from staff.detecting.finding import flags_of
from staff.detecting.risks import risks_of
from staff.models import DetectionPosition, DetectionRule
from staff.services.alerts.raising import raise_alerts

BATCH: Final = 20_000


def scan(*, at: datetime, most: int = BATCH) -> int:
    """Look through the next rows, at most so many, and raise what they call for; how many rows they were.

    One transaction: killed in its middle it leaves nothing, and the next one looks at the same rows. Rows that were
    looked at before, as after a restore into another cluster, raise nothing twice.
    """
    with transaction.atomic():
        position = DetectionPosition.objects.select_for_update().get()
        begin = _begin(position)
        found = next_place(begin, most)
        end, count = found or (begin, 0)
        if count:
            _look_through(Batch.after(begin, end), at)
        position.xact, position.row_id, position.scanned_at = end.xact, end.row, at
        position.save(update_fields=["xact", "row_id", "scanned_at"])
    return count


def _begin(position: DetectionPosition) -> Place:
    """Where to go on; a place that lies ahead of the cluster is another cluster's."""
    now = horizon()
    return Place(now, 0) if position.xact > now else Place(position.xact, position.row_id)


def _look_through(batch: Batch, at: datetime) -> None:
    rules = {rule.code: rule for rule in DetectionRule.objects.in_force().filter(mode=DetectionRule.Mode.LIVE)}
    risks = risks_of(batch, flags_of(batch, rules.values()), rules)
    raise_alerts(risks, rules, at=at)
