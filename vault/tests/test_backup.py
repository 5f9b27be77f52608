"""A backup: what is in it, when it counts, when it goes."""

from django.utils import timezone

from vault.backup import folders, taking
from vault.models import Backup

from .backups import Yard
from .factories import GuestFactory


def show(words: str, done: int, total: int) -> None:
    """Nobody watches."""


def take(yard: Yard) -> Backup:
    """Take a backup as the keeper does."""
    with yard.connected("keeper"), taking.alone():
        return taking.take(at=timezone.now(), show=show)


def test_a_backup_is_proved_by_restoring_it(yard: Yard) -> None:
    for _guest in range(3):
        GuestFactory()
    taken = take(yard)
    assert (taken.opened, taken.failure, taken.proved_at is not None) == (9, "", True)
    assert [each.name for each in folders.proved()] == [taken.name]
    assert [path.name for path in yard.files("BACKUP_DIR")] == [f"{taken.name}.data", f"{taken.name}.proved"]
    assert [path.name for path in yard.files("BACKUP_KEYS_DIR")] == [f"{taken.name}.keys"]


def test_the_command_tells_and_reports(yard: Yard) -> None:
    GuestFactory()
    said = yard.manage("backup", role="keeper")
    assert "3 records opened for trial" in said
    assert yard.rows("SELECT code, last_failed_at FROM staff_duty WHERE last_done_at IS NOT NULL") == [("backup", None)]
    assert yard.rows("SELECT action, detail->>'count' FROM audit_event WHERE action LIKE 'backup%'") == [
        ("backup.proved", "3")
    ]
    assert yard.rows("SELECT count(*) FROM pg_database WHERE datname LIKE %s", f"{yard.database}%scratch%") == [(0,)]
