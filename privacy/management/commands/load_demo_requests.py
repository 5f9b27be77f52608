"""``manage.py load_demo_requests``: requests of the demonstration's guests."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from privacy import demonstration


class Command(BaseCommand):
    """Loads them once, after ``load_demo``; a second run finds them loaded and does nothing."""

    help = "Load the law and some requests into the demonstration."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say what was done. Refused unless DEMO is on."""
        if not settings.DEMO:
            raise CommandError("Set DEMO=1 to load the demonstration.")
        if demonstration.is_loaded():
            self.stdout.write("  The demonstration's requests are loaded already.")
            return
        self.stdout.write(f"    Done: {demonstration.load(at=timezone.now())} requests")
