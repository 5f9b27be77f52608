"""``manage.py load_law``: the retention rules, jurisdiction profiles and holidays a house begins with."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from privacy.services.law import load_law


class Command(BaseCommand):
    """Writes what is shipped and not there yet; what the house has changed stays."""

    help = "Load the shipped retention rules, jurisdiction profiles and holidays that are not there yet."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say what was done."""
        written = load_law(at=timezone.now())
        self.stdout.write(f"{written} rows of law written." if written else "The law is loaded already: nothing done.")
