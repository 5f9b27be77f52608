"""``manage.py open_roll_call CODE``: who is in house, while the database is away."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stays.services.down_time import NoSheet, Sheet, open_sheet
from vault.sealing import SealBroken


class Command(BaseCommand):
    """Opens the sealed sheet of a property and prints it; a note of it becomes a row of the log later."""

    help = "Print the prepared roll call of a property. Needs KEYS_DIR and ROLL_CALL_DIR, and no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Which property, in which language."""
        parser.add_argument("code", help="the property's code, such as harbour")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, choices=dict(settings.LANGUAGES))

    def handle(self, *args: Any, code: str, language: str, **options: Any) -> None:
        """Print it, floor by floor."""
        try:
            sheet = open_sheet(code, at=timezone.now())
        except (NoSheet, SealBroken, OSError) as trouble:
            raise CommandError(str(trouble)) from trouble
        with translation.override(language):
            self.stdout.write("\n".join(_lines(sheet)))


def _lines(sheet: Sheet) -> list[str]:
    made = date_format(timezone.localtime(sheet.made_at), "DATETIME_FORMAT")
    lines = [f"{sheet.house} · {_('Roll call')} · {made} · {_('in house: %(people)s') % {'people': sheet.count}}"]
    for floor in sheet.floors:
        named = _("No room") if floor.number is None else _("Floor %(number)s") % {"number": floor.number}
        lines += ["", named]
        for one in floor.people:
            marks = [_("Confidential")] * one.confidential + [_("Visitor")] * one.visitor
            mark = f" ({' · '.join(marks)})" if marks else ""
            lines.append(f"  [ ] {one.room:<8} {one.name.plain or _('nameless')}{mark}")
    return lines
