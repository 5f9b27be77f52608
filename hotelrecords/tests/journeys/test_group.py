"""Thirty guests come with one bus: brought in by file, checked in on one page, document after document."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Final

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from audit.models import Event
from hotelrecords.tests.journeys import guests, people
from hotelrecords.tests.journeys.lists import hand_in
from hotelrecords.tests.journeys.visiting import Visit
from hotelrecords.tests.journeys.waiting import until
from staff.models import Person, Property
from stays import services
from stays.models import Room, RoomUse, Stay
from stays.tests.lists_handed_in import as_csv

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
GROUP, SIZE = "HX-2026", 30
BORN: Final = date(1979, 4, 5)
HEAD: Final = ("姓名", "手机", "抵店日期", "离店日期", "渠道", "团号")
DOCUMENTS: Final = "main [data-scan]"


def add_wing(house: Property) -> None:
    """Rooms for the group, the first the house offers to one person; two more than are needed."""
    Room.objects.bulk_create(
        Room(property=house, number=f"B{place:02d}", floor=0, type=Room.Type.SINGLE, capacity=1)
        for place in range(SIZE + 2)
    )


def bring_in(clerk: Visit, house: Property) -> None:
    """Hand in the group's list and start it."""
    day = house.today(timezone.now())
    days = [day.isoformat(), (day + timedelta(days=2)).isoformat()]
    rows = [[f"团客{place:02d}号", f"138123400{place:02d}", *days, "旅行社", GROUP] for place in range(SIZE)]
    hand_in(clerk, "group.csv", "text/csv", as_csv(*rows, head=HEAD))
    clerk.send("main form[action$='/start/'] button")
    until(lambda: Stay.objects.filter(group=GROUP).count() == SIZE, "the group's bookings")


def scan(page: Page, numbers: Sequence[str]) -> None:
    """As a scanner does it: each number, then Enter, which leads to the next booking."""
    page.locator(DOCUMENTS).first.focus()
    for number in numbers:
        page.keyboard.insert_text(number)
        page.keyboard.press("Enter")


def state_of_rooms() -> tuple[int, int]:
    """How many of the group live in a room, and in how many rooms."""
    uses = RoomUse.objects.filter(stay__group=GROUP, state="in_house")
    return uses.values("stay").distinct().count(), uses.values("room").distinct().count()


def test_a_group_of_thirty_is_checked_in_on_one_page(visit: Callable[..., Visit]) -> None:
    house = Property.objects.get(code="harbour")
    add_wing(house)
    bring_in(visit(people.CLERK, "zh-hans"), house)
    clerk = visit(people.SECOND_CLERK, "en")
    clerk.go("front_desk")
    clerk.turn_to("groups")
    clerk.look("groups")
    page = clerk.turn_to("group_check_in", GROUP)
    proposed = [field.input_value() for field in page.locator("main [name$=-room]").all()]
    assert proposed == [f"B{place:02d}" for place in range(SIZE)]
    clerk.look("group")
    scan(page, [guests.resident_number(BORN, place + 1) for place in range(SIZE)])
    expect(page.locator("button[value=complete]:not(.unseen)")).to_be_focused()
    for box in page.locator("main [type=checkbox]").all():
        box.check()
    colleague = Person.objects.get(staff_number=people.CLERK)
    services.change_room_state(actor=colleague, room=Room.objects.get(property=house, number="B03"), state="dirty")
    clerk.send("button[value=complete]:not(.unseen)")
    assert state_of_rooms() == (SIZE - 1, SIZE - 1)
    row = page.locator("table.group tbody tr")
    assert row.locator(DOCUMENTS.removeprefix("main ")).input_value() == guests.resident_number(BORN, 4)
    assert "B03" in row.locator(".reasons").inner_text()
    clerk.look("group-one-left")
    row.locator("[name$=-room]").fill(f"B{SIZE:02d}")
    clerk.send("button[value=complete]:not(.unseen)")
    assert state_of_rooms() == (SIZE, SIZE)
    assert page.locator("table.stays tbody tr").count() == SIZE
    clerk.look("group-in-house")
    rows = Event.objects.filter(action="guest.checked_in", object_ref__in=references())
    assert sorted(rows.values_list("object_ref", "actor")) == [(one, pk_of(clerk)) for one in references()]


def references() -> list[str]:
    """The group's stays, by number."""
    return sorted(Stay.objects.filter(group=GROUP).values_list("reference", flat=True))


def pk_of(visit: Visit) -> int:
    """Whoever sits at that browser."""
    return Person.objects.get(staff_number=visit.staff_number).pk
