"""The manager asks the log; the administrator keeps rooms, people and roles; neither sees a guest."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from hotelrecords.tests.journeys import guests, people
from hotelrecords.tests.journeys.visiting import Visit
from staff.models import Person
from stays.models import Room

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-hans"])
OPENED = {"en": "opened stay", "zh-hans": "查看了入住单"}


@LANGUAGES
def test_a_manager_asks_who_opened_this_stay(visit: Callable[..., Visit], language: str) -> None:
    guest = next(guests.in_house())
    visit(people.CLERK, language).go("stay", guest.stay.reference)
    manager = visit(people.MANAGER, language)
    manager.go("access_log")
    manager.look("access-log")
    manager.fill(stay=guest.stay.reference)
    manager.submit()
    assert f"stay={guest.stay.reference}" in manager.page.url
    newest = manager.page.locator(".log-lines li p").first.inner_text()
    clerk = Person.objects.get(staff_number=people.CLERK)
    assert (clerk.name if language == "zh-hans" else clerk.latin_name) in newest
    assert guest.stay.reference in newest
    assert OPENED[language] in newest
    assert guest.name not in manager.text()
    manager.look("access-log-of-a-stay")


@LANGUAGES
def test_a_manager_asks_what_a_person_opened(visit: Callable[..., Visit], language: str) -> None:
    guest = next(guests.in_house())
    visit(people.CLERK, language).go("stay", guest.stay.reference)
    manager = visit(people.MANAGER, language)
    manager.go("access_log")
    manager.field("person").select_option(people.CLERK)
    manager.submit()
    assert guest.stay.reference in manager.page.locator(".log-lines").inner_text()
    manager.look("access-log-of-a-person")


@LANGUAGES
def test_an_administrator_keeps_rooms(visit: Callable[..., Visit], language: str) -> None:
    administrator, number = visit(people.ADMINISTRATOR, language), f"99{len(language):02d}"
    administrator.go("rooms")
    administrator.look("rooms")
    administrator.go("room_new")
    administrator.fill(number=number, floor="99", capacity="2")
    administrator.look("room-new")
    administrator.submit()
    room = Room.objects.get(number=number)
    assert room.state == "clean"
    administrator.go("room", number)
    administrator.field("state").select_option("out_of_order")
    administrator.submit()
    room.refresh_from_db()
    assert room.state == "out_of_order"


@LANGUAGES
def test_an_administrator_gives_and_takes_a_role(visit: Callable[..., Visit], language: str) -> None:
    administrator = visit(people.ADMINISTRATOR, language)
    administrator.go("people")
    administrator.look("people")
    administrator.go("person", people.SECOND_CLERK)
    administrator.look("person")
    administrator.go("person_posts", people.SECOND_CLERK)
    if "/step-up/" in administrator.page.url:
        administrator.look("step-up")
        administrator.fill(code=people.fresh_code(people.ADMINISTRATOR))
        administrator.submit()
    administrator.look("person-posts")
    administrator.page.locator("main #id_role").select_option("finance")
    administrator.submit()
    colleague = Person.objects.get(staff_number=people.SECOND_CLERK)
    assert set(colleague.groups.values_list("post__role", flat=True)) == {"front_desk", "finance"}
    administrator.go("person_posts", people.SECOND_CLERK)
    administrator.send("main form:has([value=finance]) button[name=take]")
    assert set(colleague.groups.values_list("post__role", flat=True)) == {"front_desk"}


def test_neither_sees_a_guest(visit: Callable[..., Visit]) -> None:
    guest = next(guests.in_house())
    for number in (people.MANAGER, people.ADMINISTRATOR):
        person = visit(number)
        person.expected_failures.add(403)
        for address in (reverse("front_desk"), reverse("stay", args=[guest.stay.reference]), reverse("search")):
            person.page.goto(address)
            assert guest.name not in person.text()
        expect(person.page.locator("#search")).to_have_count(0)
    person.look("not-allowed")
