"""Loading the law, and reading what the house goes by."""

from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import call_command

from audit.models import Event
from privacy.models import Holiday, Profile, Rule
from privacy.policy import profiles, rules
from privacy.policy.calendars import WEEKENDS_ONLY
from privacy.policy.holidays import holidays_of
from privacy.services.law import calendar_of, load_law, profile_of, rules_of_the_house

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOLIDAYS = sum(len(holidays_of(code, year)) for code in profiles.PROFILES for year in (2026, 2027, 2028))
SHIPPED = len(profiles.PROFILES) + len(rules.RULES) + HOLIDAYS
TODAY = date(2026, 3, 2)


def loaded_rows() -> list[tuple[object, ...]]:
    """What the log says of loading."""
    told = ("actor", "actor_role", "property", "outcome", "object_type", "object_ref", "fields", "subjects", "detail")
    return list(Event.objects.filter(action="law.loaded").order_by("id").values_list(*told))


def test_what_is_shipped_is_written_once_and_logged() -> None:
    assert (load_law(at=AT), load_law(at=AT)) == (SHIPPED, 0)
    assert (Profile.objects.count(), Rule.objects.count(), Holiday.objects.count()) == (
        len(profiles.PROFILES),
        len(rules.RULES),
        HOLIDAYS,
    )
    assert loaded_rows() == [(None, "system", None, "ok", "", "", [], [], {"count": SHIPPED})]


def test_what_is_loaded_is_what_is_shipped() -> None:
    load_law(at=AT)
    assert {code: profile_of(code) for code in profiles.PROFILES} == profiles.PROFILES
    assert sorted(rules_of_the_house(on=TODAY), key=str) == sorted(rules.RULES, key=str)
    assert calendar_of("UK").holidays == frozenset().union(*(holidays_of("UK", year) for year in (2026, 2027, 2028)))


def test_without_loading_the_shipped_law_holds() -> None:
    assert profile_of("CN") == profiles.PROFILES["CN"]
    assert rules_of_the_house(on=TODAY) == rules.RULES
    assert calendar_of("CN") == WEEKENDS_ONLY


def test_what_the_house_has_changed_stays() -> None:
    load_law(at=AT)
    Profile.objects.filter(code="CN").update(answer_days=20, status="B")
    Rule.objects.filter(code="CN-RET-01").update(in_force_to=TODAY)
    Holiday.objects.filter(jurisdiction="UK", day=date(2026, 12, 28)).delete()
    assert load_law(at=AT) == 0
    found = next(rule for rule in rules_of_the_house(on=TODAY) if rule.code == "CN-RET-01")
    assert (profile_of("CN").answer_days, found.in_force_to) == (20, TODAY)
    assert date(2026, 12, 28) not in calendar_of("UK").holidays


def test_a_later_version_of_a_rule_takes_over_on_its_day() -> None:
    load_law(at=AT)
    Rule.objects.filter(code="CN-RET-01").update(in_force_to=date(2026, 12, 31))
    old = Rule.objects.get(code="CN-RET-01")
    old.pk, old.number, old.in_force_from, old.in_force_to = None, 1, date(2027, 1, 1), None
    old.save(force_insert=True)
    years = [
        [rule.number for rule in rules_of_the_house(on=day) if rule.code == "CN-RET-01"]
        for day in (date(2026, 12, 31), date(2027, 1, 1))
    ]
    assert (years, load_law(at=AT)) == ([[3], [1]], 0)


def test_the_next_year_brings_its_holidays() -> None:
    load_law(at=AT)
    added = sum(len(holidays_of(code, 2029)) for code in profiles.PROFILES)
    assert load_law(at=AT.replace(year=2027)) == added > 0


def test_weekend_days_worked_in_exchange_are_read() -> None:
    Holiday.objects.create(jurisdiction="CN", day=date(2026, 10, 1))
    Holiday.objects.create(jurisdiction="CN", day=date(2026, 10, 10), is_working=True)
    calendar = calendar_of("CN")
    assert [calendar.is_working(date(2026, 10, day)) for day in (1, 2, 10, 11)] == [False, True, True, False]


def test_an_unknown_jurisdiction_is_refused() -> None:
    with pytest.raises(KeyError):
        profile_of("FR")


def test_the_command_says_what_it_did() -> None:
    said = StringIO()
    call_command("load_law", stdout=said)
    call_command("load_law", stdout=said)
    first, second = said.getvalue().splitlines()
    assert first.endswith(" rows of law written.")
    assert second == "The law is loaded already: nothing done."
