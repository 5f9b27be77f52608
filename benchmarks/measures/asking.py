"""P6-asked: "who opened this stay" put to ten million rows of three years: what the database takes for it.

Planned and carried out for each statement the page sends, as EXPLAIN (ANALYZE) tells it, with a warm cache of indexes.
"""

from typing import Any
from uuid import UUID

from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit import explorer
from audit.explorer import Question
from audit.models import Event
from benchmarks.figures import Times
from benchmarks.loading.log import PROPERTIES, ROWS_OF_YEARS, stay_of

MOST_MS = 10
ROUNDS = 60


def measure(size: str) -> dict[str, Any]:
    """For the stay alone, and with the lists that showed its guests too, as the page offers both."""
    stays = [stay_of(turn * 7919, ROWS_OF_YEARS) for turn in range(ROUNDS)]
    return {
        "rows": [
            _row("who opened this stay", [_asked(stay) for stay in stays]),
            _row("the same, lists too", [_asked(stay, _guests(stay)) for stay in stays]),
        ]
    }


def _row(what: str, times: list[float]) -> dict[str, Any]:
    found = Times.of(times)
    value = f"p50 {found.p50:.2f} ms, p95 {found.p95:.2f} of database time"
    facts = {"what": f"{what}, of {ROWS_OF_YEARS:,} rows", "value": value, "budget": f"<= {MOST_MS} ms"}
    return facts | {"met": found.p50 <= MOST_MS}


def _guests(stay: str) -> list[UUID]:
    """The guests of one look at the stay."""
    [subjects] = Event.objects.filter(object_type="stay", object_ref=stay).values_list("subjects", flat=True)[:1]
    return list(subjects)


def _asked(stay: str, guests: list[UUID] | None = None) -> float:
    """Seconds the database takes to plan and answer what the page asks."""
    question = Question(
        properties=list(range(PROPERTIES)), object_type="stay", object_ref=stay, subjects=guests or (), reader=1
    )
    with CaptureQueriesContext(connection) as sent:
        assert explorer.read(question).lines
    return sum(_explained(query["sql"]) for query in sent)


def _explained(statement: str) -> float:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement}")
        [[[told]]] = cursor.fetchall()
    return (told["Planning Time"] + told["Execution Time"]) / 1000
