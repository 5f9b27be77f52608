"""What else leaves with a copy: the transfer, cells of a table, names in words, and nothing that stays behind."""

import csv
import io
import json
import logging
from uuid import UUID

import pytest

from audit.models import Event
from privacy.copies.files import as_csv
from privacy.copies.leaving_out import Others
from privacy.services.copies import access_copy, transfer
from privacy.tests.copying import NUMBER, Kind, State, a_party, granted, held
from privacy.tests.factories import (
    AT,
    row,
    subjects_of,
)
from staff.models import Person, Property
from stays.models import Room, Stay
from vault import services as vault


@pytest.fixture
def party(house: Property, clerk: Person, room: Room) -> Stay:
    return a_party(house, clerk, room)


def test_an_appeal_that_succeeds_is_answered_like_what_it_appeals(house: Property, officer: Person, stay: Stay) -> None:
    earlier = granted(house, stay, state=State.CLOSED, result="refused")
    appeal = granted(house, stay, Kind.APPEAL, appeal_of=earlier)
    assert access_copy(request=appeal, actor=officer, at=AT).data["request"] == appeal.number


def test_the_transfer_has_what_the_guest_gave_and_no_register(house: Property, officer: Person, party: Stay) -> None:
    made = transfer(request=granted(house, party, Kind.TRANSFER), actor=officer, at=AT)
    data = json.loads(made.json())
    assert (data["format"], list(data)) == (
        "hotelrecords/transfer/1",
        ["format", "request", "made_at", "house", "guest", "stays"],
    )
    assert [NUMBER in text for text in (held(party), made.json().decode(), made.csv().decode())] == [True, False, False]
    assert data["stays"][0]["register"] == []
    assert [note["kind"] for note in data["stays"][0]["notes"]] == ["request"]
    ref = party.reference
    rows = list(csv.reader(io.StringIO(made.csv().decode("utf-8-sig"))))
    assert rows == [
        ["part", "stay", "field", "value"],
        ["name", "", "name", "欧阳海棠"],
        ["name", "", "latin_name", "Ouyang Haitang"],
        ["contact", "", "phone", "13900001234"],
        ["contact", "", "email", "haitang@example.com"],
        ["preference", "", "text", "高楼层"],
        ["stay", ref, "reference", ref],
        ["stay", ref, "property", house.code],
        ["stay", ref, "status", "in_house"],
        ["stay", ref, "arrival_on", "2026-05-12"],
        ["stay", ref, "departure_on", "2026-05-14"],
        ["payment", ref, "method", "card"],
        ["payment", ref, "payer", "欧阳海棠"],
        ["payment", ref, "card_last4", "4242"],
        ["notes", ref, "kind", "request"],
        ["notes", ref, "text", "与[…]同住，请给[…]加枕头；Ms […] wants tea. Ask […] ([…])."],
    ]
    assert row("request.transfer_opened")["subjects"] == [subjects_of(party)[0]]


@pytest.mark.parametrize(
    ("typed", "cell"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+86 139", "'+86 139"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        (" =1", "' =1"),
        ("＝1", "'＝1"),
        ("a=1", "a=1"),
    ],
)
def test_no_cell_is_a_formula(typed: str, cell: str) -> None:
    content = as_csv({"guest": {"preference": {"text": typed}}, "stays": []})
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1][3] == cell


def test_a_name_shared_with_the_guest_stays() -> None:
    others = Others.of([{"name": "欧阳雨桐", "latin_name": "Ouyang Yutong"}], [], ["欧阳海棠", "Ouyang Haitang"])
    told = others.leave_out_of("Ouyang Haitang and OUYANG YUTONG; 欧阳海棠、欧阳雨桐")
    assert told == "Ouyang Haitang and […]; 欧阳海棠、[…]"
    assert Others.of([], [], []).leave_out_of("Anna") == "Anna"


def test_a_word_that_only_contains_a_name_stays() -> None:
    others = Others.of([{"latin_name": "Ann Lee"}], [], [])
    assert others.leave_out_of("Annex for ann, LEE and leek") == "Annex for […], […] and leek"


def test_nothing_of_a_copy_is_written_down(
    house: Property, officer: Person, party: Stay, caplog: pytest.LogCaptureFixture
) -> None:
    """Not as an envelope or a row, and not in a log: what makes PDFs would tell of which characters they are made."""
    caplog.set_level(logging.DEBUG)
    request = granted(house, party)
    counted = _sealed()
    access_copy(request=request, actor=officer, at=AT).pdf()
    assert _sealed() == counted
    told = " ".join(record.getMessage() for record in caplog.records if record.name.startswith(("fpdf", "fontTools")))
    assert told == ""


def _sealed() -> set[UUID]:
    return set(vault.ids_of(_subjects(), ["name", "contact", "register", "payment", "preference", "note", "draft"]))


def _subjects() -> list[UUID]:
    return list({subject for event in Event.objects.all() for subject in event.subjects})
