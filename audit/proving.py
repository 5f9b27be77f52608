"""Proofs that one row stands in the sealed log, to be handed to the guest it concerns or to anybody."""

from collections.abc import Sequence
from dataclasses import dataclass

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
_ENTRY = """
SELECT part.number, format('{{"kind":%%s,"priv":"%%s","pub":%%s,"v":%%s}}', to_json(({kind})::text),
    encode(part.private_hash, 'hex'), {public}, v)
FROM (SELECT {shown} FROM {table} WHERE at = %s AND ref = %s) shown, audit_public_part(%s, %s) part
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
    source = EVENT if isinstance(row, Event) else STATEMENT
    found = rows(connection, _statement(source), (row.at, row.ref, row.at, row.ref))
    checkpoint = newest(connection)
    if not found or checkpoint is None:
        return None
    [(number, entry)] = found
    path = storing.tiles(connection).inclusion_proof(number, checkpoint.size)
    return Proof(number, path, checkpoint.note, entry.encode())


def proofs_of(connection: BaseDatabaseWrapper, events: Sequence[Event | Statement]) -> list[Proof | None]:
    """The proofs of several rows, in their order."""
    return [proof_of(connection, event) for event in events]


def newest(connection: BaseDatabaseWrapper) -> Newest | None:
    """The newest checkpoint; None before the first."""
    for size, note in rows(connection, _NEWEST):
        return Newest(size, note)
    return None


def _statement(source: Source) -> str:
    public = source.public_object("part.salt")
    return _ENTRY.format(kind=source.kind, public=public, shown=_SHOWN[source.number], table=source.table)
