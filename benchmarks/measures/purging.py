"""P7: envelopes erased per second against a plain DELETE of the same rows; the whole purge; planning against one scan.

``vault.erase_envelopes`` alone is what the budget is about: of every row it empties it keeps a tombstone, and it
writes ledger and log, which a DELETE does not. The guests of one house end as the purge ends them, in three steps of
many at a time: their registers, while name and phone are still kept; bills and notes; at last names and contacts. The
DELETE takes the very same rows out of the very same tables in the same steps, and its foreign keys are not asked. The
batches of a run do more (judging again, unlinking stays, reducing bills, counting); they are reported beside it.

The clock stands three years on, so that one house's whole past is due at once. Everything is rolled back at the end,
so that the data set can be measured again; neither side waits for a commit.
"""

import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, QuerySet
from django.utils import timezone
from psycopg2.extensions import connection as Connection

from audit import services as audit
from benchmarks.loading.desks import RUSH
from hotelrecords.embedded.places import find_place
from hotelrecords.embedded.postgres import Cluster
from privacy.models import Purge
from privacy.services import purging
from privacy.services.purging.batches import carry_out_batch
from privacy.services.purging.sources import sources_of
from privacy.services.reviewing import today
from staff.models import Person, Property
from vault import rows
from vault import services as vault
from vault.models import Envelope, ErasureEntry

LEAST_RATIO: Final = 0.4
ROUNDS: Final = 7
GUESTS: Final = 2000
BOX_SECONDS: Final = 60
WARM_SECONDS: Final = 2  # with what runs by itself: restricting copies
LATER: Final = timedelta(days=3 * 366 + 10)
SCANS: Final = (
    "SELECT count(*) FROM stays_stay WHERE party_size > 0",
    "SELECT sum(length(ciphertext)) FROM vault_envelope",
)
STEPS: Final = {
    "registers": ("register",),
    "bills and notes": ("payment", "note"),
    "names and contacts": ("name", "contact"),
}
_TOKENS: Final = """
DELETE FROM search.subject_token t USING vault_envelope e
WHERE e.id = ANY(%s::uuid[]) AND t.subject = e.subject_id AND e.category IN ('name', 'register')
  AND (e.category = 'register') = (t.document IS NOT NULL)
"""
_PLAINLY: Final = (
    _TOKENS,
    "DELETE FROM keys.envelope_key WHERE envelope_id = ANY(%s::uuid[])",
    "DELETE FROM vault_envelope WHERE id = ANY(%s::uuid[])",
)


class Measured(Exception):
    """Everything is measured: roll it back."""


def measure(size: str) -> dict[str, Any]:
    """The house with the most stays: end some of its guests, plan its night, carry it out for a while."""
    house = _largest(Property.objects.all())
    with _database() as plain:
        found = _erasing(house, plain)
    with suppress(Measured), transaction.atomic():
        found += _purging(house)
        raise Measured
    return {"rows": found}


@contextmanager
def _database() -> Iterator[Connection]:
    """A session that may delete these rows, which nobody of the product may; for the plain side."""
    with Cluster(find_place("bench")).superuser(connection.settings_dict["NAME"]) as session:
        session.autocommit = False
        yield session


def _erasing(house: Property, plain: Connection) -> list[dict[str, Any]]:
    steps = [_envelopes(house, categories) for categories in STEPS.values()]
    rounds = [(_tidied(plain, lambda: _erased(steps)), _tidied(plain, lambda: _deleting(plain, steps)))
              for _round in range(ROUNDS)]  # fmt: skip
    ours, theirs = ([min(times) for times in zip(*side, strict=True)] for side in zip(*rounds, strict=True))
    parts = [_compared(*step) for step in zip(STEPS, map(len, steps), ours, theirs, strict=True)]
    count = sum(map(len, steps))
    whole = _compared("all of them", count, sum(ours), sum(theirs))
    whole |= {"budget": f"ratio >= {LEAST_RATIO}", "met": whole["ratio"] >= LEAST_RATIO}
    return [*parts, {**whole, **_grows("erasing a thousand envelopes", sum(ours) / count * 1000)}]


def _tidied(plain: Connection, deed: Callable[[], list[float]]) -> list[float]:
    """Do it on tables as autovacuum leaves them: what was undone before must not be in the way of either side."""
    plain.autocommit = True
    with plain.cursor() as cursor:
        cursor.execute("VACUUM vault_envelope, keys.envelope_key, search.subject_token")
    plain.autocommit = False
    return deed()


def _compared(what: str, count: int, ours: float, theirs: float) -> dict[str, Any]:
    ratio = theirs / ours
    rates = f"{count / ours:,.0f} a second, a plain DELETE {count / theirs:,.0f}, ratio {ratio:.2f}"
    return {"what": f"erasing {what}", "value": f"{count:,} envelopes: {rates}", "ratio": round(ratio, 3)}


def _grows(what: str, seconds: float) -> dict[str, Any]:
    """A line of the plot of growth, in milliseconds."""
    return {"line": what, "p50": round(seconds * 1000, 3)}


def _envelopes(house: Property, categories: tuple[str, ...]) -> list[UUID]:
    """Of the guests who left the house first."""
    gone = house.stays.filter(status="checked_out").order_by("departure_on", "reference")
    guests = list(gone.values_list("occupants__subject", flat=True)[:GUESTS])
    found = Envelope.objects.filter(subject__in=guests, category__in=categories, erased_at__isnull=True)
    here = house.stays.values("pk")
    own = found if "name" in categories else found.filter(belongs_to__in=here)
    return list(own.order_by("pk").values_list("pk", flat=True))


def _erased(steps: list[list[UUID]]) -> list[float]:
    """Seconds of work of each step of erasing; undone."""
    times: list[float] = []
    with suppress(Measured), transaction.atomic():
        for envelopes in steps:
            times.append(_worked(connection.connection, lambda ids=envelopes: _erase(ids)))  # type: ignore[misc]
        raise Measured
    return times


def _erase(envelopes: list[UUID]) -> None:
    vault.erase_envelopes(envelopes, reason="bench", who=audit.SYSTEM)


def _deleting(plain: Connection, steps: list[list[UUID]]) -> list[float]:
    """Seconds of work of each step of deleting the same rows plainly; undone."""
    with plain.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        times = [_worked(plain, lambda ids=step: _delete(cursor, ids)) for step in steps]  # type: ignore[misc]
    plain.rollback()
    return times


def _delete(cursor: Any, envelopes: list[UUID]) -> None:
    ids = rows.array(envelopes)
    for statement in _PLAINLY:
        cursor.execute(statement, [ids])


def _worked(session: Connection, deed: Callable[[], Any]) -> float:
    """Seconds a processor worked for it, in this process and in the one that serves the session.

    By the clock whoever asks the database more often would wait longer for a busy machine. Where the system does not
    tell, by the clock.
    """
    served = Path(f"/proc/{session.info.backend_pid}/schedstat")
    if not served.exists():
        return _seconds(deed)
    before = time.process_time() + int(served.read_text().split()[0]) / 1e9
    deed()
    return time.process_time() + int(served.read_text().split()[0]) / 1e9 - before


def _purging(house: Property) -> list[dict[str, Any]]:
    at = timezone.now() + LATER
    scan = sum(_seconds(lambda sql=sql: _run(sql)) for sql in SCANS)  # type: ignore[misc]
    plan = _seconds(lambda: purging.plan_night(house=house, at=at))
    further = _seconds(lambda: purging.plan_night(house=_neighbour(house), at=at))
    own, run = Purge.objects.filter(property=house).order_by("-night", "asks")[:2]
    purging.run_purge(purge=own, at=at, seconds=WARM_SECONDS)
    purging.approve_purge(purge=run, actor=_officer(house), at=at)
    Purge.objects.filter(pk=run.pk).update(state=Purge.State.RUNNING, started_at=at)
    erased, seconds, grown = _purge(run, at)
    return [
        {
            "what": "planning one house's night",
            "value": f"{own.total + run.total:,} due: {_beside(plan, scan)}",
            **_grows("planning one house's night", plan),
        },
        {"what": "planning a further house's night", "value": _beside(further, scan)},
        {
            "what": "the whole purge",
            "value": f"{erased:,} envelopes: {erased / seconds:,.0f} a second",
            **_grows("the whole purge of a thousand envelopes", seconds / erased * 1000),
        },
        {"what": "memory the whole purge takes more than its first tenth", "value": f"{grown:.0f} MB"},
    ]


def _neighbour(house: Property) -> Property:
    """The next largest house under the same law: it need not look for guests to whom nothing leads."""
    same_law = Property.objects.filter(jurisdiction=house.jurisdiction, region=house.region)
    return _largest(same_law.exclude(pk=house.pk))


def _largest(houses: QuerySet[Property]) -> Property:
    """By stays, but for the house where clerks check in at once: its guests are never reported, so they do not end."""
    return houses.exclude(code=RUSH).annotate(count=Count("stays")).order_by("-count", "code")[0]


def _beside(seconds: float, scan: float) -> str:
    return f"{seconds:.2f} s, {seconds / scan:.1f} x one scan of all stays and envelopes"


def _purge(run: Purge, at: Any) -> tuple[int, float, float]:
    """Carry out batches for so long: how many envelopes, seconds, and MB of memory taken since the first tenth."""
    known = {source.record: source for source in sources_of(run.property, today(run.property, at))}
    first = ErasureEntry.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    began, peaks = time.perf_counter(), []
    while time.perf_counter() - began < BOX_SECONDS and carry_out_batch(run, known, at):
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    seconds = time.perf_counter() - began
    entries = ErasureEntry.objects.filter(sequence__gt=first).values_list("envelopes", flat=True)
    return sum(map(len, entries)), seconds, (peaks[-1] - peaks[len(peaks) // 10]) / 1024


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _seconds(deed: Callable[[], Any]) -> float:
    began = time.perf_counter()
    deed()
    return time.perf_counter() - began


def _officer(house: Property) -> Person:
    """Whoever may decide there: made for the measurement where nobody does."""
    post = house.posts.get(role="privacy_officer")
    person = Person.objects.filter(groups=post.group).first()
    if person is None:
        person = Person.objects.create_user("bench-approver", None, name="Officer", kept_at=house)
        person.groups.add(post.group)
    return person
