"""Which rows of the log a look at it is about, and the tables every statement of a rule begins with.

A statement follows ``WITH`` and these tables: ``batch``, the rows themselves; ``look``, those of them that showed
guest data, with their ``grade`` (S), and ``guest``, the one guest they are about. Secret things are left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db import connection

from audit.models import OF_FEW
from staff.detecting import kinds

MOST_OF_ONE_PARTY: Final = 8

_TABLES: Final = """
WITH batch AS MATERIALIZED (
    SELECT id, ref, at, actor, property, session_ref, action, outcome, object_type, object_ref, subjects,
        explained_by, detail
    FROM audit_event WHERE {where} AND NOT starts_with(object_type, %(secret)s)
), graded AS (
    SELECT * FROM unnest(%(graded)s::text[], %(severities)s::numeric[], %(documents)s::boolean[])
        AS g (action, severity, by_document)
), look AS MATERIALIZED (
    SELECT b.*,
        CASE WHEN g.by_document AND b.detail -> 'kinds' ? 'document' THEN %(by_document)s ELSE g.severity END AS grade,
        CASE WHEN cardinality(b.subjects) BETWEEN 1 AND %(party)s
            THEN (SELECT min(s::text)::uuid FROM unnest(b.subjects) s) END AS guest
    FROM batch b JOIN graded g ON g.action = b.action
    WHERE b.outcome = 'ok' AND b.actor IS NOT NULL
)
"""
_NEXT: Final = """
SELECT xact::text::bigint, id, count FROM (
    SELECT xact, id, count(*) OVER () FROM (
        SELECT xact, id FROM audit_event
        WHERE (xact, id) > (%s::text::xid8, %s) AND xact < %s::text::xid8 ORDER BY xact, id LIMIT %s
    ) within
) last ORDER BY xact DESC, id DESC LIMIT 1
"""


class Place(NamedTuple):
    """A place in the order of transactions: that of the sealer, so that no committed row is passed over."""

    xact: int
    row: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of the log: the condition that names them, with its values."""

    where: str
    values: Mapping[str, Any]

    @classmethod
    def after(cls, begin: Place, end: Place) -> "Batch":
        """The rows after one place, up to another."""
        where = "(xact, id) > (%(x0)s::text::xid8, %(i0)s) AND (xact, id) <= (%(x1)s::text::xid8, %(i1)s)"
        return cls(where, {"x0": begin.xact, "i0": begin.row, "x1": end.xact, "i1": end.row})

    @classmethod
    def between(cls, since: datetime, until: datetime) -> "Batch":
        """The rows of a span of time."""
        return cls("at >= %(since)s AND at < %(until)s", {"since": since, "until": until})

    def ask(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """The answer to a statement that follows the tables."""
        with connection.cursor() as cursor:
            cursor.execute(_TABLES.format(where=self.where) + statement, {**_common(), **self.values, **values})
            return list(cursor.fetchall())


def next_place(begin: Place, most: int) -> tuple[Place, int] | None:
    """Where the next rows end, at most so many, and how many they are; None when nothing waits.

    Rows of transactions that might still be under way wait: nothing can be committed below the oldest of those.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, (begin.xact, begin.row, horizon(), most))
        for xact, row, count in cursor.fetchall():
            return Place(xact, row), count
    return None


def horizon() -> int:
    """The oldest transaction still under way."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


def _common() -> dict[str, Any]:
    grades = kinds.grades()
    return {
        "secret": OF_FEW,
        "party": MOST_OF_ONE_PARTY,
        "by_document": kinds.BY_DOCUMENT,
        "graded": [grade.action for grade in grades],
        "severities": [grade.severity for grade in grades],
        "documents": [grade.by_document for grade in grades],
        "lists": kinds.actions_of(kinds.LIST),
        "singles": kinds.actions_of(kinds.VIEW, kinds.BY_DOCUMENT, kinds.REVEAL, kinds.EXPORT),
        "reveals": kinds.actions_of(kinds.REVEAL),
        "takings": kinds.actions_of_taking(),
        "work": kinds.actions_of_work(),
    }
