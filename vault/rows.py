"""Sealed rows as the database holds them: written in bulk, read with their keys in one query, opened one by one."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from . import keys, sealing

# Above this many rows COPY is quicker than one INSERT.
COPY_FROM = 200


# Ids, or the query that tells them.
Ids = Sequence[UUID] | QuerySet[Any, UUID]


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
    asked, values = _asked(ids)
    rows = _rows(f"SELECT * FROM vault_read({asked}, %s)", [*values, with_restricted])  # noqa: S608
    if isinstance(ids, QuerySet):
        return rows
    found = {row.envelope: row for row in rows}
    return [found[envelope] for envelope in dict.fromkeys(ids) if envelope in found]


def read_of(subjects: Ids, categories: Sequence[str], *, with_restricted: bool = False) -> list[SealedRow]:
    """The live envelopes of these subjects in these categories."""
    asked, values = _asked(subjects)
    sql = f"SELECT * FROM vault_read_of({asked}, %s::text[], %s)"  # noqa: S608
    return _rows(sql, [*values, array(categories), with_restricted])


def _asked(ids: Ids) -> tuple[str, Sequence[Any]]:
    """The ids as an expression of SQL: an array, or what the query tells."""
    if not isinstance(ids, QuerySet):
        return "%s::uuid[]", [array(ids)]
    try:
        sql, values = ids.query.sql_with_params()
    except EmptyResultSet:
        return "'{}'::uuid[]", []
    return f"ARRAY({sql})", values


def find(phones: Sequence[int], documents: Sequence[int], most: int) -> list[SealedRow]:
    """The contacts with one of these phone indexes and the registrations with one of these document indexes."""
    return _rows("SELECT * FROM vault_find_sealed(%s::int[], %s::int[], %s)", [array(phones), array(documents), most])


def _rows(sql: str, params: Sequence[Any]) -> list[SealedRow]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [SealedRow(*row) for row in cursor.fetchall()]


def array(values: Iterable[UUID | str | int]) -> str:
    """Ids, codes or numbers as PostgreSQL reads an array."""
    return "{" + ",".join(map(str, values)) + "}"


def write(new: Sequence[NewRow]) -> None:
    """Insert envelopes and their keys: one way to the database for a few of them."""
    envelopes = [(row.envelope, row.subject, row.category, row.belongs_to, row.ciphertext) for row in new]
    wrapped = [(row.envelope, row.kek, 1, row.wrapped) for row in new]
    insert_all(
        Insert("vault_envelope", ("id", "subject_id", "category", "belongs_to", "ciphertext"), envelopes),
        Insert("keys.envelope_key", ("envelope_id", "kek", "generation", "wrapped"), wrapped),
    )


Cell = UUID | str | bytes | int | date | list[int] | None


@dataclass(frozen=True, slots=True)
class Insert:
    """Rows of ids, codes, numbers, days and bytes for one table."""

    table: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    @property
    def statement(self) -> str:
        """The statement that writes all rows."""
        places = ", ".join(["(" + ", ".join(["%s"] * len(self.columns)) + ")"] * len(self.rows))
        return f"INSERT INTO {self.table} ({', '.join(self.columns)}) VALUES {places}"  # noqa: S608

    @property
    def values(self) -> list[Cell]:
        """What goes into its places."""
        return [value for row in self.rows for value in row]

    @property
    def lines(self) -> io.StringIO:
        """The rows as COPY reads them."""
        return io.StringIO("".join("\t".join(map(_copied, row)) + "\n" for row in self.rows))


def insert_all(*inserts: Insert) -> None:
    """Write these rows, table by table in this order; by COPY when they are many."""
    filled = [insert for insert in inserts if insert.rows]
    with connection.cursor() as cursor:
        if any(len(insert.rows) > COPY_FROM for insert in filled):
            for insert in filled:
                with connection.wrap_database_errors:
                    cursor.copy_expert(f"COPY {insert.table} ({', '.join(insert.columns)}) FROM STDIN", insert.lines)
        elif filled:
            statements = "; ".join(insert.statement for insert in filled)
            cursor.execute(statements, [value for insert in filled for value in insert.values])


def insert(table: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """Write rows into one table."""
    insert_all(Insert(table, columns, rows))


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
