"""The law the house goes by: what is shipped is loaded once, what stands in the database goes before it."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any, Final

from django.db import connection, transaction

from audit import services as audit
from privacy import actions
from privacy.models import Holiday, Profile, Rule, RuleChange
from privacy.policy import profiles, rules
from privacy.policy.calendars import Calendar
from privacy.policy.holidays import holidays_of
from staff.models import Property

HOLIDAY_YEARS: Final = 3  # this one and those after it
_FACTS: Final = tuple(field.name for field in fields(rules.Rule))


def load_law(*, at: datetime) -> int:
    """Write the shipped profiles, rules and holidays that are not there yet; returns how many rows were written.

    The operator's deed, at the machine. What the house has changed stays as it is; done again, it adds only what a
    newer version ships and the holidays of further years.
    """
    with transaction.atomic():
        _one_at_a_time()
        written = _load_profiles() + _load_rules() + _load_holidays(at.year)
        if written:
            audit.record(actions.LAW_LOADED, who=audit.SYSTEM, detail={"count": written})
    return written


def profile_of(jurisdiction: str) -> profiles.Profile:
    """The clock of a jurisdiction. Raises KeyError on one that is neither stored nor shipped."""
    stored = Profile.objects.filter(code=jurisdiction).first()
    if stored is None:
        return profiles.PROFILES[jurisdiction]
    return profiles.Profile(**{field.name: getattr(stored, field.name) for field in fields(profiles.Profile)})


def calendar_of(jurisdiction: str) -> Calendar:
    """The days off of a jurisdiction as far as they have been entered."""
    return Calendar.of(Holiday.objects.filter(jurisdiction=jurisdiction).values_list("day", "is_working"))


def rules_of_the_house(*, on: date) -> tuple[rules.Rule, ...]:
    """The retention rules in force on a day: those stored, and the shipped ones of which nothing is stored."""
    return tuple(rule for rule in _rules() if rule.is_in_force(on))


def rules_at(days: Mapping[Property, date]) -> dict[Property, dict[str, rules.Rule]]:
    """The retention rules in force at each property on its day as it names them, by code: its region's before the
    general one."""
    known = sorted(_rules(), key=lambda rule: rule.region) if days else []
    return {
        house: {rule.code: rule for rule in known if rule.region in ("", house.region) and rule.is_in_force(day)}
        for house, day in days.items()
    }


def _rules() -> list[rules.Rule]:
    stored = [rules.Rule(**row) for row in Rule.objects.values(*_FACTS)]
    known = {rule.code for rule in stored}
    return [*stored, *(rule for rule in rules.RULES if rule.code not in known)]


def versions_of_rules() -> list[tuple[rules.Rule, Rule | None]]:
    """Every version the house knows, past and coming ones too, with its row; shipped ones that are not stored have
    none."""
    stored = list(Rule.objects.select_related("confirmed_by"))
    known = {row.code for row in stored}
    shipped: list[tuple[rules.Rule, Rule | None]] = [(rule, None) for rule in rules.RULES if rule.code not in known]
    return [*((as_policy(row), row) for row in stored), *shipped]


def store_shipped(code: str) -> None:
    """Write the shipped versions of a rule where nothing of it is stored, so that a change of it has one to end."""
    if not Rule.objects.filter(code=code).exists():
        Rule.objects.bulk_create(Rule(**asdict(rule)) for rule in rules.RULES if rule.code == code)


def as_policy(row: Rule | RuleChange) -> rules.Rule:
    """A stored version, or a proposed one, as the policy reads it. A proposal has been confirmed by nobody."""
    facts: dict[str, Any] = {name: getattr(row, name, None) for name in _FACTS}
    return rules.Rule(**facts)


def _load_profiles() -> int:
    known = set(Profile.objects.values_list("code", flat=True))
    new = [Profile(**asdict(profile)) for code, profile in profiles.PROFILES.items() if code not in known]
    return len(Profile.objects.bulk_create(new))


def _load_rules() -> int:
    known = set(Rule.objects.values_list("code", flat=True))
    return len(Rule.objects.bulk_create(Rule(**asdict(rule)) for rule in rules.RULES if rule.code not in known))


def _load_holidays(year: int) -> int:
    """Whole years only: where the house has entered days of a year, it keeps that year by itself."""
    known = set(Holiday.objects.values_list("jurisdiction", "day__year"))
    new = [
        Holiday(jurisdiction=code, day=day)
        for code in profiles.PROFILES
        for each in range(year, year + HOLIDAY_YEARS)
        if (code, each) not in known
        for day in sorted(holidays_of(code, each))
    ]
    return len(Holiday.objects.bulk_create(new))


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('privacy.law'))")
