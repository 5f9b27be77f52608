"""``manage.py backup``: data and keys apart, encrypted, proved by restoring them."""

from argparse import ArgumentParser
from typing import Any

from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from staff import duties
from staff.services.duties import report_done, report_started
from vault import keys
from vault.backup import folders, keyring, programs, proving, taking
from vault.backup.folders import BackupTrouble
from vault.progress import Bar
from vault.sealing import SealBroken

TROUBLE = (
    BackupTrouble, programs.ProgramTrouble, proving.NotProved, keyring.KeyringTrouble, SealBroken, keys.KeyUnknown,
    keys.KeysExposed, OSError,
)  # fmt: skip


class Command(BaseCommand):
    """Runs as the keeper (``DATABASE_URL``), reads as the backup role (``DATABASE_BACKUP_URL``)."""

    help = "Back up data and keys, prove the copy by restoring it for trial, remove what is past its days."
    requires_system_checks = [Tags.security]  # folders and secrets: it opens no page

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Besides taking one: listing, and the keyring."""
        parser.add_argument("--list", action="store_true", help="list the backups that count, newest first")
        parser.add_argument("--keyring", action="store_true", help="write the keyring (set D) anew and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take one, or do what the option says."""
        try:
            if options["list"]:
                self._list()
            elif options["keyring"]:
                held = keyring.write(at=timezone.now())
                self.stdout.write(
                    f"{keyring.path()} holds {len(held)} keys. Replace every copy of it you keep elsewhere."
                )
            else:
                self._take(Bar(is_silent=not options["verbosity"]))
        except TROUBLE as trouble:
            raise CommandError(f"{type(trouble).__name__}: {trouble}") from trouble

    def _take(self, bar: Bar) -> None:
        report_started(code=duties.BACKUP, at=timezone.now())
        is_done = False
        try:
            with taking.alone():
                taken = taking.take(at=timezone.now(), show=bar)
            if not keyring.path().exists():
                keyring.write(at=timezone.now())
            is_done = True
        finally:
            report_done(code=duties.BACKUP, at=timezone.now(), failed=not is_done)
        self.stdout.write(
            f"Backup {taken.name}: {taken.data_bytes:,} bytes of data, {taken.keys_bytes:,} of keys, "
            f"{taken.opened} records opened for trial."
        )

    def _list(self) -> None:
        keys_of = folders.newest_keys()
        for each in folders.proved():
            self.stdout.write(f"{each.name}  recovery point {each.at:%Y-%m-%d %H:%M:%S} UTC")
        self.stdout.write(f"newest keys: {keys_of.name}")
