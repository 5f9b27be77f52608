"""A group's bookings out of another system: handed in, what is wrong told, broken off, gone on with, checked in."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from hotelrecords.tests.journeys import people
from hotelrecords.tests.journeys.house import House
from hotelrecords.tests.journeys.lists import hand_in
from hotelrecords.tests.journeys.visiting import Visit
from hotelrecords.tests.journeys.waiting import until
from staff.models import Property
from stays.models import ImportFile, Occupant, Stay
from stays.services.importing import progress_of
from stays.tests.lists_handed_in import as_csv, as_xlsx

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
BAD = (4, 11, 19, 20, 33, 41, 58)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADS = {"en": ("Name", "Phone", "From", "To", "Channel"), "zh-hans": ("姓名", "手机", "抵店日期", "离店日期", "渠道")}


def group(property: Property, language: str, size: int) -> list[list[str]]:
    """Bookings of a group that comes in forty days; of seven something is wrong."""
    arrival = property.today(timezone.now()) + timedelta(days=40 + len(language))
    days = [arrival.isoformat(), (arrival + timedelta(days=2)).isoformat()]
    rows = [[f"团员{language[0]}{place}号", "13912340000", *days, "旅行社"] for place in range(size)]
    for place in BAD:
        rows[place][2] = "待定"
    return rows


def counted(clerk: Visit) -> Sequence[str]:
    """The numbers of the page."""
    return clerk.page.locator("#counts dd").all_inner_texts()


def judge(clerk: Visit, file: ImportFile, rows: list[list[str]]) -> None:
    """All but the seven are in, each once."""
    file.refresh_from_db()
    good = len(rows) - len(BAD)
    assert (file.state, counted(clerk)) == ("done", [str(len(rows)), str(good), str(len(BAD))])
    written = Occupant.objects.filter(stay__property=file.property, stay__arrival_on=rows[0][2])
    assert (written.count(), written.values("subject").distinct().count()) == (good, good)


def test_a_group_comes_by_file_and_seven_rows_are_told(visit: Callable[..., Visit]) -> None:
    clerk, rows = visit(people.CLERK, "zh-hans"), group(Property.objects.get(code="harbour"), "zh-hans", 60)
    file = hand_in(clerk, "group", "text/csv", as_csv(*rows, head=HEADS["zh-hans"], encoding="gb18030"))
    assert counted(clerk) == ["60", "53", "7"]
    told = clerk.page.locator("#left-out tbody th").all_inner_texts()
    assert told == [str(place + 2) for place in BAD]
    clerk.look("import-checked")
    clerk.send("main form[action$='/start/'] button")
    expect(clerk.page.locator("#counts")).to_be_visible()
    judge(clerk, file, rows)
    clerk.look("import-done")


def test_five_hundred_bookings_are_broken_off_and_go_on(visit: Callable[..., Visit], house: House) -> None:
    clerk, rows = visit(people.CLERK), group(Property.objects.get(code="harbour"), "en", 500)
    file = hand_in(clerk, "group.xlsx", XLSX, as_xlsx(*rows, head=HEADS["en"]))
    assert counted(clerk) == ["500", "493", "7"]
    clerk.look("import-checked")
    clerk.send("main form[action$='/start/'] button")
    until(lambda: progress_of(file).written, "the first rows")
    house.kill("worker")
    try:
        assert 0 < progress_of(file).written < 493
        clerk.look("import-broken-off")
    finally:
        house.start("worker")
    until(lambda: ImportFile.objects.filter(pk=file.pk, state="done").exists(), "the rest")
    clerk.go("import_file", file.pk)
    judge(clerk, file, rows)
    clerk.look("import-done")


def test_columns_of_another_system_are_named_by_hand(visit: Callable[..., Visit]) -> None:
    clerk, property = visit(people.CLERK), Property.objects.get(code="harbour")
    day = property.today(timezone.now()) + timedelta(days=60)
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
    until(lambda: Stay.objects.filter(property=property, arrival_on=day).exists(), "the booking")
