"""Compares the rights and triggers in the database with those the applied migrations declared.

Used by the database check, by the keeper and by a test. Whoever owns the tables can take the guard away; this is
how it is noticed.
"""

from collections.abc import Iterable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.utils import timezone

from audit.grants import KEEPER, REFUSE_CHANGE, REFUSE_CHANGE_BODY, WEB, AppendOnly, Grant

ROLES = [WEB, KEEPER]
Right = tuple[str, str, str, str]  # relation, role, privilege, column ("" = whole)
Trigger = tuple[str, str, str, str, int]  # table, name, function, enabled, type bits

# pg_trigger.tgtype: 1 row, 2 before, 8 delete, 16 update, 32 truncate
REFUSE_CHANGE_BITS = 1 | 2 | 8 | 16
REFUSE_TRUNCATE_BITS = 2 | 32

_RIGHTS = """
WITH ours AS (SELECT * FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema')
SELECT n.nspname || '.' || c.relname, COALESCE(r.rolname, 'PUBLIC'), a.privilege_type, ''
FROM pg_class c JOIN ours n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL aclexplode(c.relacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
WHERE a.grantee <> c.relowner
UNION ALL
SELECT n.nspname || '.' || c.relname, COALESCE(r.rolname, 'PUBLIC'), a.privilege_type, t.attname
FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid JOIN ours n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL aclexplode(t.attacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
WHERE a.grantee <> c.relowner
UNION ALL
SELECT n.nspname, COALESCE(r.rolname, 'PUBLIC'), a.privilege_type, ''
FROM ours n CROSS JOIN LATERAL aclexplode(n.nspacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
WHERE a.grantee <> n.nspowner
"""
_TRIGGERS = """
WITH guarded AS (
    SELECT DISTINCT t.relid FROM unnest(%s::text[]) AS name CROSS JOIN LATERAL pg_partition_tree(to_regclass(name)) t
    UNION SELECT to_regclass(name) FROM unnest(%s::text[]) AS name
)
SELECT n.nspname || '.' || c.relname, t.tgname, p.proname, t.tgenabled::text, t.tgtype
FROM guarded g JOIN pg_class c ON c.oid = g.relid JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal LEFT JOIN pg_proc p ON p.oid = t.tgfoid
"""
_PARTITIONS = """
SELECT n.nspname || '.' || c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE i.inhparent = to_regclass(%s)
"""
_POWERS = """
SELECT rolname, 'may do more than its task (superuser, roles, replication or bypassing row security)' FROM pg_roles
WHERE rolname = ANY(%s) AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication)
UNION ALL
SELECT m.rolname, 'is a member of ' || g.rolname FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member
    JOIN pg_roles g ON g.oid = a.roleid WHERE m.rolname = ANY(%s)
UNION ALL
SELECT r.rolname, 'owns ' || c.relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = ANY(%s)
UNION ALL
SELECT COALESCE(r.rolname, 'PUBLIC'), 'has default privileges on what is made later'
FROM pg_default_acl d CROSS JOIN LATERAL aclexplode(d.defaclacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
WHERE d.defaclobjtype IN ('r', 'S', 'n') AND a.grantee <> d.defaclrole
"""
_BYPASSES = """
SELECT c.relname FROM pg_class c
WHERE c.oid IN (SELECT to_regclass(name) FROM unnest(%s::text[]) AS name) AND (c.relhasrules OR c.relrowsecurity)
"""


def breaches(connection: BaseDatabaseWrapper) -> list[str]:
    """Every difference between the database and the applied migrations, in plain words; empty when all is well."""
    declared = list(_applied_operations(connection))
    grants = {operation.name: operation for operation in declared if isinstance(operation, Grant)}
    append_only = {operation.name: operation for operation in declared if isinstance(operation, AppendOnly)}
    return [
        *_differences("right", _declared_rights(grants.values()), _actual_rights(connection)),
        *_trigger_breaches(connection, append_only.values()),
        *_partition_breaches(connection, append_only.values()),
        *_power_breaches(connection),
    ]


def _applied_operations(connection: BaseDatabaseWrapper) -> Iterable[Operation]:
    loader = MigrationLoader(connection)
    for key in loader.graph._generate_plan(loader.graph.leaf_nodes(), at_end=True):
        if key in loader.applied_migrations:
            yield from loader.graph.nodes[key].operations


def _rows(connection: BaseDatabaseWrapper, sql: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return list(cursor.fetchall())


def _differences(what: str, declared: set[Any], actual: set[Any]) -> list[str]:
    lacking = [f"missing {what}: {' '.join(map(str, item)).strip()}" for item in sorted(declared - actual)]
    extra = [f"undeclared {what}: {' '.join(map(str, item)).strip()}" for item in sorted(actual - declared)]
    return lacking + extra


def _declared_rights(grants: Iterable[Grant]) -> set[Right]:
    return {
        (grant.name, role, privilege, column)
        for grant in grants
        for role, rights in grant.rights.items()
        for privilege, column in rights
    }


def _actual_rights(connection: BaseDatabaseWrapper) -> set[Right]:
    return {(row[0], row[1], row[2], row[3]) for row in _rows(connection, _RIGHTS)}


def _trigger_breaches(connection: BaseDatabaseWrapper, tables: Iterable[AppendOnly]) -> list[str]:
    names = [table.name for table in tables]
    found = _rows(connection, _TRIGGERS, (names, names))
    guarded = {row[0] for row in found} | set(names)
    actual = {tuple(row) for row in found if row[1] is not None}
    rewritten = [f"rules or row security: {row[0]}" for row in _rows(connection, _BYPASSES, (sorted(guarded),))]
    return [*_differences("trigger", _declared_triggers(guarded), actual), *rewritten, *_body_breaches(connection)]


def _declared_triggers(guarded: set[str]) -> set[Trigger]:
    return {
        trigger
        for table in guarded
        for trigger in (
            (table, "refuse_change", REFUSE_CHANGE, "A", REFUSE_CHANGE_BITS),
            (table, "refuse_truncate", REFUSE_CHANGE, "A", REFUSE_TRUNCATE_BITS),
        )
    }


def _body_breaches(connection: BaseDatabaseWrapper) -> list[str]:
    bodies = _rows(connection, "SELECT prosrc FROM pg_proc WHERE proname = %s", (REFUSE_CHANGE,))
    return [] if bodies == [(REFUSE_CHANGE_BODY,)] else [f"function {REFUSE_CHANGE} is not the one declared"]


def _partition_breaches(connection: BaseDatabaseWrapper, tables: Iterable[AppendOnly]) -> list[str]:
    this_year = str(timezone.now().year)
    return [
        f"missing partition: {name}"
        for table in tables
        for name in sorted(set(table.partitions) - {row[0] for row in _rows(connection, _PARTITIONS, (table.name,))})
        if name[-4:] >= this_year
    ]


def _power_breaches(connection: BaseDatabaseWrapper) -> list[str]:
    return [f"{role} {power}" for role, power in _rows(connection, _POWERS, (ROLES, ROLES, ROLES))]
