"""Loading many rows at once: indexes and constraints aside, COPY, and all of them back."""

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

from psycopg2.extensions import connection as Connection

from benchmarks.engines import connect

CONSTRAINTS = """
SELECT c.conrelid::regclass::text, quote_ident(c.conname), pg_get_constraintdef(c.oid), c.contype
FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
WHERE c.conrelid = ANY(%s::regclass[]) AND c.contype IN ('p', 'u', 'x', 'f')
ORDER BY array_position(ARRAY['f', 'x', 'u', 'p'], c.contype::text)
"""
INDEXES = """
SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text,
    replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ')  -- with its partitions
FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x')
WHERE i.indrelid = ANY(%s::regclass[]) AND c.oid IS NULL
"""
REFERENCES = """
SELECT conrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND confrelid = ANY(%s::regclass[])
"""


def copy_rows(session: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """COPY rows into a table; values as PostgreSQL's text format writes them. Returns how many."""
    lines = ["\t".join(map(_text, row)) for row in rows]
    text = io.StringIO("\n".join([*lines, ""]) if lines else "")
    with session.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", text, size=1 << 20)
    return len(lines)


def _text(value: Any) -> str:
    if value is None:
        return r"\N"
    if isinstance(value, bytes | memoryview):
        return r"\\x" + bytes(value).hex()
    if isinstance(value, list | tuple):
        return "{" + ",".join(map(str, value)) + "}"
    if isinstance(value, str):
        return value.replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n")
    return str(value)


@contextmanager
def without_indexes(tables: Sequence[str]) -> Iterator[None]:
    """Take indexes and keys of the tables away, and put the very same ones back at the end, two at a time."""
    with connect() as session, session.cursor() as cursor:
        cursor.execute(REFERENCES, [list(tables)])
        concerned = sorted({*tables, *(table for (table,) in cursor.fetchall())})
        cursor.execute(CONSTRAINTS, [concerned])
        kept = [row for row in cursor.fetchall() if row[0] in tables or row[3] == "f"]
        for table, name, _definition, _kind in kept:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        cursor.execute(INDEXES, [list(tables)])
        indexes = cursor.fetchall()
        for _table, name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
    session.close()
    yield
    _restore(kept, [definition for _table, _name, definition in indexes])


def _restore(constraints: Sequence[tuple[str, str, str, str]], indexes: Sequence[str]) -> None:
    add = [(kind, f"ALTER TABLE {t} ADD CONSTRAINT {n} {definition}") for t, n, definition, kind in constraints]
    keys = [statement for kind, statement in add if kind != "f"]
    foreign = [statement for kind, statement in add if kind == "f"]
    for statements in (_by_table(keys, indexes), [[each] for each in foreign]):
        with get_context("fork").Pool(2) as pool:
            pool.map(execute, statements, chunksize=1)


def _by_table(keys: Sequence[str], indexes: Sequence[str]) -> list[list[str]]:
    """Statements that lock the same table go together, the keys first."""
    groups: dict[str, list[str]] = {}
    for statement in [*keys, *indexes]:
        words = statement.split()
        table = words[2] if words[0] == "ALTER" else words[words.index("ON") + 1]
        groups.setdefault(table.removeprefix("ONLY ").removeprefix("public."), []).append(statement)
    return sorted(groups.values(), key=len, reverse=True)


def execute(statements: Sequence[str]) -> None:
    """Run statements on a connection of their own, each for itself."""
    session = connect()
    session.autocommit = True
    with session.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '768MB'")
        cursor.execute("SET max_parallel_maintenance_workers = 1")
        for statement in statements:
            cursor.execute(statement)
    session.close()
