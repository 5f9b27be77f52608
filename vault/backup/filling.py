"""Filling an empty database from the sets of a backup, and what goes into which set."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import chain
from typing import Any, Final

from psycopg2 import sql
from psycopg2.extensions import connection as Connection
from psycopg2.extras import execute_values

from vault.backup import files, programs
from vault.backup.folders import Files
from vault.sealing import SealBroken

Show = Callable[[str, int, int], None]

# Rows that hold something sealed under the key-encryption key itself travel with the keys.
SEALED_UNDER_KEK: Final = ("public.mfa_authenticator",)
# What lets somebody in, or would soon be wrong: after a restore everybody signs in again.
PASSING: Final = ("public.django_session", "public.usersessions_usersession", "public.cache_entry")
KEYS: Final = ("keys.*", *SEALED_UNDER_KEK)
# The shape of every table is in set A, the rows of these are not.
DATA_OPTIONS: Final = tuple(f"--exclude-table-data={table}" for table in (*KEYS, "search.*", *PASSING))
KEYS_OPTIONS: Final = ("--data-only", *(f"--table={table}" for table in KEYS))
REGISTRY: Final = ("purpose", "epoch", "reference", "state", "created_at")
SCHEMAS: Final = ("public", "keys", "search")

# Rights on the database itself are in no set: a temporary table would stand in the place of one of the log.
_CLOSED = """
DO $$ BEGIN
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END $$
"""
_FOREIGN_KEYS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND conrelid = ANY (SELECT to_regclass(name) FROM unnest(%s::text[]) AS name)
"""


def fill(url: str, *, data: Files, keys: Files, show: Show) -> None:
    """Everything from an empty database to one with data, keys and structure."""
    load_data(url, data, show)
    load_keys(url, keys, show)
    load_structure(url, data, show)


def load_data(url: str, data: Files, show: Show) -> None:
    """Tables and rows of set A, in place of whatever is in the database. Raises SealBroken and ProgramTrouble."""
    with closing(programs.connect(url)) as session, session.cursor() as cursor:
        for schema in SCHEMAS:
            cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))
        cursor.execute("CREATE SCHEMA public; REVOKE ALL ON SCHEMA public FROM PUBLIC")
        cursor.execute(_CLOSED)
    _restore(url, data, "data", show, "--section=pre-data", "--section=data")


def load_structure(url: str, data: Files, show: Show) -> None:
    """Indexes, constraints and triggers of set A, once the rows are there."""
    _restore(url, data, "structure", show, "--section=post-data")
    with closing(programs.connect(url)) as session, session.cursor() as cursor:
        cursor.execute("ANALYZE")


def _restore(url: str, data: Files, words: str, show: Show, *options: str) -> None:
    content = files.read(data.data, set="A")
    programs.feed(
        programs.restore_command(url, *options), _counted(content, words, data.data.stat().st_size, show), url=url
    )


def load_keys(url: str, keys: Files, show: Show) -> None:
    """The rows of set B in place of those there, and what no data belongs to taken out again.

    People who came after the data was taken have no account in it, envelopes no row: what is theirs goes.
    """
    content = files.read(keys.keys, set="B")
    with closing(programs.connect(url)) as session:
        ties = _untie(session)
        programs.feed(
            programs.restore_command(url, "--data-only"),
            _counted(content, "keys", keys.keys.stat().st_size, show),
            url=url,
        )
        _set_registry(session, files.head_of(keys.keys).facts["registry"])
        _drop_strays(session)
        _tie(session, ties)


def _untie(session: Connection) -> Sequence[tuple[str, str, str]]:
    with session.cursor() as cursor:
        cursor.execute(_FOREIGN_KEYS, [list(SEALED_UNDER_KEK)])
        ties = [(table, name, rule) for table, name, rule in cursor.fetchall()]
        for table, name, _rule in ties:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        cursor.execute("TRUNCATE keys.envelope_key")
        for table in SEALED_UNDER_KEK:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608
    return ties


def _tie(session: Connection, ties: Sequence[tuple[str, str, str]]) -> None:
    with session.cursor() as cursor:
        for table, name, rule in ties:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}")


def _set_registry(session: Connection, registry: Sequence[Mapping[str, Any]]) -> None:
    """Make the registry what it was when the keys were taken: later than the data's."""
    lines = [[line[name] for name in REGISTRY] for line in registry]
    with session.cursor() as cursor:
        cursor.execute("BEGIN; DELETE FROM key_registry")
        execute_values(
            cursor,
            f"INSERT INTO key_registry ({', '.join(REGISTRY)}) VALUES %s",  # noqa: S608
            lines,
        )
        cursor.execute("UPDATE key_registry SET destroyed_at = now() WHERE state = 'destroyed'; COMMIT")


def _drop_strays(session: Connection) -> None:
    with session.cursor() as cursor:
        cursor.execute(
            "DELETE FROM mfa_authenticator a WHERE NOT EXISTS (SELECT 1 FROM staff_person WHERE id = a.user_id)"
        )
        cursor.execute(
            "DELETE FROM keys.envelope_key k WHERE wrapped IS NOT NULL"
            " AND NOT EXISTS (SELECT 1 FROM vault_envelope WHERE id = k.envelope_id)"
        )


def _counted(pieces: Iterator[bytes], words: str, total: int, show: Show) -> Iterator[bytes]:
    """The pieces, counted aloud. The first is made before the program starts, so that a wrong key starts nothing."""
    first = next(pieces, None)
    if first is None:
        raise SealBroken("a backup file is empty")
    done = 0
    for piece in chain([first], pieces):
        yield piece
        done += len(piece)
        show(words, min(done, total), total)
    show(words, total, total)
