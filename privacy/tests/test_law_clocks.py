"""Due dates, acknowledgements and holidays, in every jurisdiction."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.policy.calendars import (
    WEEKENDS_ONLY,
    Calendar,
    NoExtension,
    acknowledge_by,
    add_months,
    due_on,
    may_extend,
    target_on,
)
from privacy.policy.holidays import ANNOUNCED_YEARLY, easter, holidays_of
from privacy.policy.profiles import PROFILES, Counts
from staff.models import Jurisdiction

CN, EU, UK, HK, SG, CA = (PROFILES[code] for code in ("CN", "EU", "UK", "HK", "SG", "US-CA"))
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


def test_there_is_a_profile_for_every_jurisdiction_of_a_property() -> None:
    assert set(PROFILES) == set(Jurisdiction.values)


@pytest.mark.parametrize(
    ("code", "received", "due", "extended"),
    [
        ("CN", "2026-03-02", "2026-04-01", "2026-04-16"),  # calendar days, also on a weekend
        ("CN", "2026-03-05", "2026-04-04", "2026-04-19"),
        ("EU", "2026-03-02", "2026-04-02", "2026-06-02"),
        ("EU", "2026-01-31", "2026-03-02", "2026-04-30"),  # 28 February is a Saturday
        ("DE", "2024-01-31", "2024-02-29", "2024-04-30"),
        ("ES", "2026-11-13", "2026-12-14", "2027-02-15"),  # both ends on weekends
        ("UK", "2026-08-30", "2026-09-30", "2026-11-30"),
        ("HK", "2026-03-02", "2026-04-11", None),
        ("SG", "2026-03-02", "2026-04-01", None),
        ("US-CA", "2026-03-02", "2026-04-16", "2026-05-31"),
    ],
)
def test_due_dates(code: str, received: str, due: str, extended: str | None) -> None:
    day, profile = date.fromisoformat(received), PROFILES[code]
    assert due_on(profile, day) == date.fromisoformat(due)
    assert may_extend(profile) is (extended is not None)
    if extended is not None:
        assert due_on(profile, day, extended=True) == date.fromisoformat(extended)


@pytest.mark.parametrize("profile", [HK, SG])
def test_no_extension_where_the_law_knows_none(profile: object) -> None:
    with pytest.raises(NoExtension):
        due_on(profile, date(2026, 3, 2), extended=True)  # type: ignore[arg-type]


def test_months_roll_over_a_holiday_and_a_weekend() -> None:
    bank = Calendar(holidays=holidays_of("UK", 2026))
    assert due_on(UK, date(2026, 11, 25), calendar=bank) == date(2026, 12, 29)  # Friday to Tuesday after Christmas


def test_pauses_are_added() -> None:
    assert due_on(CN, date(2026, 3, 2), paused_days=7) == date(2026, 4, 8)
    with pytest.raises(ValueError, match="negative"):
        due_on(CN, date(2026, 3, 2), paused_days=-1)


def test_a_profile_without_a_period_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a period"):
        due_on(replace(CN, answer_days=None), date(2026, 3, 2))


def test_days_may_be_working_days() -> None:
    assert due_on(replace(CN, answer_days=5, counts=Counts.WORKING), date(2026, 3, 6)) == date(2026, 3, 13)


def test_the_target_of_fifteen_working_days_comes_before_the_cap() -> None:
    national_day = Calendar(holidays=frozenset(date(2026, 10, day) for day in range(1, 9)))
    assert target_on(CN, date(2026, 3, 2)) == date(2026, 3, 23)
    assert target_on(CN, date(2026, 9, 25), calendar=national_day) == date(2026, 10, 24 + 2 - 1)
    assert target_on(EU, date(2026, 3, 2)) == due_on(EU, date(2026, 3, 2))


@pytest.mark.parametrize(
    ("received", "by"), [("2026-03-02", "2026-03-03"), ("2026-03-06", "2026-03-09"), ("2026-03-07", "2026-03-09")]
)
def test_acknowledged_in_one_working_day(received: str, by: str) -> None:
    assert acknowledge_by(CN, date.fromisoformat(received)) == date.fromisoformat(by)


def test_a_weekend_day_worked_in_exchange_counts() -> None:
    calendar = Calendar.of([(date(2026, 3, 7), True), (date(2026, 3, 9), False)])
    assert acknowledge_by(CN, date(2026, 3, 6), calendar=calendar) == date(2026, 3, 7)
    assert acknowledge_by(CN, date(2026, 3, 7), calendar=calendar) == date(2026, 3, 10)


@given(DAYS, st.sampled_from(sorted(PROFILES)), st.integers(0, 60))
def test_promises_of_every_due_date(received: date, code: str, paused: int) -> None:
    profile = PROFILES[code]
    due = due_on(profile, received, paused_days=paused)
    assert due >= received + timedelta(days=28 + paused)
    assert due_on(profile, received, paused_days=paused + 1) >= due
    assert received < acknowledge_by(profile, received) <= target_on(profile, received, paused_days=paused) <= due
    if profile.answer_months:
        assert WEEKENDS_ONLY.is_working(due)
    if may_extend(profile):
        assert due_on(profile, received, paused_days=paused, extended=True) > due


@given(DAYS, st.integers(0, 48))
def test_months_keep_the_day_or_take_the_last(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@pytest.mark.parametrize(
    ("year", "sunday"), [(2024, "2024-03-31"), (2025, "2025-04-20"), (2026, "2026-04-05"), (2038, "2038-04-25")]
)
def test_easter(year: int, sunday: str) -> None:
    assert easter(year) == date.fromisoformat(sunday)


def test_bank_holidays_of_england_with_their_substitutes() -> None:
    assert sorted(holidays_of("UK", 2027)) == [
        date(2027, 1, 1), date(2027, 3, 26), date(2027, 3, 29), date(2027, 5, 3), date(2027, 5, 31),
        date(2027, 8, 30), date(2027, 12, 27), date(2027, 12, 28),
    ]  # fmt: skip


def test_nationwide_holidays_of_germany() -> None:
    assert sorted(holidays_of("DE", 2026)) == [
        date(2026, 1, 1), date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 14),
        date(2026, 5, 25), date(2026, 10, 3), date(2026, 12, 25), date(2026, 12, 26),
    ]  # fmt: skip


@pytest.mark.parametrize("code", sorted(ANNOUNCED_YEARLY))
def test_what_is_announced_yearly_is_not_shipped(code: str) -> None:
    assert holidays_of(code, 2026) == frozenset()
