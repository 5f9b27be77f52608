"""What each database role may do, declared in the migrations and nowhere else.

Three roles (audit.md): the owner migrates, web serves people, the keeper does the privileged work. There are no
default privileges: each migration that makes a table says with ``grant`` who may do what with it.
``audit.guard`` reads the very same operations back and compares them with the database, so the two cannot drift.
"""

import re
from collections.abc import Sequence

from django.db.migrations.operations import RunSQL

OWNER = "hotelrecords_owner"
WEB = "hotelrecords_web"
KEEPER = "hotelrecords_keeper"

PRIVILEGES = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "USAGE", "EXECUTE"})
REFUSE_CHANGE = "audit_refuse_change"
REFUSE_CHANGE_BODY = """
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END
"""

_NAME = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?")
_PRIVILEGE = re.compile(r"\s*(?P<word>[A-Z]+)\s*(?:\((?P<columns>[a-z0-9_,\s]+)\))?\s*(?:,|$)")

Rights = frozenset[tuple[str, str]]


def parse_rights(text: str) -> Rights:
    """``"SELECT (a, b), INSERT"`` as pairs of privilege and column, the column empty for the whole table."""
    found: set[tuple[str, str]] = set()
    position = 0
    while position < len(text):
        match = _PRIVILEGE.match(text, position)
        if match is None or match["word"] not in PRIVILEGES:
            raise ValueError(f"not a list of privileges: {text!r}")
        columns = [column.strip() for column in (match["columns"] or "").split(",")]
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


class AppendOnly(RunSQL):
    """Makes a table refuse UPDATE, DELETE and TRUNCATE, whoever asks and however.

    ENABLE ALWAYS: other triggers are passed over under ``session_replication_role = replica``. Row triggers are
    cloned to partitions, but not how they are enabled, and TRUNCATE triggers are not cloned at all.
    """

    def __init__(self, name: str, partitions: Sequence[str] = ()) -> None:
        self.name = qualified(name)
        self.partitions = tuple(qualified(partition) for partition in partitions)
        super().__init__(
            sql=[
                _refuse_changes(self.name),
                *(_enable_always(table, "refuse_change") for table in (self.name, *self.partitions)),
                *(statement for table in (self.name, *self.partitions) for statement in _refuse_truncate(table)),
            ],
            reverse_sql=[
                *(f"DROP TRIGGER refuse_truncate ON {table}" for table in (self.name, *self.partitions)),
                f"DROP TRIGGER refuse_change ON {self.name}",
            ],
        )


def grant(table: str, web: str = "SELECT, INSERT", keeper: str = "SELECT", kind: str = "TABLE") -> Grant:
    """The rights of web and keeper on a table, as SQL writes them: ``"SELECT (a, b), INSERT"``, ``""`` for none.

    ``kind`` is TABLE, SEQUENCE or SCHEMA. Identity columns need no right on their sequence.
    """
    return Grant(table, web, keeper, kind)


def append_only(table: str, partitions: Sequence[str] = ()) -> AppendOnly:
    """Triggers that refuse UPDATE, DELETE and TRUNCATE. The migration depends on ``("audit", "0001_initial")``."""
    return AppendOnly(table, partitions)


def _refuse_changes(table: str) -> str:
    return (
        f"CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {REFUSE_CHANGE}()"
    )


def _refuse_truncate(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {REFUSE_CHANGE}()",
        _enable_always(table, "refuse_truncate"),
    ]


def _enable_always(table: str, trigger: str) -> str:
    return f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}"
