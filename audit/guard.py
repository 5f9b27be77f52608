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

from audit.grants import (
    DEFINER_PATH,
    KEEPER,
    WEB,
    AppendOnly,
    Definer,
    Grant,
    NoLongerAppendOnly,
    Triggers,
    refusals,
)

ROLES = [WEB, KEEPER]
Right = tuple[str, str, str, str]  # relation, role, privilege, column ("" = whole)
Found = tuple[str, str, str, str, int, bool]  # table, name, function, enabled, type bits, whether it has a condition

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
SELECT n.nspname || '.' || c.relname, t.tgname, f.nspname || '.' || p.proname, t.tgenabled::text, t.tgtype,
    t.tgqual IS NOT NULL OR t.tgattr::text <> ''
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_namespace f ON f.oid = p.pronamespace
WHERE NOT t.tgisinternal AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
"""
_WITH_PARTITIONS = """
SELECT n.nspname || '.' || c.relname
FROM unnest(%s::text[]) AS name CROSS JOIN LATERAL pg_partition_tree(to_regclass(name)) t
    JOIN pg_class c ON c.oid = t.relid JOIN pg_namespace n ON n.oid = c.relnamespace
"""
_BODIES = """
SELECT n.nspname || '.' || p.proname, p.prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname || '.' || p.proname = ANY(%s)
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
SELECT r.rolname, 'owns ' || c.relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND r.rolname = ANY(%s)
UNION ALL
SELECT rolname, 'may make temporary tables, which stand in the place of others, or schemas' FROM pg_roles
WHERE rolname = ANY(%s) AND has_database_privilege(oid, current_database(), 'TEMPORARY, CREATE')
UNION ALL
SELECT COALESCE(r.rolname, 'PUBLIC'), 'has default privileges on what is made later'
FROM pg_default_acl d CROSS JOIN LATERAL aclexplode(d.defaclacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
WHERE d.defaclobjtype IN ('r', 'S', 'n') AND a.grantee <> d.defaclrole
"""
_DEFINERS = """
SELECT n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')', p.prosrc,
    array_to_string(p.proconfig, ','),
    ARRAY(SELECT COALESCE(r.rolname, 'PUBLIC')::text FROM aclexplode(COALESCE(p.proacl, acldefault('f', p.proowner))) a
        LEFT JOIN pg_roles r ON r.oid = a.grantee WHERE a.grantee <> p.proowner ORDER BY 1)
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.prosecdef AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
"""
_BYPASSES = """
SELECT c.relname FROM pg_class c
WHERE c.oid IN (SELECT to_regclass(name) FROM unnest(%s::text[]) AS name) AND (c.relhasrules OR c.relrowsecurity)
"""


def breaches(connection: BaseDatabaseWrapper) -> list[str]:
    """Every difference between the database and the applied migrations, in plain words; empty when all is well."""
    declared = list(_applied_operations(connection))
    grants = {operation.name: operation for operation in declared if isinstance(operation, Grant)}
    append_only = _append_only(declared)
    others = [operation for operation in declared if isinstance(operation, Triggers)]
    return [
        *_differences("right", _declared_rights(grants.values()), _actual_rights(connection)),
        *_trigger_breaches(connection, sorted(append_only), others),
        *_body_breaches(connection, others),
        *_definer_breaches(connection, [operation for operation in declared if isinstance(operation, Definer)]),
        *_partition_breaches(connection, append_only.values()),
        *_power_breaches(connection),
    ]


def _append_only(declared: Iterable[Operation]) -> dict[str, AppendOnly]:
    """The append-only tables, without those of which a later migration says otherwise."""
    found: dict[str, AppendOnly] = {}
    for operation in declared:
        if isinstance(operation, AppendOnly):
            found[operation.name] = operation
        elif isinstance(operation, NoLongerAppendOnly):
            del found[operation.name]
    return found


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


def _trigger_breaches(connection: BaseDatabaseWrapper, names: list[str], others: list[Triggers]) -> list[str]:
    guarded = sorted({*names, *(row[0] for row in _rows(connection, _WITH_PARTITIONS, (names,)))})
    declared = [trigger for table in guarded for trigger in refusals(table)]
    declared += [trigger for operation in others for trigger in operation.triggers]
    expected: set[Found] = {
        (trigger.table, trigger.name, trigger.function, "A", trigger.bits, False) for trigger in declared
    }
    rewritten = [f"rules or row security: {row[0]}" for row in _rows(connection, _BYPASSES, (guarded,))]
    return [*_differences("trigger", expected, set(_rows(connection, _TRIGGERS))), *rewritten]


def _body_breaches(connection: BaseDatabaseWrapper, others: list[Triggers]) -> list[str]:
    declared = {name: body for operation in others for name, body in operation.bodies.items()}
    actual = dict(_rows(connection, _BODIES, (sorted(declared),)))
    return [f"not the declared function: {name}" for name in sorted(declared) if actual.get(name) != declared[name]]


def _definer_breaches(connection: BaseDatabaseWrapper, definers: list[Definer]) -> list[str]:
    """Functions with their owner's rights: exactly those declared, unchanged, for the roles named."""
    path = f"search_path={DEFINER_PATH}"
    declared = {made.signature: (made.body, path, sorted(made.roles)) for made in definers}
    actual = {row[0]: (row[1], row[2], row[3]) for row in _rows(connection, _DEFINERS)}
    changed = sorted(name for name in declared.keys() & actual.keys() if actual[name] != declared[name])
    return [
        *(f"missing function: {name}" for name in sorted(declared.keys() - actual.keys())),
        *(f"undeclared function: {name}" for name in sorted(actual.keys() - declared.keys())),
        *(f"not the declared function: {name}" for name in changed),
    ]


def _partition_breaches(connection: BaseDatabaseWrapper, tables: Iterable[AppendOnly]) -> list[str]:
    this_year = str(timezone.now().year)
    return [
        f"missing partition: {name}"
        for table in tables
        for name in sorted(set(table.partitions) - {row[0] for row in _rows(connection, _PARTITIONS, (table.name,))})
        if name[-4:] >= this_year
    ]


def _power_breaches(connection: BaseDatabaseWrapper) -> list[str]:
    return [f"{role} {power}" for role, power in _rows(connection, _POWERS, (ROLES, ROLES, ROLES, ROLES))]
