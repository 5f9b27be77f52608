"""Writes the sealed log into a folder that anybody can verify offline."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import connection

from audit import actions
from audit import services as audit
from audit.exporting import ExportRefused, export
from audit.management.as_keeper import KeeperCommand, kept_anchors


class Command(KeeperCommand):
    """Reading the log is itself a row of the log, before the first byte and after the last."""

    help = "Exports the sealed log with tiles, checkpoints, anchors, proofs and the offline verifier."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, from which entry on, and what goes along."""
        parser.add_argument("folder", type=Path, help="a new or empty folder")
        parser.add_argument("--since", type=int, default=0, metavar="ENTRY", help="leave out the entries before")
        parser.add_argument("--private", action="store_true", help="with the parts that guests are not shown")
        parser.add_argument("--proofs", default="", metavar="ENTRY,…", help="a proof file for each of these entries")

    def handle(self, *args: Any, folder: Path, since: int, private: bool, proofs: str, **options: Any) -> None:
        """Export and say how to verify."""
        self.connect()
        self.verify_role()
        try:
            numbers = [int(text) for text in proofs.split(",") if text]
            audit.record_look(actions.LOG_EXPORT_BEGUN, who=audit.SYSTEM, detail={"since": since})
            done = 0
            for done, wanted in export(
                connection, folder, begins=since, private=private, proofs=numbers, anchors=kept_anchors()
            ):
                self.show_progress(done, wanted)
        except (ExportRefused, OSError, ValueError) as trouble:
            raise CommandError(str(trouble)) from None
        audit.record_look(actions.LOG_EXPORTED, who=audit.SYSTEM, detail={"count": done})
        self.stdout.write(f"{done:,} entries in {folder}. Verify anywhere: python3 {folder}/verify_log.py {folder}")
