"""``manage.py load_checklist``: the review standard a new house begins with."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from stays.checklist import write_checklist


class Command(BaseCommand):
    """Writes the standard checklist where there is none yet."""

    help = "Write the standard review checklist of check-in, unless there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it, and say what was done."""
        with transaction.atomic():
            written = write_checklist()
        self.stdout.write(f"{written} lines written." if written else "There is a checklist already: nothing done.")
