"""Guests arrive: without a booking, expected, again, from abroad, and two of them for one room."""

import time
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

from audit.models import Event
from hotelrecords.tests.journeys import guests, people
from hotelrecords.tests.journeys.keyboard import STROKES_PER_SECOND, Keyboard
from hotelrecords.tests.journeys.visiting import Visit
from stays.models import Stay

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-hans"])
MOST_SECONDS = 60
BORN = date(1991, 4, 12)


def start_walk_in(visit: Visit, number: str, name: str, phone: str) -> None:
    """The walk-in page with what has to be there, not sent yet."""
    visit.go("walk_in")
    visit.field("guest-0-document_number").fill(number)
    with visit.page.expect_response("**/recognise/"):
        visit.field("guest-0-name").focus()
    visit.field("guest-0-name").fill(name)
    visit.field("contact-phone").fill(phone)
    tick_everything(visit)


def tick_everything(visit: Visit) -> None:
    """Every line of the checklist that is offered."""
    for box in visit.page.locator("#review input[type=checkbox]").all():
        box.check()


def complete(visit: Visit) -> Stay:
    """Send the check-in; the stay that came of it."""
    visit.send(visit.deed("complete"))
    assert visit.page.locator("main #errors").all_inner_texts() == []
    return Stay.objects.get(reference=visit.page.url.rstrip("/").rsplit("/", 1)[-1])


def rows_of(stay: Stay) -> list[str]:
    """What the log says was done to the stay, in order."""
    return list(Event.objects.about("stay", stay.reference).order_by("id").values_list("action", flat=True))


@LANGUAGES
@pytest.mark.parametrize("pace", [0, pytest.param(STROKES_PER_SECOND, marks=pytest.mark.slow)])
def test_a_walk_in_is_typed_in_less_than_a_minute(visit: Callable[..., Visit], language: str, pace: float) -> None:
    clerk = visit(people.CLERK, language)
    keys, page = Keyboard(clerk.go("front_desk"), pace), clerk.page
    expect(page.locator("#search")).to_be_focused()
    began = time.monotonic()
    keys.press("Escape", "w")
    expect(clerk.field("guest-0-document_number")).to_be_focused()
    page.wait_for_load_state()
    keys.type(guests.resident_number(BORN, 101 + 2 * len(language) + (40 if pace else 0)))
    with page.expect_response("**/recognise/"):
        keys.press("Tab", "Tab")
    keys.compose("殷慕白", "yinmubai")
    keys.press("Tab", "Tab", "Tab", "Tab", "Tab", "Tab")
    keys.type("13911112222")
    keys.press("Tab", "Tab", "Tab")
    keys.press(*["Tab"] * 7, "Space", "Tab", "Tab", "Space", "Enter")
    page.wait_for_url(lambda address: "/stays/20" in address)
    seconds = time.monotonic() - began
    assert keys.strokes <= MOST_SECONDS * STROKES_PER_SECOND
    assert not pace or seconds <= MOST_SECONDS
    assert "殷慕白" in clerk.text()


@LANGUAGES
def test_a_walk_in_shows_what_the_card_says(visit: Callable[..., Visit], language: str) -> None:
    clerk = visit(people.CLERK, language)
    start_walk_in(clerk, guests.resident_number(BORN, 201 + len(language)), "颜如玉", "13911113333")
    expect(clerk.field("guest-0-birth_date")).to_have_value("1991-04-12")
    expect(clerk.field("guest-0-sex")).to_have_value("F" if len(language) % 2 else "M")
    clerk.look("walk-in-typed")
    stay = complete(clerk)
    assert (stay.status, stay.origin, stay.property.code) == ("in_house", "walk_in", "harbour")
    assert rows_of(stay) == ["guest.checked_in", "stay.viewed"]
    clerk.look("stay-after-walk-in")


@LANGUAGES
def test_an_expected_guest_arrives(visit: Callable[..., Visit], language: str) -> None:
    clerk = visit(people.CLERK, language)
    stay = next(guests.expected_first_time()).stay
    clerk.go("front_desk", query="?list=arrivals")
    clerk.send(f"#stay-{stay.reference} [data-key='c']")
    number = guests.resident_number(date(1979, 11, 2), 301 + len(language))
    clerk.field("guest-0-document_number").fill(number)
    with clerk.page.expect_response("**/recognise/"):
        clerk.field("guest-0-expires_on").focus()
    tick_everything(clerk)
    clerk.look("check-in-expected")
    arrived = complete(clerk)
    assert (arrived, arrived.status) == (stay, "in_house")
    assert rows_of(arrived)[-2:] == ["guest.checked_in", "stay.viewed"]


@LANGUAGES
def test_a_returning_guest_is_known_by_document(visit: Callable[..., Visit], language: str) -> None:
    clerk, known = visit(people.CLERK, language), next(guests.departed())
    clerk.go("walk_in")
    clerk.field("guest-0-document_number").fill(known.document_number)
    with clerk.page.expect_response("**/recognise/"):
        clerk.field("guest-0-expires_on").focus()
    expect(clerk.field("guest-0-name")).to_have_value(known.name)
    assert known.phone[-4:] in clerk.page.locator("#contact").inner_text()
    assert known.phone[-11:] not in clerk.page.content()
    tick_everything(clerk)
    clerk.look("walk-in-returning")
    stay = complete(clerk)
    assert stay.occupants.get().subject_id == known.subject


@LANGUAGES
def test_a_passport_is_read_by_its_lines(visit: Callable[..., Visit], language: str) -> None:
    clerk = visit(people.CLERK, language)
    clerk.go("walk_in").locator("details.machine-readable summary").first.click()
    lines = guests.machine_readable(f"ZX98765{len(language)}", "LINDQVIST", "ASTRID", "SWE", "880214", "F", "310101")
    clerk.field("guest-0-mrz").fill(lines)
    with clerk.page.expect_response("**/recognise/"):
        clerk.page.locator("main button[value=read]").first.click()
    expect(clerk.field("guest-0-document_type")).to_have_value("passport")
    read: dict[str, str] = {
        "document_number": f"ZX98765{len(language)}",
        "latin_name": "LINDQVIST ASTRID",
        "birth_date": "1988-02-14",
        "sex": "F",
        "expires_on": "2031-01-01",
    }
    assert {name: clerk.field(f"guest-0-{name}").input_value() for name in read} == read
    clerk.field("contact-email").fill("astrid.lindqvist@example.com")
    tick_everything(clerk)
    clerk.look("walk-in-passport")
    stay = complete(clerk)
    assert stay.occupants.get().registrations.get().kind == "overseas"


def test_of_two_clerks_with_one_room_one_wins_and_the_other_loses_nothing(visit: Callable[..., Visit]) -> None:
    first, second = visit(people.CLERK), visit(people.SECOND_CLERK)
    start_walk_in(first, guests.resident_number(BORN, 401), "夏侯婴", "13911114444")
    start_walk_in(second, guests.resident_number(BORN, 403), "端木赐", "13911115555")
    room = first.field("stay-room").locator("option[value]:not([value=''])").first.get_attribute("value") or ""
    for clerk in (first, second):
        clerk.field("stay-room").select_option(room)
    stay = complete(first)
    second.expected_failures.add(409)
    second.send(second.deed("complete"))
    expect(second.page.locator("main #errors").first).to_be_visible()
    assert second.field("guest-0-name").input_value() == "端木赐"
    assert second.field("contact-phone").input_value() == "13911115555"
    offered = [option.get_attribute("value") for option in second.field("stay-room").locator("option").all()]
    assert room not in offered
    second.look("walk-in-room-taken")
    second.field("stay-room").select_option(index=1)
    assert complete(second).room_uses.get().room_id != stay.room_uses.get().room_id


def test_a_minor_wants_a_guardian(visit: Callable[..., Visit]) -> None:
    clerk = visit(people.CLERK)
    start_walk_in(clerk, guests.resident_number(date(2014, 5, 1), 501), "薛宝儿", "13911116666")
    expect(clerk.field("guardian-name")).to_be_visible()
    clerk.expected_failures.add(409)
    clerk.send(clerk.deed("complete"))
    expect(clerk.page.locator("main #errors").first).to_be_visible()
    assert clerk.field("guest-0-name").input_value() == "薛宝儿"
    clerk.look("walk-in-minor")
    clerk.fill(guardian__name="薛姨妈", guardian__phone="13911117777")
    tick_everything(clerk)
    assert complete(clerk).status == "in_house"


def test_an_unfinished_form_is_kept_and_gone_on_with(visit: Callable[..., Visit]) -> None:
    clerk: Any = visit(people.SECOND_CLERK)
    clerk.go("walk_in")
    clerk.field("guest-0-name").fill("公孙大娘")
    with clerk.page.expect_response("**/drafts/check_in/"):
        clerk.field("contact-address").fill("梨园街 3 号")
    clerk.send(clerk.go("walk_in").locator("button[value=go_on]"))
    expect(clerk.field("guest-0-name")).to_have_value("公孙大娘")
    expect(clerk.field("contact-address")).to_have_value("梨园街 3 号")
    clerk.send(clerk.go("walk_in").locator("button[value=discard]"))
    expect(clerk.field("guest-0-name")).to_have_value("")
