"""kill -9 of backup and restore at many points: afterwards a backup counts or does not, and a restore goes on."""

import os
import signal
import time

import pytest
from django.utils import timezone

from vault import lock
from vault.backup import folders, keyring

from .backups import Yard
from .factories import GuestFactory
from .test_restore import opened, take

POINTS = [1.0, 1.6, 2.2, 2.8, 3.4, 4.0, 4.8, 5.6]
FEW = [2.2]


def kill_after(yard: Yard, seconds: float, *command: str, role: str) -> None:
    """Start a command and end it, with all it started, as a power cut would."""
    process = yard.start(*command, role=role)
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def a_killed_backup(yard: Yard, after: float) -> None:
    """Kill one backup, take the next: only whole ones count, nothing of the killed one is left."""
    GuestFactory()
    keyring.write(at=timezone.now())
    kill_after(yard, after, "backup", role="keeper")
    before = [each.name for each in folders.proved()]
    yard.manage("backup", role="keeper")
    newest, *others = [each.name for each in folders.proved()]
    assert others == before
    left = {path.stem for path in (*yard.files("BACKUP_DIR"), *yard.files("BACKUP_KEYS_DIR"))}
    assert left == {newest, *before}
    assert yard.rows("SELECT count(*) FROM pg_database WHERE datname LIKE %s", f"{yard.database}%scratch%") == [(0,)]


def a_killed_restore(yard: Yard, after: float) -> None:
    """Kill a restore, look, run it again: closed until the end, whole afterwards."""
    guests = [GuestFactory(name=name) for name in ("张伟", "李娜")]
    take(yard)
    yard.move()
    kill_after(yard, after, "restore", role="owner")
    with yard.connected("owner"):
        was_closed = lock.look() != ""
    if was_closed:
        assert "The house is open again" in yard.manage("restore", role="owner")
    assert opened(yard, *guests) == ["张伟", "李娜"]
    assert yard.rows("SELECT count(*) FROM pg_namespace WHERE nspname = 'restoring'") == [(0,)]


@pytest.mark.parametrize("after", FEW)
def test_a_killed_backup_does_not_count(yard: Yard, after: float) -> None:
    a_killed_backup(yard, after)


@pytest.mark.parametrize("after", FEW)
def test_a_killed_restore_goes_on(yard: Yard, after: float) -> None:
    a_killed_restore(yard, after)


@pytest.mark.slow
@pytest.mark.parametrize("after", POINTS)
def test_a_backup_killed_at_any_point(yard: Yard, after: float) -> None:
    a_killed_backup(yard, after)


@pytest.mark.slow
@pytest.mark.parametrize("after", POINTS)
def test_a_restore_killed_at_any_point(yard: Yard, after: float) -> None:
    a_killed_restore(yard, after)
