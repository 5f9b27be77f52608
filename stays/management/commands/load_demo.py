"""``manage.py load_demo``: three hotels to try the product with."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from stays.demo import loading


class Command(BaseCommand):
    """Loads the demonstration once; a second run finds it loaded and does nothing."""

    help = "Load the demonstration: three hotels, their staff, and guests who do not exist."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say what was done. Refused unless DEMO is on: its passwords are known to everybody."""
        if not settings.DEMO:
            raise CommandError("Set DEMO=1 to load the demonstration: its passwords are known to everybody.")
        if loading.is_loaded():
            self.stdout.write("  The demonstration is loaded already.")
            return
        began = time.monotonic()
        count = loading.load(at=timezone.now(), say=lambda words: self.stdout.write(f"    {words}"))
        self.stdout.write(f"    Done: {count} stays in {time.monotonic() - began:.1f} s")
