"""``manage.py publish_notice``: the next version of the privacy notice, from two text files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from audit.services import Refused
from stays.services.notices import publish_notice


class Command(BaseCommand):
    """Publishes a notice; headings are lines that begin with ``## ``."""

    help = "Publish the next version of the privacy notice, in both languages."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One file for each language."""
        parser.add_argument("english", type=Path)
        parser.add_argument("chinese", type=Path)

    def handle(self, *args: Any, **given: Any) -> None:
        """Read both, publish, say which version it became."""
        try:
            texts = [given[name].read_text(encoding="utf-8") for name in ("english", "chinese")]
            notice = publish_notice(text_en=texts[0], text_zh=texts[1], at=timezone.now())
        except (OSError, UnicodeDecodeError, Refused) as trouble:
            raise CommandError(str(trouble)) from None
        self.stdout.write(f"Version {notice.version} of the privacy notice is shown from now on.")
