"""P7: envelopes erased per second against a plain DELETE of the same rows; the whole purge; planning against one scan.

``vault.erase_envelopes`` alone is what the budget is about: of every row it empties it keeps a tombstone, and it writes
the ledger, which a DELETE does not. The batches of a run do more (judging again, taking guests out of stays, reducing
bills, counting); they are reported beside it, over all that a run comes to in its time.

One house's whole past is due at once: the clock stands three years on. Everything is rolled back at the end, so that
the data set can be measured again; neither side waits for a commit.
"""

import resource
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone

from audit import services as audit
from privacy.models import Purge
from privacy.services import purging
from privacy.services.purging.batches import carry_out_batch
from privacy.services.purging.sources import sources_of
from privacy.services.reviewing import today
from staff.models import Person, Property
from vault import rows
from vault import services as vault
from vault.categories import INDEXED
from vault.models import ErasureEntry

LEAST_RATIO = 0.4
BOX_SECONDS = 60
ERASED_ALONE = 5000
WARM_SECONDS = 2  # with what runs by itself: restricting copies
LATER = timedelta(days=3 * 366 + 10)
SCANS = ("SELECT count(*) FROM stays_stay WHERE party_size > 0", "SELECT sum(length(ciphertext)) FROM vault_envelope")


class Measured(Exception):
    """Everything is measured: roll it back."""


def measure(size: str) -> dict[str, Any]:
    """The house with the most stays: plan its night, carry it out for a while, delete the same rows of the twin."""
    house = Property.objects.annotate(count=Count("stays")).order_by("-count", "code")[0]
    found: list[dict[str, Any]] = []
    with suppress(Measured), transaction.atomic():
        found = _measure(house)
        raise Measured
    return {"rows": found}


def _measure(house: Property) -> list[dict[str, Any]]:
    at = timezone.now() + LATER
    scan = sum(_seconds(lambda sql=sql: _run(sql)) for sql in SCANS)  # type: ignore[misc]
    plan = _seconds(lambda: purging.plan_night(house=house, at=at))
    own, run = Purge.objects.filter(property=house).order_by("-night", "asks")[:2]
    purging.run_purge(purge=own, at=at, seconds=WARM_SECONDS)
    purging.approve_purge(purge=run, actor=_officer(house), at=at)
    Purge.objects.filter(pk=run.pk).update(state=Purge.State.RUNNING, started_at=at)
    _copy(run)
    alone = _envelopes(run, ERASED_ALONE)
    deleting_alone, deleted = _deleting(alone)
    erasing = _seconds(lambda: _erase_for_nothing(alone))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    erased, seconds = _purge(run, at)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    deleting, _count = _deleting(erased)
    ratio = deleting_alone / erasing
    return [
        {
            "what": f"erasing {len(alone):,} envelopes in one call, a second",
            "value": f"{len(alone) / erasing:,.0f}, plain DELETE of the {deleted:,} rows"
            f" {len(alone) / deleting_alone:,.0f}, ratio {ratio:.2f}",
            "budget": f"ratio >= {LEAST_RATIO}",
            "met": ratio >= LEAST_RATIO,
        },
        {
            "what": f"the whole purge of {len(erased):,} envelopes, a second",
            "value": f"{len(erased) / seconds:,.0f}, plain DELETE {len(erased) / deleting:,.0f},"
            f" ratio {deleting / seconds:.2f}",
        },
        {
            "what": f"planning one house's night, {run.total:,} due",
            "value": f"{plan:.2f} s, {plan / scan:.1f} x one scan of all stays and envelopes",
        },
        {"what": "memory a purge of these takes more", "value": f"{grown:.0f} MB for {len(erased):,} envelopes"},
    ]


def _envelopes(run: Purge, most: int) -> list[UUID]:
    """The first envelopes the run is about to erase."""
    found = run.items.to_do().filter(envelope__isnull=False).order_by("pk")
    return list(found.values_list("envelope", flat=True)[:most])


def _erase_for_nothing(envelopes: list[UUID]) -> None:
    """Erase, and undo it: the run finds them as they were."""
    with suppress(Measured), transaction.atomic():
        vault.erase_envelopes(envelopes, reason="bench", who=audit.SYSTEM)
        raise Measured


def _deleting(envelopes: list[UUID]) -> tuple[float, int]:
    """Seconds of deleting the copied rows of these envelopes, and how many rows; undone."""
    began, deleted = time.perf_counter(), 0
    with suppress(Measured), transaction.atomic():
        deleted = _delete(envelopes)
        raise Measured
    return time.perf_counter() - began, deleted


def _purge(run: Purge, at: Any) -> tuple[list[UUID], float]:
    """Carry out batches for so long; what they erased, and in how many seconds."""
    known = {source.record: source for source in sources_of(run.property, today(run.property, at))}
    first = ErasureEntry.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    began = time.perf_counter()
    while time.perf_counter() - began < BOX_SECONDS and carry_out_batch(run, known, at):
        pass
    seconds = time.perf_counter() - began
    entries = ErasureEntry.objects.filter(sequence__gt=first).values_list("envelopes", flat=True)
    return [envelope for envelopes in entries for envelope in envelopes], seconds


def _copy(run: Purge) -> None:
    """The rows the run is about to empty, in tables of their own with the same indexes."""
    doomed = "SELECT envelope FROM privacy_purgeitem WHERE purge_id = %s AND skip = ''"
    of_them = f"SELECT subject_id FROM vault_envelope WHERE id IN ({doomed})"
    _run(f"INSERT INTO bench.doomed_envelope SELECT * FROM vault_envelope WHERE id IN ({doomed})", [run.pk])
    _run(f"INSERT INTO bench.doomed_key SELECT * FROM keys.envelope_key WHERE envelope_id IN ({doomed})", [run.pk])
    _run(f"INSERT INTO bench.doomed_token SELECT * FROM search.subject_token WHERE subject IN ({of_them})", [run.pk])


def _delete(envelopes: list[UUID]) -> int:
    """What is sealed, its keys and what it is found by: payments and notes are found by nothing."""
    ids = rows.array(envelopes)
    found_by = rows.array(INDEXED)
    subjects = "SELECT subject_id FROM bench.doomed_envelope WHERE id = ANY(%s::uuid[]) AND category = ANY(%s::text[])"
    return (
        _run(f"DELETE FROM bench.doomed_token WHERE subject IN ({subjects})", [ids, found_by])
        + _run("DELETE FROM bench.doomed_key WHERE envelope_id = ANY(%s::uuid[])", [ids])
        + _run("DELETE FROM bench.doomed_envelope WHERE id = ANY(%s::uuid[])", [ids])
    )


def _run(sql: str, params: Any = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


def _seconds(deed: Callable[[], Any]) -> float:
    began = time.perf_counter()
    deed()
    return time.perf_counter() - began


def _officer(house: Property) -> Person:
    """Whoever may decide there: made for the measurement where nobody does."""
    post = house.posts.get(role="privacy_officer")
    person = Person.objects.filter(groups=post.group).first()
    if person is None:
        person = Person.objects.create_user("bench-officer", None, name="Officer", kept_at=house)
        person.groups.add(post.group)
    return person
