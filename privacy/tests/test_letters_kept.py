"""Letters as they are kept: sealed, on record, read by whom, gone when they end."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from audit import services as audit
from audit.models import Event
from privacy import letters
from privacy.models import Item, Letter, Request, Step
from privacy.refusals import LetterGone, LetterNotYet
from privacy.services.letters import make_letter, read_letter
from privacy.tests.factories import AT, as_row, make_person, make_request, row, seal_requester
from staff.models import Person, Property
from staff.permissions import NotAllowed
from stays.models import Stay
from vault import services as vault
from vault.models import Envelope

State, Kind = Request.State, Letter.Kind
UNTIL = datetime(2029, 5, 14, 15, 59, 59, 999999, tzinfo=UTC)  # the last instant of 2029-05-14 in Shanghai
TEN_YEARS = datetime(2036, 5, 14, 15, 59, 59, 999999, tzinfo=UTC)


def asked(house: Property, stay: Stay | None = None, **facts: Any) -> Request:
    """A request whose requester has said who they are."""
    request = make_request(house, stay=stay, **{"language": "en"} | facts)
    seal_requester(request)
    return request


def rowed(request: Request, category: str, chosen: str, **facts: Any) -> Item:
    """A row of the sheet, carried out."""
    plain = {"envelope": uuid4(), "subject": request.guest_id, "proposed": chosen, "chosen": chosen, "done_at": AT}
    return Item.objects.create(request=request, category=category, **(plain | facts))


def typical(house: Property, stay: Stay, language: str) -> Request:
    """«Delete my check-in record» inside the register period (policy.md)."""
    request = asked(house, stay, state=State.EXECUTING, decision="partly", language=language)
    register = {"rule": "CN-RET-01", "until": UNTIL, "blockers": ["B5", "X2"]}
    bill = {"rule": "CN-RET-05", "until": TEN_YEARS, "blockers": ["B4", "X2"]}
    rowed(request, "register", "restrict", stay=stay, grounds=["D2"], **register)
    rowed(request, "payment", "restrict", stay=stay, grounds=["D2"], **bill)
    rowed(request, "preference", "erase", grounds=["D3"], blockers=["X2"])
    rowed(request, "note", "erase", stay=stay, grounds=["D2"], blockers=["X2"])
    return request


def test_the_letter_is_sealed_under_the_requester(house: Property, officer: Person, stay: Stay) -> None:
    request = typical(house, stay, "en")
    letter = make_letter(request=request, kind=Kind.PARTLY, actor=officer, at=AT)
    envelope = Envelope.objects.get(pk=letter.envelope)
    assert (envelope.subject_id, envelope.category, envelope.belongs_to) == (request.requester_id, "note", request.pk)
    with transaction.atomic():
        sealed = vault.open_for_deed([letter.envelope])[letter.envelope].plain["text"]
    assert letters.as_text(letters.from_text(sealed)) == sealed
    assert "欧阳海棠" in sealed
    assert (letter.kind, letter.language, letter.made_by, letter.sent_at, letter.way) == (
        "partly", "en", officer, None, "",
    )  # fmt: skip


def test_making_and_reading_are_rows_of_the_log(house: Property, officer: Person, stay: Stay) -> None:
    request = typical(house, stay, "en")
    letter = make_letter(request=request, kind=Kind.PARTLY, actor=officer, at=AT)
    made = {"actor_role": "privacy_officer", "object_type": "request", "object_ref": request.number}
    of = {"subjects": [request.requester_id], "detail": {"kind": "partly"}}
    assert row("request.letter_made") == as_row(officer, house, **made, **of)
    read_letter(letter=letter, actor=officer, at=AT)
    why = {"purpose": "request", "purpose_ref": request.number, "fields": ["text"]}
    assert row("request.letter_viewed") == as_row(officer, house, **made, **of, **why)
    step = Step.objects.get(request=request)
    assert (step.code, step.actor, step.detail) == ("request.letter_made", officer, {"kind": "partly"})


def test_a_letter_speaks_of_what_is_so(house: Property, officer: Person, stay: Stay) -> None:
    request = asked(house, stay, state=State.IN_REVIEW)
    for kind in (Kind.GRANTED, Kind.PARTLY, Kind.REFUSED, Kind.APPEAL_OUTCOME, Kind.EXTENDED):
        with pytest.raises(LetterNotYet):
            make_letter(request=request, kind=kind, actor=officer, at=AT)
    undone = typical(house, stay, "en")
    undone.items.filter(category="preference").update(done_at=None)
    with pytest.raises(LetterNotYet):
        make_letter(request=undone, kind=Kind.PARTLY, actor=officer, at=AT)
    with pytest.raises(LetterNotYet):
        make_letter(request=undone, kind=Kind.GRANTED, actor=officer, at=AT)
    assert Letter.objects.count() == 0


def test_who_may_write_and_read(
    house: Property, officer: Person, clerk: Person, stranger: Person, manager: Person
) -> None:
    request = asked(house, kind="access", taken_in_by=clerk)
    other = make_person(house, "front_desk")
    receipt = make_letter(request=request, kind=Kind.RECEIPT, actor=clerk, at=AT)
    answer = make_letter(request=request, kind=Kind.ACKNOWLEDGE, actor=None, at=AT)
    assert read_letter(letter=receipt, actor=clerk, at=AT).letter == receipt
    for person, letter in ((other, receipt), (stranger, receipt), (manager, receipt), (clerk, answer)):
        with pytest.raises(NotAllowed):
            read_letter(letter=letter, actor=person, at=AT)
        with pytest.raises(NotAllowed):
            make_letter(request=request, kind=letter.kind, actor=person, at=AT)
    assert Event.objects.filter(action="request.letter_viewed").count() == 1


def test_an_expired_letter_is_gone(house: Property, officer: Person) -> None:
    request = asked(house)
    letter = make_letter(request=request, kind=Kind.ACKNOWLEDGE, actor=officer, at=AT)
    with transaction.atomic():
        vault.erase_envelopes([letter.envelope], reason="expired", who=audit.SYSTEM)
    with pytest.raises(LetterGone):
        read_letter(letter=letter, actor=officer, at=AT)


def test_html_escapes_every_word(house: Property, officer: Person) -> None:
    request = make_request(house, language="en")
    seal_requester(request, name="<b>Eve & Co</b>")
    letter = make_letter(request=request, kind=Kind.ACKNOWLEDGE, actor=officer, at=AT)
    html = read_letter(letter=letter, actor=officer, at=AT).html()
    assert "<p>Dear &lt;b&gt;Eve &amp; Co&lt;/b&gt;,</p>" in html
    assert "<b>" not in html


def test_an_unknown_letter_or_version_is_a_mistake(house: Property, officer: Person) -> None:
    with pytest.raises(ValueError, match="no such letter"):
        make_letter(request=asked(house), kind="poem", actor=officer, at=AT)
    with pytest.raises(ValueError, match="another version"):
        letters.from_text('{"v":2,"papers":[]}')


def test_what_the_system_writes_is_the_systems_in_the_log(house: Property, officer: Person) -> None:
    request = asked(house)
    make_letter(request=request, kind=Kind.ACKNOWLEDGE, actor=None, at=AT)
    made = {"actor_role": "system", "object_type": "request", "object_ref": request.number}
    of = {"subjects": [request.requester_id], "detail": {"kind": "acknowledge"}}
    assert row("request.letter_made") == as_row(officer, house, **made, **of) | {"actor": None}
