"""``manage.py load_demo_looks``: a day of looks at the demonstration's guests."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from stays.demo import looking


class Command(BaseCommand):
    """Looks once, after ``load_demo``; a second run finds the looks and does nothing."""

    help = "Have the demonstration's clerks look at their guests, one of them without a reason."

    def handle(self, *args: Any, **options: Any) -> None:
        """Look, and say how often. Refused unless DEMO is on."""
        if not settings.DEMO:
            raise CommandError("Set DEMO=1 to load the demonstration.")
        if looking.is_loaded():
            self.stdout.write("  The demonstration's guests were looked at already.")
            return
        self.stdout.write(f"    Done: {looking.load(at=timezone.now())} looks")
