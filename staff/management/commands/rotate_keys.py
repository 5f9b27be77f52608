"""``manage.py rotate_keys``: new keys for old, the old ones destroyed once nothing needs them."""

from argparse import ArgumentParser
from typing import Any

from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from staff import duties, second_factor
from staff.management.commands.backup import TROUBLE
from staff.services.duties import report_done
from vault import rotation
from vault.backup import folders, keyring, scratch, taking
from vault.models import KeyEpoch
from vault.progress import Bar


class Command(BaseCommand):
    """Runs as the owner (``DATABASE_URL``), reads backups' data as the backup role. The desk works on meanwhile."""

    help = (
        "Replace the key of all guests' keys (--kek), of the search index (--index). Run it again after it was stopped."
    )
    requires_system_checks = [Tags.security]  # folders and secrets: it opens no page

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which key."""
        parser.add_argument("--kek", action="store_true", help="the key that wraps every envelope's key")
        parser.add_argument("--index", action="store_true", help="the key of the search index")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate what was asked for, or say in one sentence what is in the way."""
        if not options["kek"] and not options["index"]:
            raise CommandError("Say which key: --kek, --index or both.")
        bar = Bar(is_silent=not options["verbosity"])
        try:
            with taking.alone():
                if options["index"]:
                    self._rotate_index(bar)
                if options["kek"]:
                    self._rotate_kek(bar)
        except (*TROUBLE, rotation.RotationTrouble) as trouble:
            raise CommandError(f"{type(trouble).__name__}: {trouble} Nothing is lost: run it again.") from trouble
        self.stdout.write(f"Replace every copy of {keyring.path()} kept elsewhere: it still holds destroyed keys.")

    def _rotate_index(self, bar: Bar) -> None:
        keyring.path()
        count = rotation.rotate_index(show=bar)
        keyring.write(at=timezone.now())
        report_done(code=duties.ROTATE_INDEX, at=timezone.now())
        self.stdout.write(f"The key of the search index is new, {count} guests indexed; the old key is destroyed.")

    def _rotate_kek(self, bar: Bar) -> None:
        if rotation.finish_destroying(KeyEpoch.Purpose.KEK):
            gone = folders.forget_keys_before(folders.newest_keys())
            self.stdout.write(
                f"An earlier rotation was finished: its old key is destroyed, {len(gone)} older key backups removed."
            )
        else:
            self._replace_kek(bar)
        report_done(code=duties.ROTATE_KEK, at=timezone.now())

    def _replace_kek(self, bar: Bar) -> None:
        keyring.path()
        new, old = rotation.begin_kek()
        count = rotation.rewrap(new, bar)
        rotation.wait_until_noticed(new)
        count += rotation.rewrap(new, bar)
        sealed = second_factor.reseal_all()
        keyring.write(at=timezone.now(), without=[each.reference for each in old])
        taken = taking.take(at=timezone.now(), show=bar, prove_with=scratch.keys_of_keyring)
        rotation.destroy_keks(new, old, reseal=second_factor.reseal_all, count=count)
        gone = folders.forget_keys_before(folders.Files(taken.name))
        self.stdout.write(
            f"{new} wraps {count} keys and {sealed} secrets of second factors; backup {taken.name} opens with the new "
            f"keyring; {', '.join(map(str, old))} destroyed, {len(gone)} older key backups removed."
        )
