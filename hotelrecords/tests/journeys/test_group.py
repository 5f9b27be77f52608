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
from stays.typed import Booking, GuestData

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
GROUP, SIZE = "HX-2026", 30
BORN: Final = date(1979, 4, 5)
HEAD: Final = ("姓名", "手机", "抵店日期", "离店日期", "渠道", "团号")
DOCUMENTS: Final = "main [data-scan]"


def add_wing(house: Property) -> None:
    """As many rooms as the group takes, so that the house keeps what other journeys need."""
    Room.objects.bulk_create(
        Room(property=house, number=f"09{place:02d}", floor=9, type=Room.Type.SINGLE, capacity=1)
        for place in range(1, SIZE + 3)
    )


def bring_in(clerk: Visit, house: Property) -> None:
    """Hand in the group's list and start it."""
    day = house.today(timezone.now())
    days = [day.isoformat(), (day + timedelta(days=2)).isoformat()]
    rows = [[f"团客{place:02d}号", f"138123400{place:02d}", *days, "旅行社", GROUP] for place in range(SIZE)]
    hand_in(clerk, "group.csv", "text/csv", as_csv(*rows, head=HEAD))
    clerk.send("main form[action$='/start/'] button")
    until(lambda: Stay.objects.filter(group=GROUP).count() == SIZE, "the group's bookings")
    clerk.go("group_check_in", GROUP)
    clerk.look("group")


def scan(page: Page, numbers: Sequence[str]) -> None:
    """As a scanner does it: each number, then Enter, which leads to the next booking without one."""
    next(field for field in page.locator(DOCUMENTS).all() if not field.input_value()).focus()
    for number in numbers:
        page.keyboard.insert_text(number)
        page.keyboard.press("Enter")


def state_of_rooms() -> tuple[int, int]:
    """How many of the group live in a room, and in how many rooms."""
    uses = RoomUse.objects.filter(stay__group=GROUP, state="in_house")
    return uses.values("stay").distinct().count(), uses.values("room").distinct().count()


def shown(page: Page) -> list[str]:
    """The numbers that stand in the rows, the empty ones left out."""
    return [number for field in page.locator(DOCUMENTS).all() if (number := field.input_value())]


def rooms(page: Page) -> list[str]:
    """The rooms of the rows."""
    return [field.input_value() for field in page.locator("main [name$=-room]:not([type=hidden])").all()]


def begin_and_lose_power(clerk: Visit, numbers: Sequence[str]) -> None:
    """Scan the first documents; a moment after the last the browser is gone."""
    clerk.go("front_desk")
    clerk.turn_to("groups")
    clerk.look("groups")
    page = clerk.turn_to("group_check_in", GROUP)
    assert len({*rooms(page)} - {""}) == SIZE
    clerk.look("group")
    with page.expect_response("**/drafts/group_check_in/"):
        scan(page, numbers)
    clerk.context.close()


def test_a_group_of_thirty_is_checked_in_on_one_page(
    visit: Callable[..., Visit], kept_sessions: dict[str, object]
) -> None:
    house = Property.objects.get(code="harbour")
    add_wing(house)
    bring_in(visit(people.CLERK, "zh-hans"), house)
    numbers = [guests.resident_number(BORN, place + 1) for place in range(SIZE)]
    begin_and_lose_power(visit(people.SECOND_CLERK, "en"), numbers[:10])
    kept_sessions.pop(people.SECOND_CLERK)
    clerk = visit(people.SECOND_CLERK, "en")
    page = clerk.go("group_check_in", GROUP)
    clerk.send("button[value=go_on]")
    assert shown(page) == numbers[:10]
    clerk.look("group-gone-on-with")
    scan(page, numbers[10:])
    expect(page.locator("button[value=complete]:not(.unseen)")).to_be_focused()
    for box in page.locator("main [type=checkbox]").all():
        box.check()
    soiled, free = rooms(page)[3], Room.objects.filter(property=house, floor=9).exclude(number__in=rooms(page))[0]
    room, colleague = Room.objects.get(property=house, number=soiled), Person.objects.get(staff_number=people.CLERK)
    services.change_room_state(actor=colleague, room=room, state="dirty")
    clerk.send("button[value=complete]:not(.unseen)")
    assert state_of_rooms() == (SIZE - 1, SIZE - 1)
    row = page.locator("table.group tbody tr")
    assert row.locator("[data-scan]").input_value() == numbers[3]
    assert soiled in row.locator(".reasons").inner_text()
    clerk.look("group-one-left")
    row.locator("[name$=-room]:not([type=hidden])").fill(free.number)
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


def test_three_who_come_together_without_a_number(visit: Callable[..., Visit]) -> None:
    house, colleague = Property.objects.get(code="harbour"), Person.objects.get(staff_number=people.CLERK)
    now = timezone.now()
    day = house.today(now)
    coming = [
        services.expect_stay(
            actor=colleague,
            property=house,
            booking=Booking(GuestData(name=name), day, day + timedelta(days=1), Stay.Origin.DIRECT),
            at=now,
        )
        for name in ("同行甲某", "同行乙某", "同行丙某")
    ]
    clerk = visit(people.SECOND_CLERK, "zh-hans")
    page = clerk.go("front_desk")
    for stay in coming[1:]:
        page.locator(f"input[name=stay][value='{stay.reference}']").check()
    clerk.look("arrivals-ticked")
    clerk.send("button[form=together]")
    assert page.url.endswith(f"/groups/G-{coming[1].reference}/check-in/")
    assert page.locator("table.group tbody tr").count() == 2
    clerk.look("group-made-here")
