"""A group's bookings out of another system: handed in, what is wrong told, broken off, gone on with, checked in."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from hotelrecords.tests.journeys import people
from hotelrecords.tests.journeys.lists import hand_in
from hotelrecords.tests.journeys.visiting import Visit
from hotelrecords.tests.journeys.waiting import until
from staff.models import Property
from stays.models import ImportFile, Occupant, Stay
from stays.tests.lists_handed_in import as_csv, as_xlsx

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-hans"])
GROUP, BAD = 60, (4, 11, 19, 20, 33, 41, 58)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def group(house: Property, language: str) -> list[list[str]]:
    """Bookings of a group that comes in forty days; of seven something is wrong."""
    arrival = house.today(timezone.now()) + timedelta(days=40 + len(language))
    days = [arrival.isoformat(), (arrival + timedelta(days=2)).isoformat()]
    rows = [[f"团员{language[0]}{place}号", "13912340000", *days, "旅行社"] for place in range(GROUP)]
    for place in BAD:
        rows[place][2] = "待定"
    return rows


def counted(clerk: Visit) -> Sequence[str]:
    """The numbers of the page."""
    return clerk.page.locator("#counts dd").all_inner_texts()


@LANGUAGES
def test_a_group_comes_by_file_and_seven_rows_are_told(visit: Callable[..., Visit], language: str) -> None:
    clerk, house = visit(people.CLERK, language), Property.objects.get(code="harbour")
    head = (
        ("姓名", "手机", "抵店日期", "离店日期", "渠道")
        if language != "en"
        else ("Name", "Phone", "From", "To", "Channel")
    )
    rows = group(house, language)
    content = as_xlsx(*rows, head=head) if language == "en" else as_csv(*rows, head=head, encoding="gb18030")
    file = hand_in(clerk, "group", XLSX if language == "en" else "text/csv", content)
    assert counted(clerk) == [str(GROUP), str(GROUP - len(BAD)), str(len(BAD))]
    told = clerk.page.locator("#left-out tbody th").all_inner_texts()
    assert told == [str(place + 2) for place in BAD]
    clerk.look("import-checked")
    clerk.send("main form[action$='/start/'] button")
    expect(clerk.page.locator("#counts")).to_be_visible()
    file.refresh_from_db()
    assert (file.state, counted(clerk)) == ("done", [str(GROUP), str(GROUP - len(BAD)), str(len(BAD))])
    clerk.look("import-done")
    written = Occupant.objects.filter(stay__property=house, stay__arrival_on=rows[0][2])
    assert (written.count(), written.values("subject").distinct().count()) == (GROUP - len(BAD), GROUP - len(BAD))


def test_columns_of_another_system_are_named_by_hand(visit: Callable[..., Visit]) -> None:
    clerk, house = visit(people.CLERK), Property.objects.get(code="harbour")
    day = house.today(timezone.now()) + timedelta(days=60)
    row = ["轩辕十四", day.isoformat(), (day + timedelta(days=1)).isoformat()]
    file = hand_in(clerk, "list.csv", "text/csv", as_csv(row, head=("Spalte 1", "Spalte 2", "Spalte 3")))
    assert counted(clerk) == ["1", "0", "1"]
    clerk.answer(name="0", arrival_on="1", departure_on="2")
    clerk.look("import-columns")
    clerk.send("main form[action$='/columns/'] button")
    until(lambda: ImportFile.objects.filter(pk=file.pk, state="ready").exists(), "the check")
    clerk.go("import_file", file.pk)
    assert counted(clerk) == ["1", "1", "0"]
    clerk.send("main form[action$='/start/'] button")
    until(lambda: Stay.objects.filter(property=house, arrival_on=day).exists(), "the booking")
