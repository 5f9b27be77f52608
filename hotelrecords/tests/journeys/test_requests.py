"""A guest asks about their record: on the public page, at the desk, before the officer and the second person."""

from collections.abc import Callable
from datetime import date
from typing import Final

import pytest
from playwright.sync_api import expect

from hotelrecords.tests.journeys import asking, guests, people
from hotelrecords.tests.journeys.office import Case
from hotelrecords.tests.journeys.visiting import Visit
from privacy.models import Item
from stays.typed import GuestData

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-hans"])
# The guest of each language: name, and order of the resident ID number.
LEFT: Final = {"en": ("轩辕静海", 750), "zh-hans": ("西门听雪", 752)}


@LANGUAGES
def test_somebody_asks_on_the_public_page_and_follows(visit: Callable[..., Visit], language: str) -> None:
    asker = visit(language=language)
    asker.go("ask")
    asker.look("ask")
    told = {"name": "端木赐", "words": "想知道留有哪些信息", "stay_reference": "2026-999999", "phone": "13911112222"}
    asked = asking.ask(asker, "access", **told)
    asker.look("ask-done")
    row = asked.row
    assert (row.channel, row.guest_id, row.stay_id, row.taken_in_by_id) == ("web", None, None, None)
    asker.go("follow")
    asker.look("follow")
    asker.answer(number=asked.number, code="AAAA-AAAA-AAAA")
    asker.send()
    expect(asker.page.locator("main .notice").first).to_be_visible()
    asking.follow(asker, asked)
    asker.look("followed")


@LANGUAGES
def test_a_deletion_inside_the_period_restricts_and_says_until_when(visit: Callable[..., Visit], language: str) -> None:
    name, order = LEFT[language]
    gone = guests.who_left(1, GuestData(name=name, phone="13911117041"), order=order, words="请勿打扰")
    clerk = visit(people.CLERK, language)
    clerk.go("request_new", query=f"?stay={gone.stay.reference}")
    clerk.answer(kind="deletion", channel="desk", language=language, name=name, words="请删除我的入住记录。")
    clerk.look("request-new")
    clerk.send()
    number = asking.read_receipt(clerk).number
    clerk.look("request-receipt")

    officer = Case(visit(people.OFFICER, language), number)
    officer.visit.go("requests")
    officer.visit.look("requests")
    officer.open()
    officer.visit.look("request-received")
    officer.turn_to("request_document")
    officer.visit.answer(document_type=gone.document_type, document_number=gone.document_number)
    officer.visit.look("request-document")
    officer.send()
    officer.begin()
    outcomes = officer.make_sheet()
    assert (outcomes["register"], outcomes["note"]) == ({"restrict"}, {"erase"})
    officer.visit.look("request-sheet")
    officer.turn_to("request_decide")
    officer.visit.look("request-decide")
    officer.send()
    assert (officer.row.state, officer.row.decision) == ("awaiting_second", "partly")

    approver = Case(visit(people.APPROVER, language), number)
    approver.turn_to("request_approve")
    approver.visit.look("request-approve")
    approver.visit.answer(number=number)
    approver.send()
    officer.turn_to("request_execute")
    officer.visit.look("request-execute")
    officer.visit.answer(number=number)
    officer.send()
    letter = officer.write("partly")
    officer.visit.look("request-letter")
    register = Item.objects.get(request=officer.row, category="register")
    assert register.until is not None
    assert said(gone.stay.property.local(register.until).date(), language) in letter
    assert clerk.page.request.get(f"/stays/{gone.stay.reference}/").status == 404


def said(day: date, language: str) -> str:
    """A day as letters say it, without spaces."""
    return f"{day:%Y-%m-%d}" if language == "en" else f"{day.year}年{day.month}月{day.day}日"
