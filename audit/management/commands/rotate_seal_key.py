"""Replaces the key that signs the log."""

from typing import Any

from django.core.management.base import CommandError

from audit import actions
from audit import services as audit
from audit.management.as_keeper import KeeperCommand, log_duties
from audit.replacing import replace_key
from audit.seal_key import SealKeyTrouble
from audit.sealing import SealRefused


class Command(KeeperCommand):
    """The keeper may go on meanwhile. Stopped or killed, run it again."""

    help = "Replaces the key in SEAL_DIR; the old key signs an entry that names the new one."

    def handle(self, *args: Any, **options: Any) -> None:
        """Replace it and say what the new one is known by."""
        self.connect()
        self.verify_role()
        try:
            new = replace_key(log_duties().sealer)
        except (SealRefused, SealKeyTrouble, OSError) as trouble:
            raise CommandError(str(trouble)) from None
        audit.record_look(actions.LOG_KEY_REPLACED, who=audit.SYSTEM)
        self.stdout.write(f"{new}\nPublish this key, and give it to every witness (--log), beside the old one.")
