"""Combinations of settings that are refused before anything is served.

``manage.py check`` looks at the settings, ``manage.py check --database default`` at the database as well.
"""

import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1", "[::1]", "testserver"}
SHORTEST_SECRET = 50
FEWEST_DIFFERENT = 20
# Connections kept free for people who look after the database.
SPARE_CONNECTIONS = 3
# A backup at work: its rows, its lock, its snapshot, the dump or the database for trial.
BACKUP_CONNECTIONS = 4


@register(Tags.security)
def check_debug(**kwargs: Any) -> list[CheckMessage]:
    """Debug pages show what is in memory: never with TLS, never under a public name."""
    if settings.DEBUG and (settings.TLS or not is_local()):
        return [Error("DEBUG is on where guests' data may be served.", hint="Unset DEBUG.", id="hotelrecords.E001")]
    return []


@register(Tags.security)
def check_demo(**kwargs: Any) -> list[CheckMessage]:
    """The demonstration's passwords are printed in the README: never under a public name."""
    if settings.DEMO and not is_local():
        hint = "Unset DEMO, or let ALLOWED_HOSTS name this machine only."
        return [Error("DEMO is on under a public name.", hint=hint, id="hotelrecords.E002")]
    return []


@register(Tags.security)
def check_secret(**kwargs: Any) -> list[CheckMessage]:
    """A guessed SECRET_KEY signs sessions for anybody."""
    secret = settings.SECRET_KEY
    weak = len(secret) < SHORTEST_SECRET or len(set(secret)) < FEWEST_DIFFERENT or "insecure" in secret.lower()
    if weak:
        hint = 'Make one: python -c "import secrets; print(secrets.token_urlsafe(48))"'
        return [Error("SECRET_KEY is too easy to guess.", hint=hint, id="hotelrecords.E003")]
    return []


@register(Tags.security)
def check_keys_folder(**kwargs: Any) -> list[CheckMessage]:
    """The keys lie outside the repository, the data and the backups, for one user's eyes."""
    folder = Path(settings.KEYS_DIR)
    if not folder.is_absolute():
        return [Error("KEYS_DIR is not an absolute path.", id="hotelrecords.E006")]
    found: list[CheckMessage] = []
    if not settings.DEMO and folder.resolve().is_relative_to(settings.BASE_DIR):
        hint = "Choose a folder outside the repository, the data and the backups."
        found.append(Error("KEYS_DIR lies in the repository.", hint=hint, id="hotelrecords.E004"))
    if folder.exists() and stat.S_IMODE(folder.stat().st_mode) & 0o077:
        hint = f"chmod 700 {folder}"
        found.append(Error("KEYS_DIR can be opened by others.", hint=hint, id="hotelrecords.E005"))
    return found


@register(Tags.security)
def check_backup_folders(**kwargs: Any) -> list[CheckMessage]:
    """Data, keys and their backups lie apart: who gets at one of them has nothing."""
    names = ("KEYS_DIR", "BACKUP_DIR", "BACKUP_KEYS_DIR", "LEDGER_DIR", "KEYRING_DIR", "ROLL_CALL_DIR")
    folders = {name: Path(getattr(settings, name)).resolve() for name in names if getattr(settings, name)}
    return [
        Error(f"{name} lies in {other}.", hint="Give each a place of its own.", id="hotelrecords.E009")
        for name, folder in folders.items()
        for other, outer in folders.items()
        if name != other and folder.is_relative_to(outer)
    ]


@register(Tags.database)
def check_database_role(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Who serves pages owns no table and is no superuser, or the log could be altered unnoticed."""
    return [
        Error(f"The database role {role} {reason}.", hint="DATABASE_URL names the web role.", id="hotelrecords.E007")
        for alias in databases or ()
        for role, reason in too_mighty(connections[alias])
    ]


@register(Tags.database)
def check_connections(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Every thread and process keeps a connection of its own; the database must have as many."""
    return [
        Error(
            f"The processes may need {needed_connections()} connections; the database gives {given}.",
            hint="Raise max_connections, or lower WEB_PROCESSES, WEB_THREADS or WORKER_PROCESSES.",
            id="hotelrecords.E008",
        )
        for alias in databases or ()
        if (given := given_connections(connections[alias])) < needed_connections()
    ]


def refuse_unsafe_settings() -> None:
    """Raise ImproperlyConfigured with every reason; the web process asks this before it serves anything."""
    checks = (check_debug, check_demo, check_secret, check_keys_folder, check_backup_folders)
    found = [f"{message.msg} {message.hint or ''}".strip() for check in checks for message in check()]
    if found:
        raise ImproperlyConfigured(" ".join(found))


def is_local() -> bool:
    """Whether the site answers to this machine's own names only."""
    return set(settings.ALLOWED_HOSTS) <= LOCAL_HOSTS


def needed_connections() -> int:
    """Threads × web processes + worker processes, their parent, beat, keeper (its lock and its work), backup, spare."""
    web = int(settings.WEB_PROCESSES) * int(settings.WEB_THREADS)
    return web + int(settings.WORKER_PROCESSES) + 1 + 1 + 2 + BACKUP_CONNECTIONS + SPARE_CONNECTIONS


def given_connections(connection: BaseDatabaseWrapper) -> int:
    """How many connections the database gives to roles that are no superusers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(setting::int) FROM pg_settings WHERE name = 'max_connections'")
        total = int(cursor.fetchone()[0])
        cursor.execute("SELECT setting::int FROM pg_settings WHERE name = 'superuser_reserved_connections'")
        return total - int(cursor.fetchone()[0])


def too_mighty(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    """(role, reason) for each power that the role of this connection should not have."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication,"
            " (SELECT count(*) > 0 FROM pg_class WHERE pg_has_role(relowner, 'MEMBER'))"
            " FROM pg_roles WHERE rolname = current_user"
        )
        role, *powers = cursor.fetchone()
    reasons = ("is a superuser", "may make roles", "may make databases", "passes row security", "may replicate")
    return [(role, reason) for reason, has in zip((*reasons, "owns tables"), powers, strict=True) if has]
