"""Makes the keys of a new house; does nothing where they exist."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from audit import services as audit
from vault import actions, keys


class Command(BaseCommand):
    """Run once after ``migrate``, with the owner's database address: only the owner may register keys."""

    help = "Make the vault's keys in KEYS_DIR and register them. Does nothing where they exist."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make what is missing, then read every key once."""
        try:
            made = self._make()
            lost = list(keys.missing_keys())
        except (keys.KeysExposed, keys.KeyUnknown) as trouble:
            raise CommandError(str(trouble)) from trouble
        if lost:
            raise CommandError(f"registered but missing in the key folder: {', '.join(lost)}. Restore the folder.")
        if options["verbosity"]:
            self.stdout.write(f"{made} keys made in {keys.provider().folder}" if made else "The keys are there.")

    @transaction.atomic
    def _make(self) -> int:
        made = len(keys.make_keys())
        if made:
            audit.record(actions.KEYS_MADE, who=audit.SYSTEM, object_type="keys", detail={"count": made})
        return made
