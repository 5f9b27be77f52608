"""Who may do what with the tables of the seal, and whoever takes that guard away is noticed."""

from collections.abc import Callable
from typing import Any

import psycopg2
import pytest
from django.db import DatabaseError, connection

from audit import guard

Sql = Callable[..., list[tuple[Any, ...]]]
APPEND_ONLY = ["audit_statement", "audit_origin", "audit_leaf", "audit_checkpoint", "audit_cosignature", "audit_anchor"]
ROWS = {
    "audit_statement": "INSERT INTO audit_statement (kind) VALUES ('key')",
    "audit_origin": "INSERT INTO audit_origin VALUES (1, 'x', 'x', 0, 0, 0, 0, '0')",
    "audit_leaf": "INSERT INTO audit_leaf VALUES (0, 1, 1, now(), sha256(''))",
    "audit_checkpoint": "INSERT INTO audit_checkpoint (origin_id, size, root, note, xact, source, row_id)"
    " VALUES (1, 1, sha256(''), '', '1', 1, 1)",
    "audit_cosignature": "INSERT INTO audit_cosignature (checkpoint_id, witness, line) VALUES (1, 'x', 'x')",
    "audit_anchor": "INSERT INTO audit_anchor (checkpoint_id, place) VALUES (1, 'file')",
}


@pytest.mark.parametrize(
    "statement",
    [
        *ROWS.values(),
        "INSERT INTO audit_tile VALUES (0, 0, sha256(''))",
        "INSERT INTO audit_pruning VALUES (2020, 1)",
        "UPDATE audit_verification SET finished_at = now()",
        "SELECT salt FROM audit_statement",
        "SELECT audit_drop_year(2020)",
    ],
)
@pytest.mark.django_db
def test_web_seals_nothing(statement: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied|may not state"), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_nobody_rewrites_the_seal(as_superuser: Sql, table: str) -> None:
    as_superuser("SET session_replication_role = replica")
    as_superuser(ROWS[table])
    [(column,)] = as_superuser(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND attidentity = '' LIMIT 1",
        (table,),
    )
    for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}", f"TRUNCATE {table}"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="append-only"):
            as_superuser(statement)


def test_a_tile_only_grows_at_its_end(as_superuser: Sql) -> None:
    as_superuser("INSERT INTO audit_tile VALUES (0, 0, sha256('a') || sha256('b'))")
    as_superuser("UPDATE audit_tile SET hashes = hashes || sha256('c')")
    for change in ("substring(hashes FOR 64)", "sha256('x') || substring(hashes FROM 33)", "hashes"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="append-only"):
            as_superuser(f"UPDATE audit_tile SET hashes = {change}")
    for statement in ("DELETE FROM audit_tile", "TRUNCATE audit_tile", "UPDATE audit_tile SET n = 1"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="append-only"):
            as_superuser(statement)


@pytest.mark.django_db
def test_what_works_with_its_owners_rights_looks_into_temporary_tables_last() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.proname, p.proconfig FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner"
            " WHERE p.prosecdef AND NOT r.rolsuper ORDER BY 1"
        )
        found = dict(cursor.fetchall())
    assert found == dict.fromkeys(
        ["audit_append", "audit_drop_year", "audit_public_part", "vault_name_tokens"],
        ["search_path=pg_catalog, public, pg_temp"],
    )


SABOTAGE = [
    (
        "GRANT EXECUTE ON FUNCTION audit_drop_year(integer) TO hotelrecords_web",
        ["not the declared function: public.audit_drop_year(old_year integer)"],
    ),
    (
        "CREATE OR REPLACE FUNCTION audit_drop_year(old_year integer) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER"
        " SET search_path = pg_catalog, public, pg_temp AS 'BEGIN RETURN 1; END'",
        ["not the declared function: public.audit_drop_year(old_year integer)"],
    ),
    (
        "ALTER FUNCTION audit_drop_year(integer) SET search_path = pg_catalog, public",
        ["not the declared function: public.audit_drop_year(old_year integer)"],
    ),
    (
        "DROP FUNCTION audit_drop_year(integer)",
        ["missing function: public.audit_drop_year(old_year integer)"],
    ),
    (
        "CREATE FUNCTION open_sesame() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'SELECT'",
        ["undeclared function: public.open_sesame()"],
    ),
    (
        "DROP TRIGGER tile_grows ON audit_tile",
        ["missing trigger: public.audit_tile tile_grows public.audit_tile_grows A 27 False"],
    ),
]


@pytest.mark.parametrize(("statement", "breaches"), SABOTAGE)
def test_what_is_taken_away_is_noticed(as_superuser: Sql, statement: str, breaches: list[str]) -> None:
    as_superuser(statement)
    assert guard.breaches(connection) == breaches
