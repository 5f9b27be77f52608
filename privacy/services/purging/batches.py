"""One batch of a run: so many rows of one record, carried out in one transaction or not at all.

A row is deleted in the transaction that carries it out. So a killed worker leaves it to do, two workers never take the
same one (``SKIP LOCKED``), and nothing is done twice.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from audit import services as audit
from privacy import actions
from privacy.models import Purge, PurgeBatch, PurgeItem
from privacy.services import certificates
from privacy.services.purging.candidates import Holds, judged, key_of
from privacy.services.purging.ends import end_items
from privacy.services.purging.looking_again import GONE
from privacy.services.purging.sources import Source
from privacy.services.requests import system_at
from privacy.services.reviewing import today, wait_for_holds
from vault import services as vault

AT_ONCE: Final = 2000  # rows


def carry_out_batch(run: Purge, sources: dict[str, Source], at: datetime) -> int:
    """Carry out the next rows of a run; how many were settled, 0 where nothing is left that nobody else has."""
    with transaction.atomic():
        wait_for_holds(alone=False)
        items = _next_items(run)
        if not items:
            return 0
        record = items[0].record
        ready, changed = _sorted(items, sources[record], at)
        erased = end_items(record, ready, system_at(run.property), today(run.property, at)) if ready else []
        _settle(run, items, record, ready, changed, erased, at)
        if erased:
            vault.erase_envelopes(erased, reason="purge", who=system_at(run.property))
    return len(items)


def _next_items(run: Purge) -> list[PurgeItem]:
    """The next rows nobody else works on, all of one record."""
    left = PurgeItem.objects.filter(purge=run).to_do().order_by("pk")
    locked = list(left.select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
    return [item for item in locked if item.record == locked[0].record]


def _sorted(items: Sequence[PurgeItem], source: Source, at: datetime) -> tuple[list[PurgeItem], Counter[str]]:
    """The rows to carry out; of the others how many something stands against since the run looked again."""
    key = key_of(source.record)
    verdicts = _verdicts(items, source, at)
    ready, changed = [], Counter[str]()
    for item in items:
        skip = verdicts.get(str(getattr(item, key)), GONE)
        if skip == "":
            ready.append(item)
        else:
            changed[skip] += 1
        item.skip = skip
    PurgeItem.objects.bulk_update([item for item in items if item.skip not in ("", GONE)], ["skip"])
    return ready, changed


def _verdicts(items: Sequence[PurgeItem], source: Source, at: datetime) -> dict[str, str]:
    """What stands against each row, by its key; what is gone has no verdict."""
    rows = "SELECT i.ref, i.envelope, i.stay, i.due_on FROM privacy_purgeitem i WHERE i.id = ANY(%s)"
    sql, params = judged(source, (rows, [[item.pk for item in items]]), holds=Holds.at(at))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT j.{key_of(source.record)}::text, j.skip FROM ({sql}) j", params)  # noqa: S608
        return dict(cursor.fetchall())


def _settle(
    run: Purge,
    items: Sequence[PurgeItem],
    record: str,
    ready: Sequence[PurgeItem],
    changed: Counter[str],
    erased: Sequence[UUID],
    at: datetime,
) -> None:
    """Count the batch, and take what is done or gone out of the plan."""
    over = [item.pk for item in items if item.skip in ("", GONE)]
    PurgeItem.objects.filter(pk__in=over).delete()
    PurgeBatch.objects.create(
        purge=run,
        at=at,
        counts={record: len(ready)} if ready else {},
        changed=changed,
        mark=certificates.mark_of(erased) if erased else "",
    )
    audit.record(
        actions.PURGE_BATCH_DONE,
        who=system_at(run.property),
        object_type="purge",
        object_ref=run.number,
        detail={"count": len(ready), "record": record},
    )
