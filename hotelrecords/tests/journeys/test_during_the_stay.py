"""While guests are here: the room board, another room, longer, notes, visitors, a shift's end, a caller, the keys."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from audit.models import Event
from hotelrecords.tests.journeys import guests, people
from hotelrecords.tests.journeys.guests import Guest
from hotelrecords.tests.journeys.visiting import Visit
from staff.models import Person
from stays import services
from stays.models import Note, Room, RoomUse, Stay, Visitor

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
MORE: Final = "main .page-head details.menu > summary"
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-hans"])
PLACE: Final = {"en": 1, "zh-hans": 2}


def lives_here(language: str) -> Guest:
    """A guest whom no other journey meets."""
    return [*guests.in_house()][-PLACE[language]]


def is_coming(language: str) -> Stay:
    """A party that is due and whom no other journey meets."""
    today = timezone.localdate()
    due = Stay.objects.filter(
        property__code="harbour", status="expected", departure_on__gt=today, arrival_on__lte=today
    )
    return due.order_by("-reference")[PLACE[language] - 1]


def deeds_on(stay: Stay) -> list[str]:
    """What was done to the stay, without the looks at it."""
    rows = Event.objects.about("stay", stay.reference).filter(outcome="ok").order_by("id")
    return [action for action in rows.values_list("action", flat=True) if not action.endswith("viewed")]


@LANGUAGES
def test_the_board_is_read_at_a_glance(visit: Callable[..., Visit], language: str) -> None:
    clerk = visit(people.CLERK, language)
    page = clerk.go("room_board")
    assert page.locator(".tile").count() == Room.objects.filter(property__code="harbour").count()
    clerk.look("room-board")
    first = page.locator("[data-tile]").first
    first.focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowUp", "ArrowLeft"):
        page.keyboard.press(key)
    expect(first).to_be_focused()
    room = Room.objects.filter(property__code="harbour", state="clean").exclude(uses__state="in_house").last()
    assert room
    services.change_room_state(actor=Person.objects.get(staff_number=people.CLERK), room=room, state="dirty")
    expect(page.locator(f"#room-{room.number} .state.dirty")).to_be_visible()
    clerk.send(f"#room-{room.number} button")
    expect(page.locator(f"#room-{room.number} .state.clean")).to_be_visible()
    clerk.send(page.locator("main nav.tabs a").last)
    assert page.url.endswith("/board/timeline/")
    assert page.locator("a.bar-of").count() > 0
    clerk.look("room-timeline")


@LANGUAGES
def test_a_guest_moves_and_stays_longer(visit: Callable[..., Visit], language: str) -> None:
    guest = lives_here(language)
    stay, left = guest.stay, guest.stay.room_uses.get(state="in_house").room
    clerk = visit(people.CLERK, language)
    page = clerk.go("stay", stay.reference)
    page.keyboard.press("m")
    page.wait_for_url("**/move/")
    clerk.answer(moved_for="noise", words="隔壁装修")
    clerk.look("move")
    clerk.send()
    assert "隔壁装修" in clerk.text()
    clerk.look("stay-moved")
    page.keyboard.press("x")
    page.wait_for_url("**/extend/")
    until = max(stay.departure_on, timezone.localdate()) + timedelta(days=1)
    clerk.fill(departure_on=until.isoformat())
    clerk.look("extend")
    clerk.send()
    stay.refresh_from_db()
    left.refresh_from_db()
    use = RoomUse.objects.get(stay=stay, state="in_house")
    assert (use.moved_for, left.state, stay.departure_on) == ("noise", "dirty", until)
    assert deeds_on(stay)[-2:] == ["stay.moved", "stay.extended"]


@LANGUAGES
def test_a_guest_leaves_early_and_the_room_is_free(visit: Callable[..., Visit], language: str) -> None:
    staying = [guest for guest in guests.in_house() if guest.stay.departure_on > timezone.localdate()]
    stay = staying[-2 - PLACE[language]].stay
    room = stay.room_uses.get(state="in_house").room
    clerk = visit(people.CLERK, language)
    page = clerk.go("stay", stay.reference)
    page.keyboard.press("o")
    page.wait_for_url("**/check-out/")
    assert page.locator("main .notice.today").count() == 1
    if clerk.field("unpaid_reason").count():
        clerk.answer(unpaid_reason="company_pays")
    clerk.look("check-out-early")
    clerk.send()
    stay.refresh_from_db()
    room.refresh_from_db()
    assert (stay.status, room.state, room.uses.holding().filter(stay=stay).count()) == ("checked_out", "dirty", 0)
    clerk.go("room_board")
    expect(page.locator(f"#room-{room.number} .state.dirty")).to_be_visible()
    assert deeds_on(stay)[-1] == "guest.checked_out"


@LANGUAGES
def test_a_shift_hands_over(visit: Callable[..., Visit], language: str) -> None:
    stay, clerk = lives_here(language).stay, visit(people.CLERK, language)
    page = clerk.go("stay", stay.reference)
    page.keyboard.press("n")
    page.wait_for_url("**/notes/new/")
    clerk.answer(kind="request", text="6222 0212 3456 7890")
    clerk.send()
    expect(clerk.field("text")).to_have_attribute("aria-invalid", "true")
    clerk.look("note-refused")
    clerk.answer(text=f"婴儿床 {language}")
    clerk.send()
    colleague = visit(people.SECOND_CLERK, language)
    colleague.go("handover")
    colleague.answer(text="三楼电梯维修")
    colleague.send("main form.card button.main")
    assert {"三楼电梯维修", f"婴儿床 {language}"} <= set(colleague.text().splitlines())
    colleague.look("handover")
    note = Note.objects.get(stay=stay, kind="request", owner__staff_number=people.CLERK, done_at=None)
    colleague.send(f"main form[action='/notes/{note.pk}/done/'] button")
    colleague.page.wait_for_url("**/handover/")
    assert f"婴儿床 {language}" not in colleague.text()


@LANGUAGES
def test_a_confidential_guest_is_visited_and_asked_for(visit: Callable[..., Visit], language: str) -> None:
    guest = lives_here(language)
    clerk = visit(people.CLERK, language)
    page = clerk.go("visitors", query=f"?room={guest.room}")
    clerk.answer(name="司徒雷", document_type="resident_id", document_number="310000198406031238")
    clerk.send("main form.card button.main")
    clerk.look("visitors")
    visitor = Visitor.objects.get(stay=guest.stay)
    clerk.send(f"main form[action='/visitors/{visitor.pk}/left/'] button")
    clerk.go("stay", guest.stay.reference)
    page.locator(MORE).click()
    clerk.look("stay-more")
    clerk.send("main .menu form[action$='/mark/confidential/'] button")
    page.locator(MORE).click()
    clerk.send("main .menu a[href*='/caller/']")
    clerk.answer(name=guest.name, document_tail=guest.document_number[-4:])
    clerk.send("main form.card button.main")
    assert (page.locator("blockquote").count(), guest.room in page.locator("main").inner_text()) == (2, False)
    clerk.look("caller")
    clerk.go("front_desk", query="?list=in_house")
    while not page.locator(f"#stay-{guest.stay.reference}").count():
        clerk.send(page.locator("main .pager a").last)
    assert guest.name not in page.locator(f"#stay-{guest.stay.reference}").inner_text()
    clerk.go("stay", guest.stay.reference)
    page.locator(MORE).click()
    clerk.send("main .menu form[action$='/mark/confidential/'] button")


@LANGUAGES
def test_a_party_is_given_up_and_expected_again(visit: Callable[..., Visit], language: str) -> None:
    stay, clerk = is_coming(language), visit(people.CLERK, language)
    page = clerk.go("stay", stay.reference)
    page.locator(MORE).click()
    clerk.send("main .menu a[href$='/cancel/']")
    clerk.answer(reason="guest_cancelled")
    clerk.look("cancel")
    clerk.send()
    clerk.submit()
    page.wait_for_url(re.compile(r"/stays/[-0-9]+/(expect-again/)?$"))
    clerk.go("expect_again", stay.reference)
    clerk.answer(purpose="guest_service")
    clerk.send()
    clerk.answer(reason="mistaken")
    clerk.look("expect-again")
    clerk.send()
    page.locator(MORE).click()
    clerk.send("main .menu form[action$='/no-show/'] button")
    stay.refresh_from_db()
    assert (stay.status, deeds_on(stay)[-3:]) == (
        "no_show", ["stay.cancelled", "stay.expected_again", "stay.no_show"],
    )  # fmt: skip


@LANGUAGES
def test_everything_is_a_key_away(visit: Callable[..., Visit], language: str) -> None:
    clerk = visit(people.CLERK, language)
    page = clerk.go("room_board")
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_url("**/desk/?list=in_house")
    expect(page.locator("#search")).to_be_focused()  # which it is a moment after the page is there
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    clerk.look("keys")
    page.keyboard.press("Escape")
    page.keyboard.press(".")
    expect(page.locator("#palette")).to_be_visible()
    page.keyboard.insert_text(page.locator("a[data-place][href='/handover/']").inner_text())
    expect(page.locator("#palette [role=option]")).to_have_count(1)
    clerk.look("palette")
    page.keyboard.press("Enter")
    page.wait_for_url("**/handover/")
