"""A guest asks for a copy of their record and opens it by a link that opens once."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from hotelrecords.tests.journeys import asking, guests, mailbox, people
from hotelrecords.tests.journeys.guests import Guest
from hotelrecords.tests.journeys.office import Case, files_of
from hotelrecords.tests.journeys.visiting import Visit
from stays.tests.papers import pdf_text
from stays.typed import GuestData

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
COMPANION = "南宫紫苏"
LINK = r"(http://\S+/answer/\S+)"
# What the sheet of looks calls the opening of a stay, in the language of the copy.
OPENED_STAY = "Stayopened"


def test_a_copy_is_opened_once_and_tells_of_the_guest_alone(visit: Callable[..., Visit]) -> None:
    who = GuestData(name="公冶长安", phone="13911117011", email="changan@example.com", address="鲁门外 5 号")
    gone = guests.who_left(1, who, order=710, companion=COMPANION, words="要一间朝南的房")
    look_at(visit(people.CLERK), gone)
    reader = visit(language="en")
    asked = asking.ask(reader, "access", **asking.facts_of(gone))
    asking.follow(reader, asked)
    asking.enter_code(reader, gone)

    officer = Case(visit(people.OFFICER, "zh-hans"), asked.number)
    officer.begin()
    officer.decide(decision="granted")
    officer.write("granted")
    officer.turn_to("request_link")
    officer.visit.look("request-link")
    officer.send()
    address = mailbox.find(officer.visit.house, gone.email, LINK)

    scanner = visit(language="en")
    scanner.page.goto(address)
    scanner.look("answer-behind-a-link")
    reader.page.goto(address)
    reader.send()
    reader.look("answer-opened")
    check_copy(reader, gone)
    reader.expected_failures.add(404)
    scanner.expected_failures.add(404)
    scanner.send()
    expect(scanner.page.locator("main a[download]")).to_have_count(0)
    scanner.look("answer-gone")
    assert gone.name not in scanner.text()
    officer.close()


def look_at(clerk: Visit, gone: Guest) -> None:
    """Somebody looks at the stay before the guest asks."""
    clerk.go("stay", gone.stay.reference)
    clerk.answer(purpose="bill")
    clerk.send()


def check_copy(reader: Visit, gone: Guest) -> None:
    """Everything of the guest, the looks, and nothing of who came along."""
    files = files_of(reader)
    assert set(files) == {"letter.pdf", "copy.pdf", "copy.json", "copy.zip"}
    reader.keep("copy", files["copy.pdf"])
    paper = pdf_text(files["copy.pdf"])
    own = (gone.name, gone.phone[-11:], gone.email, gone.document_number, gone.address, "要一间朝南的房")
    assert [value for value in own if "".join(value.split()) not in paper] == []
    assert OPENED_STAY in paper
    assert json.loads(files["copy.json"])
    told = paper + files["copy.json"].decode() + pdf_text(files["letter.pdf"]) + reader.text()
    assert COMPANION not in told
    assert guests.resident_number(guests.BORN, 712) not in told
