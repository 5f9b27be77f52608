"""The days off of a year, entered by the house."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import timezone

from audit.models import Event
from privacy.models import Holiday
from privacy.services.calendar_days import enter_year, missing_years
from privacy.tests.factories import make_person
from privacy.tests.office import answers, on_duty
from staff.models import Person, Property

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 4, tzinfo=UTC)


def entered() -> list[tuple[str, date, bool]]:
    """What stands in the calendar."""
    return list(Holiday.objects.order_by("day").values_list("jurisdiction", "day", "is_working"))


def test_a_year_replaces_what_stood_there(officer: Person, house: Property) -> None:
    enter_year(actor=officer, house=house, year=2026, days={date(2026, 10, 1): False})
    enter_year(actor=officer, house=house, year=2027, days={date(2027, 10, 1): False})
    again = {date(2027, 10, 2): False, date(2027, 10, 9): True}
    assert enter_year(actor=officer, house=house, year=2027, days=again) == 2
    assert entered() == [
        ("CN", date(2026, 10, 1), False),
        ("CN", date(2027, 10, 2), False),
        ("CN", date(2027, 10, 9), True),
    ]
    told = Event.objects.filter(action="holidays.entered").order_by("id").values_list("actor", "object_ref", "detail")
    assert list(told)[-1] == (officer.pk, "CN", {"count": 2, "year": 2027})


def test_what_is_missing_of_this_year_and_the_next(officer: Person, house: Property) -> None:
    assert missing_years(house, at=AT) == [2026, 2027]
    enter_year(actor=officer, house=house, year=2026, days={date(2026, 10, 1): False})
    assert missing_years(house, at=AT) == [2027]


def test_officers_and_administrators_keep_the_calendar(officer: Person, clerk: Person, house: Property) -> None:
    people = (officer, make_person(house, "administrator"), clerk, make_person(house, "manager"))
    assert answers("/rules/holidays/", house, *people) == [200, 200, 403, 403]


def typed(days: str, year: int) -> dict[str, Any]:
    """What the form sends."""
    return {"year": year, "days": days}


def test_the_page_takes_lines_of_a_table(officer: Person, house: Property) -> None:
    client, year = on_duty(officer, house), timezone.localdate().year + 1
    answer = client.post("/rules/holidays/", typed(f"day,is_working\n{year}-10-01,0\n\n{year}-10-09, 1\n", year))
    assert (answer.status_code, entered()) == (
        302,
        [("CN", date(year, 10, 1), False), ("CN", date(year, 10, 9), True)],
    )


@pytest.mark.parametrize(
    "days", ["2027-10-01", "2027-10-01,2", "2026-10-01,0", "2027-13-01,0", "x,0", "2027-10-01,0\n2027-10-01,1"]
)
def test_a_line_that_is_no_day_is_named(officer: Person, house: Property, days: str) -> None:
    page = on_duty(officer, house).post("/rules/holidays/", typed(days, 2027))
    assert (page.status_code, list(page.context["form"].errors), entered()) == (200, ["days"], [])
    assert f"Line {1 + days.count(chr(10))} is no day of 2027" in page.content.decode()


def test_a_missing_year_is_told(officer: Person, house: Property) -> None:
    page = on_duty(officer, house).get("/rules/holidays/").content.decode()
    assert f"{timezone.localdate().year + 1} is not entered" in page
