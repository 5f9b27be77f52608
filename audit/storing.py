"""The tables of the seal in SQL: where the log stands, its tiles, leaves and checkpoints."""

import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any, TypeVar

from django.db.backends.base.base import BaseDatabaseWrapper

from audit.leaves import SOURCES, Leaf, Source
from audit.notes import Checkpoint
from audit.tiles import WIDTH, Key, Tiles

Taken = TypeVar("Taken")
_HIGHEST_ID = 2**63 - 1
_STATE = """
SELECT o.id, o.name, o.verifier, o.event_floor, o.change_floor, o.statement_floor,
    COALESCE(own.xact, o.xact)::text::bigint, COALESCE(own.source, 0), COALESCE(own.row_id, 0),
    COALESCE(any_origin.size, 0), any_origin.root, COALESCE(own.note, '')
FROM audit_origin o
    LEFT JOIN LATERAL (SELECT * FROM audit_checkpoint WHERE origin_id = o.id ORDER BY id DESC LIMIT 1) own ON true
    LEFT JOIN LATERAL (SELECT * FROM audit_checkpoint ORDER BY id DESC LIMIT 1) any_origin ON true
ORDER BY o.id DESC LIMIT 1
"""
_BEGIN = """
INSERT INTO audit_origin (id, name, verifier, first_size, event_floor, change_floor, statement_floor, xact)
SELECT %s, %s, %s, %s, {floors}, {xact}
"""
_SUCCEED = """
INSERT INTO audit_origin (id, name, verifier, first_size, event_floor, change_floor, statement_floor, xact)
SELECT id + 1, name, %s, %s, event_floor, change_floor, statement_floor, xact FROM audit_origin ORDER BY id DESC LIMIT 1
"""
_NO_FLOORS = "0, 0, 0"
_FLOORS = ", ".join(f"(SELECT COALESCE(max(id), 0) FROM {source.table})" for source in SOURCES.values())  # noqa: S608
_ROWS = """
SELECT {columns} FROM {table}
WHERE (xact, id) > (%s::text::xid8, %s) AND xact < %s::text::xid8 AND id > %s ORDER BY xact, id LIMIT %s
"""
_UNSEALED = """
SELECT {columns} FROM {table} WHERE id IN (
    SELECT t.id FROM {table} t LEFT JOIN audit_leaf l ON l.source = %s AND l.row_id = t.id WHERE l.number IS NULL
) ORDER BY id
"""
_LEAF_TILES = "SELECT n, hashes FROM audit_tile WHERE level = 0 AND n BETWEEN %s AND %s"
_KEEP_TILE = """
INSERT INTO audit_tile (level, n, hashes) VALUES (%s, %s, %s)
ON CONFLICT (level, n) DO UPDATE SET hashes = excluded.hashes
"""
_KEEP_CHECKPOINT = """
INSERT INTO audit_checkpoint (origin_id, size, root, note, xact, source, row_id)
VALUES (%s, %s, %s, %s, %s::text::xid8, %s, %s) RETURNING id
"""


_WAITING = """
SELECT {at} FROM {table} WHERE (xact, id) > (%s::text::xid8, %s) AND id > %s ORDER BY xact, id LIMIT 1
"""
_HOLDING_BACK = """
SELECT datname::text, usename::text, pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IS NOT NULL
    AND backend_xid IS NOT NULL ORDER BY age(backend_xid) DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Position:
    """The last row sealed."""

    xact: int
    source: int
    row_id: int

    def within(self, source: int) -> tuple[int, int]:
        """Transaction and id after which the rows of a table are still to be sealed."""
        if source == self.source:
            return self.xact, self.row_id
        return self.xact, 0 if source > self.source else _HIGHEST_ID


@dataclass(frozen=True, slots=True)
class State:
    """Where the log stands: the origin that signs, size and root of the tree, the last row sealed.

    ``note`` is the last one of this origin, empty before its first.
    """

    origin_id: int
    origin: str
    verifier: str
    floors: Mapping[int, int]
    position: Position
    size: int
    root: bytes
    note: str


def rows(connection: BaseDatabaseWrapper, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """What a query answers."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall())


def copied(
    connection: BaseDatabaseWrapper, statement: str, values: Sequence[Any], take: Callable[[list[bytes]], Taken]
) -> list[Taken]:
    """What ``take`` makes of each row a query answers, while PostgreSQL, which writes it as bytes, is at the next ones.

    For numbers, codes and JSON: no tab and no line break stands in them, and of what COPY escapes only backslashes do.
    """
    taken: list[Taken] = []

    def write(line: bytes) -> None:
        taken.append(take(line[:-1].replace(b"\\\\", b"\\").split(b"\t")))

    with connection.cursor() as cursor:
        question = cursor.mogrify(statement, values).decode()
        cursor.copy_expert(f"COPY ({question}) TO STDOUT", SimpleNamespace(write=write))
    return taken


def alone(connection: BaseDatabaseWrapper, lock: int) -> None:
    """Wait until nobody else holds this lock, and hold it to the end of the transaction."""
    rows(connection, "SELECT pg_advisory_xact_lock(%s)", (lock,))


def state(connection: BaseDatabaseWrapper) -> State | None:
    """Where the log stands; None before its genesis."""
    for origin, name, verifier, event, change, statement, *position, size, root, note in rows(connection, _STATE):
        floors = {1: event, 2: change, 3: statement}
        return State(origin, name, verifier, floors, Position(*position), size, bytes(root or b""), note)
    return None


def begin_origin(
    connection: BaseDatabaseWrapper, number: int, verifier: str, name: str, size: int, *, is_restored: bool
) -> None:
    """Begin to sign under a name. After a restore what is there counts as sealed."""
    xact = "pg_snapshot_xmin(pg_current_snapshot())" if is_restored else "'0'::xid8"
    statement = _BEGIN.format(floors=_FLOORS if is_restored else _NO_FLOORS, xact=xact)
    with connection.cursor() as cursor:
        cursor.execute(statement, (number, name, verifier, size))


def succeed_origin(connection: BaseDatabaseWrapper, verifier: str, size: int) -> None:
    """Go on under the same name with another key."""
    with connection.cursor() as cursor:
        cursor.execute(_SUCCEED, (verifier, size))


def state_genesis(connection: BaseDatabaseWrapper, origin: str, verifier: str) -> None:
    """The first leaf of a log: its name and the key it is sealed with."""
    add_statement(connection, "genesis", {"origin": origin, "verifier": verifier})


def add_statement(connection: BaseDatabaseWrapper, kind: str, said: Mapping[str, Any]) -> None:
    """State something as the keeper."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO audit_statement (kind, said) VALUES (%s, %s::jsonb)", (kind, json.dumps(said)))


def horizon(connection: BaseDatabaseWrapper) -> int:
    """The oldest transaction that may still be open; everything below has ended."""
    [(xact,)] = rows(connection, "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
    return int(xact)


def rows_after(
    connection: BaseDatabaseWrapper, source: Source, after: tuple[int, int], horizon: int, floor: int, most: int
) -> list[Leaf]:
    """The leaves that rows of a table become, after a position and below the horizon, in order."""
    statement = _ROWS.format(columns=source.columns, table=source.table)
    return copied(connection, statement, (after[0], after[1], horizon, floor, most), source.leaf)


def oldest_waiting(connection: BaseDatabaseWrapper) -> datetime | None:
    """When the oldest row was written that has no seal yet; None when all have one."""
    now = state(connection)
    found: list[datetime] = []
    for source in SOURCES.values():
        after = (*now.position.within(source.number), now.floors[source.number]) if now else (0, 0, 0)
        found += [at for (at,) in rows(connection, _WAITING.format(at=source.at, table=source.table), after)]
    return min(found, default=None)


def holding_back(connection: BaseDatabaseWrapper) -> list[tuple[str, str, int]]:
    """The oldest open transaction that writes, in whatever database of the cluster: its database, role and process."""
    return [(database, role, pid) for database, role, pid in rows(connection, _HOLDING_BACK)]


def unsealed(connection: BaseDatabaseWrapper, source: Source) -> list[Leaf]:
    """Every row of a table without a leaf, by id: after a restore, when transaction ids say nothing."""
    statement = _UNSEALED.format(columns=source.columns, table=source.table)
    return copied(connection, statement, (source.number,), source.leaf)


def add_leaves(connection: BaseDatabaseWrapper, first: int, leaves: Sequence[Leaf]) -> None:
    """Write down which row is which leaf."""
    lines = (
        f"{number}\t{leaf.source}\t{leaf.row_id}\t{leaf.at}\t\\\\x{leaf.private_hash.hex()}\n"
        for number, leaf in enumerate(leaves, first)
    )
    with connection.cursor() as cursor:
        cursor.copy_expert(
            "COPY audit_leaf (number, source, row_id, at, private_hash) FROM STDIN", io.StringIO("".join(lines))
        )


def tiles(connection: BaseDatabaseWrapper) -> Tiles:
    """The tiles in the database."""

    def load(level: int, n: int) -> bytes:
        found = rows(connection, "SELECT hashes FROM audit_tile WHERE level = %s AND n = %s", (level, n))
        return bytes(found[0][0]) if found else b""

    return Tiles(load)


def tiles_of(connection: BaseDatabaseWrapper, start: int, end: int) -> Tiles:
    """The tiles in the database; those with the hashes of leaves ``start`` to before ``end`` are read at once."""
    kept = tiles(connection)
    found = rows(connection, _LEAF_TILES, (start // WIDTH, (end - 1) // WIDTH))
    kept.hold({(0, n): bytes(hashes) for n, hashes in found})
    return kept


def keep_tiles(connection: BaseDatabaseWrapper, grown: Mapping[Key, bytes]) -> None:
    """Write tiles that came or grew."""
    with connection.cursor() as cursor:
        cursor.executemany(_KEEP_TILE, [(level, n, hashes) for (level, n), hashes in grown.items()])


def keep_checkpoint(
    connection: BaseDatabaseWrapper, state: State, checkpoint: Checkpoint, note: str, position: Position
) -> int:
    """Keep a signed checkpoint; its id."""
    where = (position.xact, position.source, position.row_id)
    [(made,)] = rows(connection, _KEEP_CHECKPOINT, (state.origin_id, checkpoint.size, checkpoint.root, note, *where))
    return int(made)


def note_anchor(connection: BaseDatabaseWrapper, place: str) -> None:
    """Note that the newest checkpoint left the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_anchor (checkpoint_id, place) SELECT max(id), %s FROM audit_checkpoint", (place,)
        )


def keep_cosignature(connection: BaseDatabaseWrapper, witness: str, line: str) -> None:
    """Keep a witness's line under the newest checkpoint."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_cosignature (checkpoint_id, witness, line) SELECT max(id), %s, %s FROM audit_checkpoint"
            " ON CONFLICT DO NOTHING",
            (witness, line),
        )


def is_anchored(connection: BaseDatabaseWrapper, place: str, hours: int) -> bool:
    """Whether a checkpoint went to this place within so many hours."""
    statement = "SELECT EXISTS (SELECT FROM audit_anchor WHERE place = %s AND at > now() - %s * interval '1 hour')"
    [(found,)] = rows(connection, statement, (place, hours))
    return bool(found)
