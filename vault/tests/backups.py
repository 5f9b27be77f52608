"""Places and processes for tests of backups: a house of its own, its folders, its commands."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from vault import keys, lock
from vault.backup import scratch
from vault.search import frequencies

FOLDERS = ("BACKUP_DIR", "BACKUP_KEYS_DIR", "LEDGER_DIR", "KEYRING_DIR", "KEYS_DIR")
PASSPHRASE = "correct horse battery staple, twice"


class Yard:
    """One house with a database, keys and backup folders of its own."""

    def __init__(self, test_bed: Any, database: str, folder: Path) -> None:
        self.bed, self.database, self.folder = test_bed, database, folder
        self.folders = {name: str(folder / name.lower()) for name in FOLDERS}
        self.passphrase = PASSPHRASE

    def url(self, role: str, database: str = "") -> str:
        """The address of the database for owner, web, keeper or backup."""
        own = self.bed.environment(f"hotelrecords_{role}", database or self.database)
        return str(own["DATABASE_URL"])

    def environment(self, role: str) -> dict[str, str]:
        """The environment of a command."""
        own: dict[str, str] = self.bed.environment(f"hotelrecords_{role}", self.database)
        return own | self.folders | {"KEYRING_PASSPHRASE": self.passphrase, "DATABASE_BACKUP_URL": self.url("backup")}

    def start(self, *command: str, role: str) -> "subprocess.Popen[str]":
        """A command as a process of its own."""
        return subprocess.Popen(
            [sys.executable, str(settings.BASE_DIR / "manage.py"), *command],
            env=self.environment(role), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            start_new_session=True,
        )  # fmt: skip

    def manage(self, *command: str, role: str, code: int = 0) -> str:
        """What a command says; it ends with this code."""
        process = self.start(*command, role=role)
        said, _nothing = process.communicate(timeout=120)
        assert process.returncode == code, said
        return said

    @contextmanager
    def connected(self, role: str) -> Iterator[None]:
        """Django connected to the house as this role."""
        with scratch.connected_to(self.url(role)):
            yield

    def rows(self, statement: str, *values: Any, role: str = "owner") -> list[tuple[Any, ...]]:
        """What the database answers."""
        with self.connected(role), connection.cursor() as cursor:
            cursor.execute(statement, values or None)
            return list(cursor.fetchall()) if cursor.description else []

    def move(self) -> None:
        """The machine is new: an empty database that belongs to the owner."""
        self.database = f"{self.database}_b"
        with self.bed.cluster.superuser() as session, session.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {self.database} OWNER hotelrecords_owner")
        with self.bed.cluster.superuser(self.database) as session, session.cursor() as cursor:
            cursor.execute("ALTER SCHEMA public OWNER TO hotelrecords_owner; REVOKE ALL ON SCHEMA public FROM PUBLIC")

    def clear(self, usual: str) -> None:
        """Drop the database it moved to."""
        if self.database != usual:
            self.bed.drop(self.database)

    def files(self, folder: str) -> list[Path]:
        """The files in one of its folders."""
        return sorted(path for path in Path(self.folders[folder]).rglob("*") if path.is_file())


@contextmanager
def fenced(test_bed: Any, database: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Yard]:
    """A house with keys and backup folders of its own, which this process sees too, as web."""
    found = Yard(test_bed, database, folder)
    shutil.copytree(test_bed.values["KEYS_DIR"], found.folders["KEYS_DIR"])
    for name, value in found.folders.items():
        monkeypatch.setattr(settings, name, value)
    monkeypatch.setattr(settings, "KEYRING_PASSPHRASE", PASSPHRASE)
    monkeypatch.setattr(settings, "DATABASE_BACKUP_URL", found.url("backup"))
    forget()
    try:
        yield found
    finally:
        found.clear(database)
        forget()


def forget() -> None:
    """Remember nothing of any database."""
    keys.forget()
    lock.forget()
    frequencies.forget()
