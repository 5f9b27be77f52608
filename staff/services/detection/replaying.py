"""What a rule would have noticed in the last 90 days, day by day: before it may go live, and while it is in shadow."""

import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Final

from django.db import transaction
from django.db.models import Q

from audit import services as audit
from staff.actions import DETECTION_REPLAYED
from staff.detecting.batches import Batch
from staff.detecting.finding import flags_of
from staff.detecting.risks import risks_of
from staff.models import DetectionRule

DAYS: Final = 90
SLICE_SECONDS: Final = 2.0
Line = list[str | int]  # day, rows flagged, alerts


def replay_rules(*, at: datetime, seconds: float = SLICE_SECONDS) -> int:
    """Replay what is proposed, and what is in shadow up to yesterday, for some seconds; how many days were done.

    What is left is done the next time, so that the keeper is never long away.
    """
    until = time.monotonic() + seconds
    wanted = DetectionRule.objects.filter(ended_at=None).filter(
        Q(in_force_since=None) | Q(mode=DetectionRule.Mode.SHADOW)
    )
    days = (done for rule in wanted for done in _replay(rule, at))
    return sum(1 for _done in takewhile(lambda _done: time.monotonic() < until, days))


def _replay(rule: DetectionRule, at: datetime) -> Iterator[date]:
    today = at.date()
    first = today - timedelta(days=DAYS)
    known = [line for line in rule.replay if date.fromisoformat(str(line[0])) >= first]
    next_day = date.fromisoformat(str(known[-1][0])) + timedelta(days=1) if known else first
    while next_day < today:
        known = [*known, _line(rule, next_day, at)]
        _keep(rule, known, at if next_day + timedelta(days=1) == today else None)
        yield next_day
        next_day += timedelta(days=1)


def _line(rule: DetectionRule, day: date, at: datetime) -> Line:
    """How many rows of a day (UTC) the rule flags, and how many alerts it would have raised by itself."""
    begin = datetime.combine(day, datetime.min.time(), at.tzinfo)
    batch = Batch.between(begin, begin + timedelta(days=1))
    flags = flags_of(batch, [rule])
    told = [risk for risk in risks_of(batch, flags, {rule.code: rule}) if risk.is_alert]
    return [day.isoformat(), len(flags), len({(risk.actor if risk.of_one else None, risk.subject) for risk in told})]


@transaction.atomic
def _keep(rule: DetectionRule, lines: list[Line], done_at: datetime | None) -> None:
    rule.replay = lines
    is_first = rule.replayed_at is None and done_at is not None
    rule.replayed_at = done_at or rule.replayed_at
    rule.save(update_fields=["replay", "replayed_at"])
    if is_first:
        audit.record(
            DETECTION_REPLAYED,
            who=audit.SYSTEM,
            object_type="detection_rule",
            object_ref=rule.code,
            detail={"version": rule.version},
        )
