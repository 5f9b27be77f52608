"""Verifies the sealed log from the database."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import connection

from audit.complaints import verdict
from audit.management.as_keeper import KeeperCommand, kept_anchors
from audit.verifying import Findings, verify, verify_sample


class Command(KeeperCommand):
    """Changes nothing. Exit status 1 and a sentence for each thing that is wrong."""

    help = "Verifies the sealed log: rows, tiles, checkpoints, anchors. Exit status 1 when something is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """All of it, from an entry on, or some drawn by lot."""
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--since", type=int, default=0, metavar="ENTRY", help="from this entry on")
        which.add_argument("--sampled", type=int, metavar="COUNT", help="so many entries, drawn by lot")
        parser.add_argument("--anchors", type=Path, metavar="FILE", help="anchors kept by another host")

    def handle(self, *args: Any, since: int, sampled: int | None, anchors: Path | None, **options: Any) -> None:
        """Verify and say what was found."""
        self.connect()
        self.verify_role()
        kept = [*kept_anchors(), *(_notes(anchors) if anchors else [])]
        if sampled is None:
            work = verify(connection, begins=since, anchors=kept)
        else:
            work = verify_sample(connection, sampled, anchors=kept)
        self._tell(self._finish(work), is_drawn=sampled is not None)

    def _finish(self, work: Iterator[Findings]) -> Findings:
        for findings in work:
            self.show_progress(findings.done, findings.wanted)
        return findings

    def _tell(self, findings: Findings, *, is_drawn: bool) -> None:
        self.stdout.write(verdict(findings.begins, findings.ends, findings.complaints, is_drawn=is_drawn))
        for complaint in findings.complaints[1:]:
            self.stdout.write(complaint.sentence)
        if findings.complaints:
            raise CommandError("The log is not whole.", returncode=1)


def _notes(path: Path) -> Iterator[str]:
    """A note in each line, as JSON text."""
    try:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            note = json.loads(line)
            if not isinstance(note, str):
                raise CommandError(f"{path} is no file of anchors: line {number} is no text", returncode=1)
            yield note
    except (OSError, ValueError, RecursionError) as trouble:
        raise CommandError(f"{path} is no file of anchors: {trouble}", returncode=1) from None
