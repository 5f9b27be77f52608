"""Public holidays that can be told in advance, nationwide, by rule.

Mainland China, Hong Kong and Singapore announce or reckon theirs year by year (for China with the weekend days that
are worked in exchange): none are shipped, the house enters them. The same goes for holidays of single regions. A
holiday that is missing only makes an answer due earlier, never later.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

ANNOUNCED_YEARLY: Final = frozenset({"CN", "HK", "SG"})

_MONDAY = 0
# Month and day. EU: what all member states have in common.
_FIXED: Final[dict[str, tuple[tuple[int, int], ...]]] = {
    "EU": ((1, 1), (12, 25)),
    "DE": ((1, 1), (5, 1), (10, 3), (12, 25), (12, 26)),
    "ES": ((1, 1), (1, 6), (5, 1), (8, 15), (10, 12), (11, 1), (12, 6), (12, 8), (12, 25)),
}
# Days from Easter Sunday: Good Friday -2, Easter Monday 1, Ascension Day 39, Whit Monday 50.
_FROM_EASTER: Final[dict[str, tuple[int, ...]]] = {"DE": (-2, 1, 39, 50), "ES": (-2,), "UK": (-2, 1)}


def holidays_of(jurisdiction: str, year: int) -> frozenset[date]:
    """The nationwide holidays of a year; for the United Kingdom the bank holidays of England and Wales."""
    sunday = easter(year)
    days = {date(year, month, day) for month, day in _FIXED.get(jurisdiction, ())}
    days |= {sunday + timedelta(days=offset) for offset in _FROM_EASTER.get(jurisdiction, ())}
    return frozenset(days | _bank_holidays(year) if jurisdiction == "UK" else days)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm, Nature 1876)."""
    century, of_century = divmod(year, 100)
    golden = year % 19
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (of_century // 4) - moon - of_century % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _bank_holidays(year: int) -> set[date]:
    """Those beside Easter: three Mondays, and three fixed days with substitutes after a weekend."""
    mondays = {_monday_from(date(year, 5, 1)), _monday_from(date(year, 5, 25)), _monday_from(date(year, 8, 25))}
    return mondays | _substituted((date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)))


def _monday_from(day: date) -> date:
    return day + timedelta(days=(_MONDAY - day.weekday()) % 7)


def _substituted(days: Iterable[date]) -> set[date]:
    """Each on its own weekday: one that falls on a weekend or a day already taken moves on."""
    taken: set[date] = set()
    for day in days:
        while day.weekday() > 4 or day in taken:
            day += timedelta(days=1)
        taken.add(day)
    return taken
