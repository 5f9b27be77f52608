"""Lets the log go on after a restore."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from audit.management.as_keeper import KeeperCommand, log_duties
from audit.notes import NoteRefused
from audit.reopening import reopen
from audit.seal_key import SealKeyTrouble
from audit.sealing import SealRefused


class Command(KeeperCommand):
    """Once, after the database was restored and before the keeper is started again."""

    help = "After a restore: seals what has no seal and goes on under the next origin."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The newest checkpoint known, where the keeper's folder does not have it."""
        parser.add_argument("--anchor", type=Path, metavar="FILE", help="the newest checkpoint kept elsewhere")

    def handle(self, *args: Any, anchor: Path | None, **options: Any) -> None:
        """Reopen and say under which name."""
        self.connect()
        self.verify_role()
        try:
            sealed = reopen(log_duties().sealer, anchor.read_text() if anchor else None)
        except (SealRefused, SealKeyTrouble, NoteRefused, OSError) as trouble:
            raise CommandError(str(trouble)) from None
        self.stdout.write(f"The log goes on as {sealed.checkpoint.origin} with {sealed.checkpoint.size:,} entries.")
