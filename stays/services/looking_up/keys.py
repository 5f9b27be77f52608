"""What the search box may mean besides a guest: a stay's number, a room, a date."""

import re
import unicodedata
from contextlib import suppress
from datetime import date

_REFERENCE = re.compile(r"(20\d{2})-(\d{1,6})")
_DATES = (
    re.compile(r"(?P<year>20\d{2})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})"),
    re.compile(r"(?P<month>\d{1,2})[-/](?P<day>\d{1,2})"),
    re.compile(r"(?:(?P<year>20\d{2})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]?"),
)


def plain(text: str) -> str:
    """The term without look-alikes of full width and outer spaces."""
    return unicodedata.normalize("NFKC", text).strip()


def as_reference(text: str) -> str:
    """The stay's number the term means, zeros filled in, or empty."""
    match = _REFERENCE.fullmatch(text)
    return f"{match[1]}-{int(match[2]):06d}" if match else ""


def as_date(text: str, today: date) -> date | None:
    """The day the term means; without a year the one nearest to today."""
    for pattern in _DATES:
        if match := pattern.fullmatch(text):
            parts = match.groupdict()
            return _nearest(parts.get("year"), int(parts["month"]), int(parts["day"]), today)
    return None


def _nearest(year: str | None, month: int, day: int, today: date) -> date | None:
    found = []
    for each in [int(year)] if year else range(today.year - 1, today.year + 2):
        with suppress(ValueError):
            found.append(date(each, month, day))
    return min(found, key=lambda one: abs((one - today).days), default=None)
