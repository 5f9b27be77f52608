"""``manage.py restore_drill``: everything a real restore does, into a database for trial, with the clock running."""

from argparse import ArgumentParser
from typing import Any

from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from staff import duties
from staff.management.commands.backup import TROUBLE
from staff.services.duties import report_done
from vault import rotation
from vault.backup import drilling, taking
from vault.ledger_copy import LedgerForked
from vault.progress import Bar


class Command(BaseCommand):
    """Runs as the keeper (``DATABASE_URL``); restores as the backup role, with the keys of the keyring."""

    help = "Restore the newest backup for trial: data, keys, ledger, new index, proof. The report stands on a page."
    requires_system_checks = [Tags.security]  # folders and secrets: it opens no page

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which backup."""
        parser.add_argument("--backup", default="", help="the backup's name; the newest one")

    def handle(self, *args: Any, **options: Any) -> None:
        """Drill, and tell the seconds of each step."""
        is_done = False
        try:
            with taking.alone():
                drill = drilling.drill(
                    name=options["backup"], at=timezone.now(), show=Bar(is_silent=not options["verbosity"])
                )
            is_done = True
        except (*TROUBLE, LedgerForked, rotation.RotationTrouble) as trouble:
            raise CommandError(f"{type(trouble).__name__}: {trouble}") from trouble
        finally:
            report_done(code=duties.RESTORE_DRILL, at=timezone.now(), failed=not is_done)
        for step in drill.steps:
            self.stdout.write(f"{step['name']:<12}{float(step['seconds']):10.2f} s")
        self.stdout.write(f"Backup {drill.backup} can be restored.")
