"""Sealed rows as the database holds them: written in bulk, read with their keys in one query, opened one by one."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from . import keys, sealing

# Above this many rows COPY is quicker than one INSERT.
COPY_FROM = 200

_COLUMNS = "e.id, e.subject_id, e.category, e.belongs_to, e.ciphertext, k.kek, k.generation, k.wrapped"
_READABLE = "e.erased_at IS NULL AND k.wrapped IS NOT NULL"
_UNRESTRICTED = "(e.restricted_until IS NULL OR e.restricted_until <= now())"
_FROM = "FROM vault_envelope e JOIN keys.envelope_key k ON k.envelope_id = e.id WHERE"


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


def read(ids: Sequence[UUID], *, with_restricted: bool = False) -> list[SealedRow]:
    """The live envelopes among these ids, in the order of the ids."""
    where = f"e.id = ANY(%s::uuid[]) AND {_READABLE}" + ("" if with_restricted else f" AND {_UNRESTRICTED}")
    found = {row.envelope: row for row in _rows(where, [[str(envelope) for envelope in ids]])}
    return [found[envelope] for envelope in dict.fromkeys(ids) if envelope in found]


def read_of(subjects: Sequence[UUID], categories: Sequence[str], *, with_restricted: bool = False) -> list[SealedRow]:
    """The live envelopes of these subjects in these categories."""
    where = f"e.subject_id = ANY(%s::uuid[]) AND e.category = ANY(%s) AND {_READABLE}"
    if not with_restricted:
        where += f" AND {_UNRESTRICTED}"
    return _rows(where, [[str(subject) for subject in subjects], list(categories)])


def _rows(where: str, params: Sequence[list[str]]) -> list[SealedRow]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS} {_FROM} {where}", params)
        return [SealedRow(*row) for row in cursor.fetchall()]


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
