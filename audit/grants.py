"""What each database role may do, declared in the migrations and nowhere else.

Three roles (audit.md): the owner migrates, web serves people, the keeper does the privileged work. There are no
default privileges: each migration that makes a table says with ``grant`` who may do what with it.
``audit.guard`` reads the very same operations back and compares them with the database, so the two cannot drift.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.migrations.operations import RunSQL

OWNER = "hotelrecords_owner"
WEB = "hotelrecords_web"
KEEPER = "hotelrecords_keeper"

PRIVILEGES = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "USAGE", "EXECUTE"})
REFUSE_CHANGE = "public.audit_refuse_change"
REFUSE_CHANGE_BODY = """
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END
"""
# What such a function names without a schema is looked for here, whatever the caller's path says. The caller's
# temporary tables come last: PostgreSQL looks there first, where a path does not name them.
DEFINER_PATH = "pg_catalog, public, pg_temp"
# pg_trigger.tgtype
ROW, BEFORE = 1, 2
BITS = {"INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}

_NAME = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?")
_PRIVILEGE = re.compile(r'\s*(?P<word>[A-Z]+)\s*(?:\((?P<columns>[a-z0-9_",\s]+)\))?\s*(?:,|$)')

Rights = frozenset[tuple[str, str]]


def parse_rights(text: str) -> Rights:
    """``"SELECT (a, b), INSERT"`` as pairs of privilege and column, the column empty for the whole table.

    A column that SQL knows as a word of its own stands in double quotes.
    """
    found: set[tuple[str, str]] = set()
    position = 0
    while position < len(text):
        match = _PRIVILEGE.match(text, position)
        if match is None or match["word"] not in PRIVILEGES:
            raise ValueError(f"not a list of privileges: {text!r}")
        columns = [column.strip().strip('"') for column in (match["columns"] or "").split(",")]
        found |= {(match["word"], column) for column in columns}
        position = match.end()
    return frozenset(found)


def qualified(name: str) -> str:
    """The name with its schema; ``public`` where none is said."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a plain lower-case name: {name!r}")
    return name if "." in name else f"public.{name}"


class Grant(RunSQL):
    """Gives web and keeper exactly the rights named, and takes every other one away."""

    def __init__(self, name: str, web: str, keeper: str, kind: str = "TABLE") -> None:
        self.kind = kind
        self.name = name if kind == "SCHEMA" else qualified(name)
        self.rights = {WEB: parse_rights(web), KEEPER: parse_rights(keeper)}
        take = f"REVOKE ALL ON {kind} {name} FROM {WEB}, {KEEPER}"
        give = [f"GRANT {text} ON {kind} {name} TO {role}" for role, text in ((WEB, web), (KEEPER, keeper)) if text]
        super().__init__(sql=[take, f"REVOKE ALL ON {kind} {name} FROM PUBLIC", *give], reverse_sql=[take])


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger as the database must have it: before the deed, always enabled, without a condition."""

    table: str
    name: str
    before: tuple[str, ...]
    function: str
    per_row: bool = True

    @property
    def bits(self) -> int:
        """``pg_trigger.tgtype``."""
        return ROW * self.per_row | BEFORE | sum(BITS[event] for event in self.before)

    @property
    def make(self) -> str:
        """The statement that makes it."""
        each = "ROW" if self.per_row else "STATEMENT"
        return (
            f"CREATE TRIGGER {self.name} BEFORE {' OR '.join(self.before)} ON {self.table} "
            f"FOR EACH {each} EXECUTE FUNCTION {self.function}()"
        )

    @property
    def enable(self) -> str:
        """Enabled under ``session_replication_role = replica`` too, which passes over other triggers."""
        return f"ALTER TABLE {self.table} ENABLE ALWAYS TRIGGER {self.name}"

    @property
    def drop(self) -> str:
        """The statement that takes it away."""
        return f"DROP TRIGGER {self.name} ON {self.table}"


class Triggers(RunSQL):
    """Puts triggers on tables; ``bodies`` are the functions it makes for them, by name."""

    def __init__(self, triggers: Sequence[Trigger], bodies: Mapping[str, str]) -> None:
        self.triggers = tuple(triggers)
        self.bodies = dict(bodies)
        made = [statement for trigger in triggers for statement in (trigger.make, trigger.enable)]
        dropped = [trigger.drop for trigger in reversed(self.triggers)]
        super().__init__(
            sql=[*(step for name, body in bodies.items() for step in _make_function(name, body)), *made],
            reverse_sql=[*dropped, *(f"DROP FUNCTION {name}()" for name in bodies)],
        )


class NewBody(Triggers):
    """Another body for the function of a trigger, which stays as it is."""

    def __init__(self, name: str, body: str, former: str) -> None:
        super().__init__([], {})
        self.bodies = {name: body}
        make, unmake = (f"CREATE OR REPLACE {_function(name, each)}" for each in (body, former))
        RunSQL.__init__(self, sql=[make], reverse_sql=[unmake])


class Definer(RunSQL):
    """A function that works with its owner's rights, for those roles only that are named; a later one replaces it."""

    def __init__(self, signature: str, returns: str, body: str, roles: Sequence[str]) -> None:
        name, _, arguments = signature.removesuffix(")").partition("(")
        self.signature = f"{qualified(name)}({arguments})"
        self.body = body
        self.roles = frozenset(roles)
        make = (
            f"CREATE OR REPLACE FUNCTION {self.signature} RETURNS {returns} LANGUAGE plpgsql SECURITY DEFINER "
            f"SET search_path = {DEFINER_PATH} AS $${body}$$"
        )
        types = ", ".join(argument.split(" ", 1)[1] for argument in arguments.split(", "))
        made = f"{qualified(name)}({types})"
        give = [f"GRANT EXECUTE ON FUNCTION {made} TO {role}" for role in sorted(self.roles)]
        super().__init__(
            sql=[make, f"REVOKE ALL ON FUNCTION {made} FROM PUBLIC", *give],
            reverse_sql=[f"DROP FUNCTION IF EXISTS {made}"],
        )


class AppendOnly(RunSQL):
    """Makes a table refuse UPDATE, DELETE and TRUNCATE, whoever asks and however.

    Row triggers are cloned to partitions, but not how they are enabled, and TRUNCATE triggers are not cloned at all.
    """

    def __init__(self, name: str, partitions: Sequence[str] = ()) -> None:
        self.name = qualified(name)
        self.partitions = tuple(qualified(partition) for partition in partitions)
        (changes, truncate), *rest = (refusals(table) for table in (self.name, *self.partitions))
        cloned = [part_changes.enable for part_changes, _truncate in rest]
        own = [part_truncate for _changes, part_truncate in rest]
        super().__init__(
            sql=[
                *(statement for trigger in (changes, truncate) for statement in (trigger.make, trigger.enable)),
                *cloned,
                *(statement for trigger in own for statement in (trigger.make, trigger.enable)),
            ],
            reverse_sql=[trigger.drop for trigger in (*own, truncate, changes)],
        )


class NoLongerAppendOnly(RunSQL):
    """Takes the refusals of an append-only table away, for triggers of its own to take their place at once."""

    def __init__(self, name: str) -> None:
        self.name = qualified(name)
        triggers = refusals(self.name)
        super().__init__(
            sql=[trigger.drop for trigger in reversed(triggers)],
            reverse_sql=[statement for trigger in triggers for statement in (trigger.make, trigger.enable)],
        )


def grant(table: str, web: str = "SELECT, INSERT", keeper: str = "SELECT", kind: str = "TABLE") -> Grant:
    """The rights of web and keeper on a table, as SQL writes them: ``"SELECT (a, b), INSERT"``, ``""`` for none.

    ``kind`` is TABLE, SEQUENCE or SCHEMA. Identity columns need no right on their sequence.
    """
    return Grant(table, web, keeper, kind)


def append_only(table: str, partitions: Sequence[str] = ()) -> AppendOnly:
    """Triggers that refuse UPDATE, DELETE and TRUNCATE. The migration depends on ``("audit", "0001_initial")``."""
    return AppendOnly(table, partitions)


def no_longer_append_only(table: str) -> NoLongerAppendOnly:
    """Lift what ``append_only`` put on a table; the same migration says what holds from now on."""
    return NoLongerAppendOnly(table)


def row_trigger(table: str, name: str, *, before: str, function: str, body: str) -> Triggers:
    """A trigger of another kind, for each row, with its PL/pgSQL function; a condition belongs into the body.

    ``before`` is what it stands in front of: ``"UPDATE"``, ``"INSERT OR UPDATE"``.
    """
    made = qualified(function)
    trigger = Trigger(qualified(table), name, tuple(before.split(" OR ")), made)
    return Triggers([trigger], {made: body})


def new_body(function: str, *, body: str, former: str) -> NewBody:
    """Another body for the function of a trigger that an earlier migration made with the ``former`` one."""
    return NewBody(qualified(function), body, former)


def refuse_truncate(table: str) -> Triggers:
    """TRUNCATE refused on a table whose rows have a rule of their own."""
    return Triggers([refusals(qualified(table))[1]], {})


def definer(signature: str, *, returns: str, body: str, roles: Sequence[str]) -> Definer:
    """A SECURITY DEFINER function in PL/pgSQL: ``"name(argument type, …)"``, callable by these roles only."""
    return Definer(signature, returns, body, roles)


def refusals(table: str) -> tuple[Trigger, Trigger]:
    """The two triggers of an append-only table."""
    return (
        Trigger(table, "refuse_change", ("UPDATE", "DELETE"), REFUSE_CHANGE),
        Trigger(table, "refuse_truncate", ("TRUNCATE",), REFUSE_CHANGE, per_row=False),
    )


def refusing_function() -> Triggers:
    """The function behind every append-only table; made once, by the first migration."""
    return Triggers([], {REFUSE_CHANGE: REFUSE_CHANGE_BODY})


def _make_function(name: str, body: str) -> list[str]:
    return [
        f"CREATE {_function(name, body)}",
        f"REVOKE ALL ON FUNCTION {name}() FROM PUBLIC",
    ]


def _function(name: str, body: str) -> str:
    return f"FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"
