"""Due dates: working and calendar days, months by date, the one extension, pauses, the acknowledgement.

The day of receipt is not counted (民法典 201; Regulation (EEC, Euratom) 1182/71, article 3(1)). A period in months ends
on the day of the same number, or the last of the month where there is none (民法典 202; Regulation 1182/71, article
3(2)(c)), and rolls to the next working day (article 3(4)). Periods in calendar days do not roll.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from privacy.policy.profiles import Counts

SATURDAY = 5


class NoExtension(ValueError):
    """The law of this place knows no longer period, or the house has set none."""


class AnswerClock(Protocol):
    """What a due date is reckoned from: ``profiles.Profile`` and the profile in the database alike."""

    @property
    def answer_days(self) -> int | None: ...
    @property
    def answer_months(self) -> int | None: ...
    @property
    def answer_target_working_days(self) -> int | None: ...
    @property
    def extension_days(self) -> int | None: ...
    @property
    def extension_months(self) -> int | None: ...
    @property
    def ack_working_days(self) -> int: ...
    @property
    def counts(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days off of a jurisdiction. ``worked``: weekend days made working days in exchange, as in China."""

    holidays: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    @classmethod
    def of(cls, days: Iterable[tuple[date, bool]]) -> "Calendar":
        """From rows of day and whether it is worked."""
        rows = list(days)
        return cls(
            holidays=frozenset(day for day, is_working in rows if not is_working),
            worked=frozenset(day for day, is_working in rows if is_working),
        )

    def is_working(self, day: date) -> bool:
        """Whether the house's offices work on that day."""
        return day in self.worked or (day.weekday() < SATURDAY and day not in self.holidays)

    def next_working(self, day: date) -> date:
        """The day itself where it is worked, else the next that is."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def after(self, day: date, working_days: int) -> date:
        """So many working days after a day, which is not counted itself."""
        for _each in range(working_days):
            day = self.next_working(day + timedelta(days=1))
        return day


WEEKENDS_ONLY = Calendar()


def due_on(
    profile: AnswerClock,
    received_on: date,
    *,
    extended: bool = False,
    paused_days: int = 0,
    calendar: Calendar = WEEKENDS_ONLY,
) -> date:
    """The last day of the answer. Paused days are calendar days and are added.

    Raises ``NoExtension`` where there is none, and ValueError on a profile without a period or a negative pause.
    """
    if extended and not may_extend(profile):
        raise NoExtension("no extension in this jurisdiction")
    months, days = _length(profile, extended=extended)
    if paused_days < 0 or not (months or days):
        raise ValueError("an answer needs a period, and a pause cannot be negative")
    start = add_months(received_on, months)
    if profile.counts == Counts.WORKING:
        return calendar.after(start, days) + timedelta(days=paused_days)
    day = start + timedelta(days=days + paused_days)
    return calendar.next_working(day) if months else day


def target_on(
    profile: AnswerClock, received_on: date, *, paused_days: int = 0, calendar: Calendar = WEEKENDS_ONLY
) -> date:
    """The day the house means to have answered by; never after the due date without extension."""
    last = due_on(profile, received_on, paused_days=paused_days, calendar=calendar)
    if not profile.answer_target_working_days:
        return last
    return min(last, calendar.after(received_on, profile.answer_target_working_days) + timedelta(days=paused_days))


def acknowledge_by(profile: AnswerClock, received_on: date, *, calendar: Calendar = WEEKENDS_ONLY) -> date:
    """The last day of the acknowledgement, in working days after receipt."""
    return calendar.after(received_on, profile.ack_working_days)


def may_extend(profile: AnswerClock) -> bool:
    """Whether one extension with notice is possible at all."""
    return bool(profile.extension_days or profile.extension_months)


def add_months(day: date, months: int) -> date:
    """The day of the same number so many months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _length(profile: AnswerClock, *, extended: bool) -> tuple[int, int]:
    months, days = profile.answer_months or 0, profile.answer_days or 0
    if extended:
        months, days = months + (profile.extension_months or 0), days + (profile.extension_days or 0)
    return months, days
