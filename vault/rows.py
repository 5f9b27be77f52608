"""Sealed rows as the database holds them: written in bulk, read with their keys in one query, opened one by one."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from . import keys, sealing
from .models import Envelope

# Above this many rows COPY is quicker than one INSERT.
COPY_FROM = 200


# The ids of envelopes, or the query that tells them.
Ids = Sequence[UUID] | QuerySet[Envelope, UUID]


class SealedRow(NamedTuple):
    """An envelope with its wrapped key."""

    envelope: UUID
    subject: UUID
    category: str
    belongs_to: UUID | None
    ciphertext: memoryview
    kek: int
    generation: int
    wrapped: memoryview

    def open(self) -> dict[str, Any]:
        """The content. Raises SealBroken or KeyUnknown."""
        key = sealing.unwrap_key(
            keys.kek_cipher(self.kek), self.wrapped, kek=self.kek, envelope=self.envelope, generation=self.generation
        )
        return sealing.unseal(
            key,
            self.ciphertext,
            category=self.category,
            subject=self.subject,
            envelope=self.envelope,
            generation=self.generation,
        )


@dataclass(frozen=True, slots=True)
class NewRow:
    """An envelope about to be written."""

    envelope: UUID
    subject: UUID
    category: str
    belongs_to: UUID | None
    ciphertext: bytes
    kek: int
    wrapped: bytes


def read(ids: Ids, *, with_restricted: bool = False) -> list[SealedRow]:
    """The live envelopes among these ids, in the order of the ids where they are not a query."""
    if isinstance(ids, QuerySet):
        return _read_asked(ids, with_restricted=with_restricted)
    rows = _rows("SELECT * FROM vault_read(%s::uuid[], %s)", [_array(ids), with_restricted])
    found = {row.envelope: row for row in rows}
    return [found[envelope] for envelope in dict.fromkeys(ids) if envelope in found]


def _read_asked(ids: QuerySet[Envelope, UUID], *, with_restricted: bool) -> list[SealedRow]:
    try:
        asked, values = ids.query.sql_with_params()
    except EmptyResultSet:
        return []
    return _rows(f"SELECT * FROM vault_read(ARRAY({asked}), %s)", [*values, with_restricted])  # noqa: S608


def read_of(subjects: Sequence[UUID], categories: Sequence[str], *, with_restricted: bool = False) -> list[SealedRow]:
    """The live envelopes of these subjects in these categories."""
    return _rows(
        "SELECT * FROM vault_read_of(%s::uuid[], %s::text[], %s)",
        [_array(subjects), _array(categories), with_restricted],
    )


def find(phones: Sequence[int], documents: Sequence[int], most: int) -> list[SealedRow]:
    """The contacts with one of these phone indexes and the registrations with one of these document indexes."""
    return _rows("SELECT * FROM vault_find_sealed(%s::int[], %s::int[], %s)", [_array(phones), _array(documents), most])


def _rows(sql: str, params: Sequence[Any]) -> list[SealedRow]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [SealedRow(*row) for row in cursor.fetchall()]


def _array(values: Iterable[UUID | str | int]) -> str:
    """Ids, codes or numbers as PostgreSQL reads an array."""
    return "{" + ",".join(map(str, values)) + "}"


def write(new: Sequence[NewRow]) -> None:
    """Insert envelopes and their keys: two statements, whatever the number."""
    insert(
        "vault_envelope",
        ("id", "subject_id", "category", "belongs_to", "ciphertext"),
        [(row.envelope, row.subject, row.category, row.belongs_to, row.ciphertext) for row in new],
    )
    insert(
        "keys.envelope_key",
        ("envelope_id", "kek", "generation", "wrapped"),
        [(row.envelope, row.kek, 1, row.wrapped) for row in new],
    )


Cell = UUID | str | bytes | int | list[int] | None


def insert(table: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """Insert rows of ids, codes, numbers and bytes, by COPY when they are many."""
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if len(rows) > COPY_FROM:
            lines = io.StringIO("".join("\t".join(map(_copied, row)) + "\n" for row in rows))
            with connection.wrap_database_errors:
                cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", lines)
        elif rows:
            places = ", ".join(["(" + ", ".join(["%s"] * len(columns)) + ")"] * len(rows))
            cursor.execute(
                f"INSERT INTO {table} ({names}) VALUES {places}",  # noqa: S608
                [value for row in rows for value in row],
            )


def _copied(value: Cell) -> str:
    """A value as COPY reads it. Text is codes only here, so that nothing needs escaping."""
    match value:
        case None:
            return r"\N"
        case bytes():
            return rf"\\x{value.hex()}"
        case list() | tuple():
            return "{" + ",".join(map(str, value)) + "}"
    return str(value)
