"""Proofs that rows stand in the sealed log, to be handed to the guest they concern or to anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper

from audit import storing
from audit.leaves import EVENT, STATEMENT, Source
from audit.models import Event, Statement
from audit.notes import Proof
from audit.storing import rows

_SHOWN = {
    EVENT.number: "v, id, ref, at, action, outcome, purpose, actor_role, property, subjects, fields",
    STATEMENT.number: "v, id, ref, at, kind, property, subjects, said",
}
# The function is asked once a row: it looks a row up by its moment, which leads to one partition.
_ENTRIES = """
SELECT shown.ref, part.number, format('{{"kind":%%s,"priv":"%%s","pub":%%s,"v":%%s}}', to_json(({kind})::text),
    encode(part.private_hash, 'hex'), {public}, v)
FROM unnest(%s::timestamptz[], %s::uuid[]) AS asked (asked_at, asked_ref)
    CROSS JOIN LATERAL (SELECT {shown} FROM {table} WHERE at = asked_at AND ref = asked_ref) shown
    CROSS JOIN LATERAL audit_public_part(asked_at, asked_ref) part
"""
_NEWEST = """
SELECT c.size, c.note || COALESCE((SELECT string_agg(s.line, '' ORDER BY s.id) FROM audit_cosignature s
    WHERE s.checkpoint_id = c.id), '')
FROM audit_checkpoint c ORDER BY c.id DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest checkpoint with the cosignatures under it."""

    size: int
    note: str


def proof_of(connection: BaseDatabaseWrapper, row: Event | Statement) -> Proof | None:
    """The proof of one row, its entry as ``extra``; None while it waits for its seal. Works as web and as keeper."""
    return proofs_of(connection, [row])[0]


def proofs_of(connection: BaseDatabaseWrapper, sealed: Sequence[Event | Statement]) -> list[Proof | None]:
    """The proofs of several rows, in their order, all of them to the newest checkpoint; three queries and the tiles."""
    checkpoint = newest(connection)
    if checkpoint is None:
        return [None] * len(sealed)
    found = _entries(connection, EVENT, [row for row in sealed if isinstance(row, Event)])
    found |= _entries(connection, STATEMENT, [row for row in sealed if isinstance(row, Statement)])
    tiles = storing.tiles(connection)
    proofs = {
        ref: Proof(number, tiles.inclusion_proof(number, checkpoint.size), checkpoint.note, entry)
        for ref, (number, entry) in found.items()
        if number < checkpoint.size
    }
    return [proofs.get(row.ref) for row in sealed]


def newest(connection: BaseDatabaseWrapper) -> Newest | None:
    """The newest checkpoint; None before the first."""
    for size, note in rows(connection, _NEWEST):
        return Newest(size, note)
    return None


def _entries(
    connection: BaseDatabaseWrapper, source: Source, asked: Sequence[Event | Statement]
) -> dict[UUID, tuple[int, bytes]]:
    """Number and entry of the sealed ones among these rows, by reference."""
    if not asked:
        return {}
    public = source.public_object("part.salt")
    statement = _ENTRIES.format(kind=source.kind, public=public, shown=_SHOWN[source.number], table=source.table)
    found = rows(connection, statement, ([row.at for row in asked], [str(row.ref) for row in asked]))
    return {UUID(str(ref)): (number, entry.encode()) for ref, number, entry in found}
