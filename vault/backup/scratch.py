"""A database for trial: made empty, filled from a backup, looked at, dropped."""

import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import dj_database_url
from django.conf import settings
from django.db import connection
from psycopg2 import sql

from vault import keys, lock
from vault.backup import keyring, programs
from vault.search import frequencies

MARK = "_scratch_"


@contextmanager
def database(url: str) -> Iterator[str]:
    """The address of an empty database beside that of ``url``, dropped at the end; earlier ones are dropped first."""
    usual = programs.database_of(url)
    name = f"{usual}{MARK}{secrets.token_hex(4)}"
    with closing(programs.connect(url)) as session, session.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{usual}{MARK}%".replace("_", r"\_")])
        for (left,) in cursor.fetchall():
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(left)))
        cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
    try:
        yield programs.with_database(url, name)
    finally:
        with closing(programs.connect(url)) as session, session.cursor() as cursor:
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def connected_to(url: str) -> Iterator[None]:
    """Django connected to this address meanwhile, with nothing remembered of the other database."""
    usual = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(dj_database_url.parse(url))
    _forget()
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(usual)
        _forget()


@contextmanager
def keys_of_keyring() -> Iterator[None]:
    """The keys as the keyring has them, in a folder of their own: what is made and destroyed there is no live key."""
    usual = settings.KEYS_DIR
    with TemporaryDirectory(prefix="hotelrecords-keys-") as folder:
        settings.KEYS_DIR = Path(folder) / "keys"
        _forget()
        try:
            keyring.put_back()
            yield
        finally:
            settings.KEYS_DIR = usual
            _forget()


def _forget() -> None:
    keys.forget()
    lock.forget()
    frequencies.forget()
