"""Paper: a card for each guest in both languages, the arrivals sheet under masked names, the roll call; all as PDF."""

from datetime import timedelta

import pypdfium2
import pytest
from django.test import Client
from django.utils import timezone, translation

from audit.services import Why
from staff.models import Person, Property
from staff.permissions import NotAllowed
from stays import services
from stays.models import Room
from stays.papers import as_pdf, sheets
from stays.services.looking_up.arrivals import print_arrivals
from stays.tests.desk_visits import at_desk, in_house, today
from stays.tests.factories import (
    AT,
    NoticeFactory,
    RoomFactory,
    as_row,
    checked_in,
    companion,
    expected,
    guest,
    lead,
    make_person,
    resident_id,
    row,
    subjects_of,
)
from stays.tests.papers import lines, pdf_text

pytestmark = pytest.mark.django_db

WHY = Why(purpose="guest_service")


def printed(clerk: Person, room: Room, *, in_full: bool = False) -> list:
    """The cards of a party of two."""
    stay = checked_in(clerk, room, lead(), companion(2), notice=NoticeFactory())
    card = services.print_card(stay, actor=clerk, why=WHY, stepped_up=False, at=AT, in_full=in_full)
    return sheets.cards(card)


def test_each_guest_has_a_card_of_their_own_in_both_languages(clerk: Person, room: Room) -> None:
    first, second = printed(clerk, room)
    assert (first.recipient, second.recipient) == ("欧阳海棠", "单雨桐")
    said = lines(first)
    assert "住宿登记单 Registration card" in first.title
    assert "出生日期 Date of birth: 1988年2月14日 1988-02-14" in said
    assert len([line for line in said if "v" in line or "版" in line or "version" in line]) >= 1


@pytest.mark.parametrize("in_full", [False, True])
def test_the_document_is_masked_on_the_hotels_copy(clerk: Person, room: Room, in_full: bool) -> None:
    first, _second = printed(clerk, room, in_full=in_full)
    text = "\n".join(lines(first))
    assert (resident_id(1) in text, f"·· {resident_id(1)[-4:]}" in text) == (in_full, not in_full)
    fields = row("card.printed")["fields"]
    assert ("document_number" in fields, "document_tail" in fields) == (in_full, not in_full)


def test_a_party_is_one_file_with_a_page_for_each(clerk: Person, room: Room) -> None:
    content = as_pdf(printed(clerk, room))
    assert len(pypdfium2.PdfDocument(content)) == 2
    assert ("欧阳海棠" in pdf_text(content), "单雨桐" in pdf_text(content)) == (True, True)


def test_the_arrivals_sheet_masks_names_and_is_one_exact_row(clerk: Person, house: Property, room: Room) -> None:
    stay = expected(clerk, house, room=room)
    expected(clerk, house, guest=guest("仇采薇"), confidential=True)
    with translation.override("en"):
        arrivals = print_arrivals(actor=clerk, property=house, why=WHY, at=AT)
        text = "\n".join(lines(sheets.arrivals_sheet(arrivals)))
    assert ("欧**棠" in text, "欧阳海棠" in text, "仇" in text, "Guest " in text) == (True, False, False, True)
    assert row("arrivals.printed") == as_row(
        clerk,
        house,
        purpose="guest_service",
        object_type="list",
        object_ref="arrivals",
        subjects=subjects_of(stay),
        fields=["name"],
        detail={"count": 2},
    )


def test_the_roll_call_is_a_paper_too(clerk: Person, house: Property) -> None:
    checked_in(clerk, RoomFactory(property=house, number="0801", floor=8), lead(), companion(2), confidential=True)
    with translation.override("zh-hans"):
        paper = sheets.roll_call(services.call_roll(actor=clerk, property=house, at=AT))
    assert paper.title != ""
    assert "0801 | 欧阳海棠 (保密) | □" in lines(paper)
    drawn = pdf_text(as_pdf([paper]))
    assert ("□" in drawn, "[U+" in drawn) == (True, False)


def test_only_the_desk_prints(house: Property, stranger: Person) -> None:
    for person in (stranger, make_person(house, "manager")):
        with pytest.raises(NotAllowed):
            print_arrivals(actor=person, property=house, why=WHY, at=AT)


def test_the_papers_are_files(client: Client, clerk: Person, house: Property, room: Room) -> None:
    stay = in_house(clerk, room)
    day = today(house)
    expected(clerk, house, at=timezone.now(), arrival_on=day, departure_on=day + timedelta(days=1))
    at_desk(client, clerk, house)
    names = [f"/stays/{stay.reference}/card/pdf/", "/desk/arrivals/", "/roll-call/pdf/"]
    files = [client.get(name) for name in names]
    assert [file["Content-Type"] for file in files] == ["application/pdf"] * 3
    assert [file["Content-Disposition"] for file in files] == [
        f'attachment; filename="card-{stay.reference}.pdf"',
        f'attachment; filename="arrivals-{day.isoformat()}.pdf"',
        f'attachment; filename="roll-call-{house.code}.pdf"',
    ]
    assert ["欧阳海棠" in pdf_text(file.content) for file in files] == [True, False, True]


def test_the_page_of_the_card_masks_the_document_unless_it_is_the_guests(
    client: Client, clerk: Person, house: Property, room: Room
) -> None:
    stay = in_house(clerk, room)
    at_desk(client, clerk, house)
    pages = [client.get(f"/stays/{stay.reference}/card/{copy}").content.decode() for copy in ("", "?copy=guest")]
    assert [resident_id(1) in page for page in pages] == [False, True]
