"""The holidays of a year, entered by the house where they are announced year by year (and the weekend days worked)."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from audit import services as audit
from privacy import actions, permissions
from privacy.models import Holiday
from privacy.services.reviewing import today
from staff import permissions as rights
from staff.models import Person, Property


def enter_year(*, actor: Person, house: Property, year: int, days: Mapping[date, bool]) -> int:
    """Make these the days of a year that are not what their weekday says, instead of what stood there; how many.

    ``days``: whether each is worked. Raises ``NotAllowed``, and ValueError on a day of another year.
    """
    if not any(rights.may(actor, right, house) for right in permissions.KEEPS_HOLIDAYS):
        raise rights.NotAllowed(object_type="right", object_ref=permissions.KEEPS_HOLIDAYS[0])
    if any(day.year != year for day in days):
        raise ValueError("a day of another year")
    place = house.jurisdiction
    with transaction.atomic():
        Holiday.objects.filter(jurisdiction=place, day__year=year).delete()
        for day, is_working in sorted(days.items()):
            Holiday.objects.create(jurisdiction=place, day=day, is_working=is_working)
        audit.record(
            actions.HOLIDAYS_ENTERED, who=rights.who(actor, house), object_type="calendar", object_ref=place,
            detail={"count": len(days), "year": year},
        )  # fmt: skip
    return len(days)


def missing_years(house: Property, *, at: datetime) -> list[int]:
    """This year and the coming one, as far as no day of them is entered under the law of the property."""
    this_year = today(house, at).year
    known = set(Holiday.objects.filter(jurisdiction=house.jurisdiction).values_list("day__year", flat=True))
    return [year for year in (this_year, this_year + 1) if year not in known]
