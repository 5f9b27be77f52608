"""Nobody rewrites the log: not web, not the owner of the tables; and whoever takes the guard away is noticed."""

from collections.abc import Callable
from typing import Any

import psycopg2
import pytest
from django.core.checks import Error
from django.db import DatabaseError, connection

from audit import actions, guard
from audit import services as audit
from audit.checks import check_log_is_guarded
from audit.grants import parse_rights
from audit.tests.factories import WhoFactory

Sql = Callable[..., list[tuple[Any, ...]]]
YEARS = range(2026, 2056)
TABLES = ["audit_event", *(f"audit_event_{year}" for year in YEARS), "audit_change"]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO audit_event_2026 (ref, action, request_n) VALUES (gen_random_uuid(), 'log.read', 1)",
        "INSERT INTO audit_event (ref, action, request_n, at) VALUES (gen_random_uuid(), 'log.read', 1, now())",
        "INSERT INTO audit_event (ref, action, request_n, salt) VALUES (gen_random_uuid(), 'log.read', 1, '')",
        "INSERT INTO audit_change (content_type_id, object_pk, object_repr, action, request_n, timestamp)"
        " VALUES (1, '1', 'x', 1, 1, now())",
        "SELECT salt FROM audit_event",
        "SELECT private_salt FROM audit_event",
        "SELECT * FROM audit_event",
        "SELECT ref FROM audit_event_2026",
        "SELECT salt FROM audit_change",
        "SELECT setval('audit_request_n', 1)",
        "UPDATE audit_event SET action = 'log.read'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
        "UPDATE audit_change SET object_repr = ''",
        "DELETE FROM audit_change",
        "TRUNCATE audit_change",
        "UPDATE audit_term_key SET key = ''",
        "INSERT INTO audit_term_key (month, key) VALUES ('2026-01-01', '')",
        "UPDATE audit_session SET address = NULL",
        "INSERT INTO audit_keeper_beat (id) VALUES (1)",
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
    ],
)
@pytest.mark.django_db
def test_web_may_only_add_rows(statement: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied|must be owner"), connection.cursor() as cursor:
        cursor.execute(statement)


def refused(sql: Sql, *statements: str) -> list[str]:
    """Those of the statements that were refused by a trigger."""
    found = []
    for statement in statements:
        try:
            sql(statement)
        except psycopg2.errors.InsufficientPrivilege as error:
            if "is append-only" in str(error):
                found.append(statement)
    return found


def rewriting(table: str) -> list[str]:
    """Every way to rewrite a table of the log."""
    return [f"UPDATE {table} SET request_n = 0", f"DELETE FROM {table}", f"TRUNCATE {table}"]


@pytest.fixture
def rows_everywhere(as_superuser: Sql) -> None:
    """One row in each year and one change: row triggers refuse nothing where there is nothing."""
    for year in YEARS:
        as_superuser(
            "INSERT INTO audit_event (ref, at, action, request_n) VALUES (gen_random_uuid(), %s, 'log.read', 1)",
            (f"{year}-06-01",),
        )
    as_superuser(
        "INSERT INTO audit_change (content_type_id, object_pk, object_repr, action, request_n)"
        " VALUES (1, '1', 'x', 1, 1)"
    )


@pytest.mark.usefixtures("rows_everywhere")
def test_the_owner_is_refused_on_every_table_and_partition(as_owner: Sql) -> None:
    statements = [statement for table in TABLES for statement in rewriting(table)]
    assert refused(as_owner, *statements) == statements


@pytest.mark.usefixtures("rows_everywhere")
def test_replication_mode_does_not_pass_the_triggers(as_superuser: Sql) -> None:
    as_superuser("SET session_replication_role = replica")
    statements = [statement for table in TABLES for statement in rewriting(table)]
    assert refused(as_superuser, *statements) == statements


@pytest.mark.django_db
def test_the_database_is_as_the_migrations_say() -> None:
    assert guard.breaches(connection) == []
    assert check_log_is_guarded(databases=["default"]) == []
    assert check_log_is_guarded(databases=None) == []


SABOTAGE = [
    (
        "DROP TRIGGER refuse_truncate ON audit_event_2031",
        ["missing trigger: public.audit_event_2031 refuse_truncate public.audit_refuse_change A 34 False"],
    ),
    (
        "ALTER TABLE audit_event_2026 ENABLE TRIGGER refuse_change",
        [
            "missing trigger: public.audit_event_2026 refuse_change public.audit_refuse_change A 27 False",
            "undeclared trigger: public.audit_event_2026 refuse_change public.audit_refuse_change O 27 False",
        ],
    ),
    (
        "CREATE OR REPLACE TRIGGER change_stays BEFORE UPDATE OR DELETE ON audit_change FOR EACH ROW"
        " WHEN (false) EXECUTE FUNCTION audit_change_stays()",
        [
            "missing trigger: public.audit_change change_stays public.audit_change_stays A 27 False",
            "undeclared trigger: public.audit_change change_stays public.audit_change_stays O 27 True",
        ],
    ),
    (
        "CREATE OR REPLACE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        ["not the declared function: public.audit_refuse_change"],
    ),
    (
        "CREATE RULE swallow AS ON INSERT TO audit_event DO INSTEAD NOTHING",
        ["rules or row security: audit_event"],
    ),
    ("ALTER TABLE audit_event ENABLE ROW LEVEL SECURITY", ["rules or row security: audit_event"]),
    (
        "GRANT INSERT ON audit_event_2026 TO hotelrecords_web",
        ["undeclared right: public.audit_event_2026 hotelrecords_web INSERT"],
    ),
    (
        "GRANT SELECT (salt) ON audit_event TO hotelrecords_web",
        ["undeclared right: public.audit_event hotelrecords_web SELECT salt"],
    ),
    ("GRANT SELECT ON audit_session TO PUBLIC", ["undeclared right: public.audit_session PUBLIC SELECT"]),
    (
        "REVOKE USAGE ON SEQUENCE audit_request_n FROM hotelrecords_web",
        ["missing right: public.audit_request_n hotelrecords_web USAGE"],
    ),
    (
        "ALTER TABLE audit_event DETACH PARTITION audit_event_2027",
        [
            "undeclared trigger: public.audit_event_2027 refuse_truncate public.audit_refuse_change A 34 False",
            "missing partition: public.audit_event_2027",
        ],
    ),
    (
        "ALTER TABLE audit_term_key OWNER TO hotelrecords_web",
        [
            "missing right: public.audit_term_key hotelrecords_web INSERT month",
            "missing right: public.audit_term_key hotelrecords_web SELECT",
            "hotelrecords_web owns audit_term_key",
        ],
    ),
    (
        "ALTER DEFAULT PRIVILEGES GRANT INSERT ON TABLES TO hotelrecords_web",
        ["hotelrecords_web has default privileges on what is made later"],
    ),
    (
        "DO $$ BEGIN EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO hotelrecords_web', current_database()); END $$",
        ["hotelrecords_web may make temporary tables, which stand in the place of others, or schemas"],
    ),
]


@pytest.mark.parametrize(("statement", "breaches"), SABOTAGE)
def test_what_is_taken_away_is_noticed(as_superuser: Sql, statement: str, breaches: list[str]) -> None:
    as_superuser(statement)
    assert guard.breaches(connection) == breaches
    assert check_log_is_guarded(databases=["default"]) == [Error(breach, id="audit.E001") for breach in breaches]


def test_the_log_takes_rows_until_2055_and_no_further(as_superuser: Sql) -> None:
    with pytest.raises(psycopg2.errors.CheckViolation, match="no partition"):
        as_superuser(
            "INSERT INTO audit_event (ref, at, action, request_n)"
            " VALUES (gen_random_uuid(), '2056-01-01', 'log.read', 1)"
        )


def test_ids_times_and_transactions_are_the_databases_own(as_owner: Sql, as_keeper: Sql) -> None:
    [(before,)] = as_owner("SELECT clock_timestamp()")
    ref = str(audit.record_look(actions.LOG_READ, who=WhoFactory()))
    [(at, xact, known)] = as_keeper(
        "SELECT at, xact::text, pg_visible_in_snapshot(xact, pg_current_snapshot()) FROM audit_event WHERE ref = %s",
        (ref,),
    )
    assert (at > before, xact.isdecimal(), known) == (True, True, True)


def test_the_second_change_log_is_gone(as_owner: Sql) -> None:
    assert as_owner("SELECT to_regclass('auditlog_logentry')") == [(None,)]


def test_rights_are_read_as_sql_writes_them() -> None:
    assert parse_rights("SELECT (a, b), INSERT") == {("SELECT", "a"), ("SELECT", "b"), ("INSERT", "")}
    assert parse_rights("") == frozenset()


@pytest.mark.parametrize("text", ["ALL", "SELECT; DROP TABLE x", "select", "TRUNCATE"])
def test_other_rights_cannot_be_declared(text: str) -> None:
    with pytest.raises(ValueError):
        parse_rights(text)
