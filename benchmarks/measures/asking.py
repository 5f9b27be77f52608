"""P6-asked: "who opened this stay" put to the rows of three years, ten to a guest: what the database takes for it.

Planned and carried out for each statement the page sends, as EXPLAIN (ANALYZE) tells it, with a warm cache of indexes.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit import explorer
from audit.explorer import Question
from audit.models import Event
from benchmarks.engines import SIZES
from benchmarks.figures import Times
from benchmarks.loading.log import PROPERTIES, stay_of

MOST_MS = 10
ROUNDS = 60
END = datetime(2029, 1, 1, tzinfo=UTC)  # of the three years: what lies in years to come would else be left aside


def measure(size: str) -> dict[str, Any]:
    """For the stay alone, and with the lists that showed its guests too, as the page offers both."""
    count = 10 * SIZES[size]
    of = f"of {count:,} rows"
    lists_too = [_asked(stay, *_guests(stay)) for stay in _stays(count)]
    return {"rows": [asked(count, of), _row(f"the same, lists too, {of}", lists_too)]}


def asked(count: int, of: str) -> dict[str, Any]:
    """The question about the stay alone, of a log of so many rows."""
    return _row(f"who opened this stay, {of}", [_asked(stay) for stay in _stays(count)])


def _stays(count: int) -> list[str]:
    return [stay_of(turn * 7919, count) for turn in range(ROUNDS)]


def _row(what: str, times: list[float]) -> dict[str, Any]:
    found = Times.of(times)
    value = f"p50 {found.p50:.2f} ms, p95 {found.p95:.2f} of database time"
    return {"what": what, "value": value, "budget": f"<= {MOST_MS} ms", "met": found.p50 <= MOST_MS}


def _guests(stay: str) -> list[UUID]:
    """The guests of one look at the stay."""
    [subjects] = Event.objects.filter(object_type="stay", object_ref=stay).values_list("subjects", flat=True)[:1]
    return list(subjects)


def _asked(stay: str, *guests: UUID) -> float:
    """Seconds the database takes to plan and answer what the page asks."""
    places = list(range(PROPERTIES))
    question = Question(properties=places, object_type="stay", object_ref=stay, subjects=guests, until=END, reader=1)
    with CaptureQueriesContext(connection) as sent:
        assert explorer.read(question).lines
    return sum(_explained(query["sql"]) for query in sent)


def _explained(statement: str) -> float:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement}")
        [[[told]]] = cursor.fetchall()
    return (told["Planning Time"] + told["Execution Time"]) / 1000
