"""Counts name frequencies and writes every search token anew."""

from typing import Any

from django.core.management.base import BaseCommand

from vault import services as vault


class Command(BaseCommand):
    """Run after loading many guests at once, and from time to time; the desk goes on meanwhile."""

    help = "Rebuild the blind search index from what is sealed. May be run at any time, also after it was stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild and say how many guests were indexed."""
        count = vault.rebuild_search()
        if options["verbosity"]:
            self.stdout.write(f"Search index of {count} guests rebuilt.")
