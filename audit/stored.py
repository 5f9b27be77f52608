"""What was sealed, as verification, export and proofs read it back."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

from audit.leaves import SOURCES, Leaf, Source
from audit.notes import Verifier
from audit.storing import Taken, copied, rows, state

# The bounds in time let the database read one year's rows in a stretch instead of looking up each in thirty tables.
_BOUNDS = "SELECT min(at), max(at) FROM audit_leaf WHERE source = %s AND number >= %s AND number < %s"
_SEALED = """
SELECT number, {columns} FROM (
    SELECT number, row_id, at AS leaf_at FROM audit_leaf WHERE source = %s AND number >= %s AND number < %s
) sealed JOIN {table} ON {table}.{at} = leaf_at AND {table}.id = row_id
WHERE {table}.{at} BETWEEN %s AND %s
"""
_PLACES = """
SELECT number, source, row_id,
    source IN (1, 2) AND at < (SELECT make_timestamptz(max(year) + 1, 1, 1, 0, 0, 0, 'UTC') FROM audit_pruning)
FROM audit_leaf WHERE number >= %s AND number < %s
"""
_CHECKPOINTS = """
SELECT size, root, note FROM audit_checkpoint
WHERE size > %s OR id = (SELECT max(id) FROM audit_checkpoint) ORDER BY id
"""
_ORIGINS = "SELECT verifier, first_size, lead(first_size) OVER (ORDER BY id) FROM audit_origin ORDER BY id"
_PASSED_OVER = """
SELECT t.id FROM {table} t LEFT JOIN audit_leaf l ON l.source = %s AND l.row_id = t.id AND l.at = t.{at}
WHERE l.number IS NULL AND (t.id <= %s OR (t.xact, t.id) <= (%s::text::xid8, %s)) ORDER BY t.id LIMIT %s
"""
_PRUNED_UNSTATED = """
SELECT p.year FROM audit_pruning p WHERE NOT EXISTS (
    SELECT FROM audit_statement s JOIN audit_leaf l ON l.source = 3 AND l.row_id = s.id
    WHERE s.kind = 'retention' AND s.said ->> 'year' = p.year::text
)
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Which row a leaf is; ``is_dropped`` when its year's rows were dropped by the rule of retention."""

    source: int
    row_id: int
    is_dropped: bool


@dataclass(frozen=True, slots=True)
class SigningName:
    """An origin: its key, at which size it began, and at which a restore ended it (None: it still signs)."""

    verifier: Verifier
    begins: int
    ends: int | None


def sealed_rows(connection: BaseDatabaseWrapper, start: int, end: int) -> Iterator[tuple[int, Leaf]]:
    """The rows that are leaves ``start`` to before ``end``, with their numbers, as they are now."""
    for source in SOURCES.values():
        yield from _sealed(connection, source, source.columns, (start, end), source.leaf)


def sealed_hashes(connection: BaseDatabaseWrapper, start: int, end: int) -> Iterator[tuple[int, bytes]]:
    """The hashes of the same rows, taken here, so that a database that lies about its hashes is found too."""
    for source in SOURCES.values():
        yield from _sealed(connection, source, source.parts, (start, end), source.leaf_hash)


def _sealed(
    connection: BaseDatabaseWrapper,
    source: Source,
    columns: str,
    span: tuple[int, int],
    take: Callable[[Sequence[bytes]], Taken],
) -> Sequence[tuple[int, Taken]]:
    slice_of = (source.number, *span)
    [bounds] = rows(connection, _BOUNDS, slice_of)
    statement = _SEALED.format(columns=columns, table=source.table, at=source.at)
    if bounds[0] is None:
        return ()
    return copied(connection, statement, (*slice_of, *bounds), lambda row: (int(row[0]), take(row[1:])))


def places(connection: BaseDatabaseWrapper, start: int, end: int) -> dict[int, Place]:
    """Which rows the leaves of a range are."""
    found = rows(connection, _PLACES, (start, end))
    return {number: Place(source, row_id, bool(dropped)) for number, source, row_id, dropped in found}


def minimum_index(connection: BaseDatabaseWrapper) -> int:
    """The leaf below which nothing is kept."""
    [(found,)] = rows(connection, "SELECT COALESCE(max(minimum_index), 0) FROM audit_pruning")
    return int(found)


def origins(connection: BaseDatabaseWrapper) -> list[SigningName]:
    """Every name the log was signed under, oldest first."""
    return [SigningName(Verifier.parse(text), begins, ends) for text, begins, ends in rows(connection, _ORIGINS)]


def checkpoints(connection: BaseDatabaseWrapper, beyond: int = 0) -> Iterator[tuple[int, bytes, str]]:
    """Size, root and note of every checkpoint larger than ``beyond``, oldest first, and in any case the newest."""
    for size, root, note in rows(connection, _CHECKPOINTS, (beyond,)):
        yield size, bytes(root), note


def passed_over(connection: BaseDatabaseWrapper, source: Source, most: int) -> list[int]:
    """Rows without a leaf although they stand before the last one sealed."""
    now = state(connection)
    if now is None:
        return []
    statement = _PASSED_OVER.format(table=source.table, at=source.at)
    values = (source.number, now.floors[source.number], *now.position.within(source.number), most)
    return [row_id for (row_id,) in rows(connection, statement, values)]


def pruned_unstated(connection: BaseDatabaseWrapper) -> list[int]:
    """Years whose rows were dropped without a sealed statement."""
    return [year for (year,) in rows(connection, _PRUNED_UNSTATED)]
