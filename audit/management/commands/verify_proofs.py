"""Decides test cases for Merkle proofs, our own or anybody's."""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.probes import NotACase, decide


class Command(BaseCommand):
    """Needs no database. Exit status 1 when a case is decided otherwise than it wants, or cannot be read."""

    help = "Decides every case of proof in a folder (JSON form of transparency-dev/merkle) and prints a count."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the cases are."""
        parser.add_argument("folder", type=Path, help="a folder with .json files, at any depth")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        """Decide them all."""
        paths = sorted(folder.rglob("*.json"))
        if not paths:
            raise CommandError(f"There is no case in {folder}.")
        counted: Counter[str] = Counter()
        for path in paths:
            counted[self._judge(path, folder)] += 1
        wrong, unread = counted.pop("wrong", 0), counted.pop("unread", 0)
        kinds = ", ".join(f"{count} of {kind}" for kind, count in sorted(counted.items()))
        self.stdout.write(f"{len(paths)} cases: {counted.total()} decided as wanted ({kinds or 'none'}), {wrong} not.")
        if unread:
            self.stdout.write(f"{unread} files are not in this form.")
        if wrong or unread:
            raise CommandError("Not every case was decided as it wants.", returncode=1)

    def _judge(self, path: Path, folder: Path) -> str:
        try:
            probe = decide(path)
        except NotACase as trouble:
            self.stdout.write(f"{path.relative_to(folder)}: not a case ({trouble})")
            return "unread"
        if not probe.is_right:
            decided = "accepted" if probe.accepted else "refused"
            self.stdout.write(f"{path.relative_to(folder)}: {decided}, but should not be")
        return probe.kind if probe.is_right else "wrong"
