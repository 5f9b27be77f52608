"""Opening a stay for a guest's request: which request serves which look, and what the log says of it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from audit.models import Event
from audit.services import Why
from privacy.models import Request
from privacy.services import executing
from privacy.tests.factories import (
    AT,
    State,
    checked_in,
    companion,
    lead,
    make_person,
    make_property,
    make_request,
    subjects_of,
)
from privacy.tests.sheets import LATER, a_past_stay, decided, in_review
from privacy.tests.visits import at_desk
from staff.models import Person, Property
from stays import purposes, services
from stays.models import Room, Stay
from stays.refusals import PurposeRefused
from vault.models import Envelope

pytestmark = pytest.mark.django_db


def why(request: Request) -> Why:
    return Why(purpose="request", ref=request.number.lower())


def envelope(guest: Any, category: str = "contact") -> Any:
    return Envelope.objects.get(subject=guest, category=category).pk


def last_row(action: str) -> dict[str, Any]:
    event = Event.objects.filter(action=action).latest("id")
    names = ("actor", "outcome", "purpose", "purpose_ref", "object_type", "object_ref", "fields", "explained_by")
    return {name: getattr(event, name) for name in names}


@pytest.mark.parametrize(
    ("role", "may"), [("privacy_officer", True), ("second_approver", True), ("front_desk", False), ("finance", False)]
)
def test_it_is_the_offices_purpose(house: Property, role: str, may: bool) -> None:
    offered = purposes.choices_for(make_person(house, role), house)
    assert ("request" in [purpose.code for purpose in offered]) is may


def test_a_stay_of_the_guest_is_opened_for_the_request(officer: Person, stay: Stay) -> None:
    asked = make_request(stay.property, state=State.IN_REVIEW, stay=stay, officer=officer)
    assert services.open_stay(stay, actor=officer, why=why(asked), at=AT).stay == stay
    assert last_row("stay.viewed") == {
        "actor": officer.pk, "outcome": "ok", "purpose": "request", "purpose_ref": asked.number,
        "object_type": "stay", "object_ref": stay.reference,
        "fields": ["name", "latin_name", "phone_tail", "document_tail"], "explained_by": "E3",
    }  # fmt: skip


def test_who_is_not_its_officer_has_no_such_explanation(officer: Person, approver: Person, stay: Stay) -> None:
    asked = make_request(stay.property, state=State.IN_REVIEW, stay=stay, officer=officer)
    services.open_stay(stay, actor=approver, why=why(asked), at=AT)
    assert last_row("stay.viewed")["explained_by"] == ""


def _unknown(stay: Stay) -> Why:
    return Why(purpose="request", ref="R-2026-999999")


def _unnamed(stay: Stay) -> Why:
    return Why(purpose="request")


def _elsewhere(stay: Stay) -> Why:
    other = make_property()
    return why(make_request(other, state=State.IN_REVIEW, guest_id=subjects_of(stay)[0]))


def _closed(stay: Stay) -> Why:
    return why(make_request(stay.property, state=State.CLOSED, stay=stay))


def _unverified(stay: Stay) -> Why:
    return why(make_request(stay.property, state=State.VERIFYING, stay=stay))


def _anothers(stay: Stay) -> Why:
    return why(make_request(stay.property, state=State.IN_REVIEW))


@pytest.mark.parametrize("of", [_unknown, _unnamed, _elsewhere, _closed, _unverified, _anothers])
def test_no_other_request_opens_it(officer: Person, stay: Stay, of: Callable[[Stay], Why]) -> None:
    with pytest.raises(PurposeRefused) as refused:
        services.open_stay(stay, actor=officer, why=of(stay), at=AT)
    assert refused.value.field == "purpose_ref"
    assert not Event.objects.filter(action="stay.viewed").exists()


def test_it_serves_no_list_and_no_search(officer: Person, house: Property, stay: Stay) -> None:
    asked = why(make_request(house, state=State.IN_REVIEW, stay=stay))
    with override("en"), pytest.raises(PurposeRefused, match="one guest only"):
        services.find_stays(actor=officer, property=house, term_text="欧阳", why=asked, past_why=asked, at=AT)


def test_of_a_party_only_the_guests_own_fields_are_revealed(officer: Person, clerk: Person, room: Room) -> None:
    stay = checked_in(clerk, room, lead(), companion())
    guest, other = subjects_of(stay)
    asked = why(make_request(stay.property, state=State.IN_REVIEW, guest_id=guest))
    facts = {"actor": officer, "field": "phone", "why": asked, "stepped_up": True, "at": AT}
    assert services.reveal_field(envelope=envelope(guest), **facts).plain == "13900001234"
    with pytest.raises(PurposeRefused):
        services.reveal_field(envelope=envelope(other, "register"), **facts | {"field": "document_number"})


def test_the_guests_history_is_opened_and_no_companions(officer: Person, clerk: Person, room: Room) -> None:
    stay = checked_in(clerk, room, lead(), companion())
    guest, other = subjects_of(stay)
    facts = {"actor": officer, "property": stay.property, "at": AT}
    facts["why"] = why(make_request(stay.property, state=State.IN_REVIEW, guest_id=guest))
    assert services.open_history(subject=guest, **facts).subject == guest
    with pytest.raises(PurposeRefused):
        services.open_history(subject=other, **facts)


def test_what_is_restricted_opens_for_the_guests_request_only(officer: Person, clerk: Person, room: Room) -> None:
    stay = a_past_stay(clerk, room)
    restriction = decided(in_review(stay, kind="restriction"), officer)
    executing.execute_decision(request=restriction, actor=officer, at=LATER)
    stay.refresh_from_db()
    page = services.open_stay(stay, actor=officer, why=why(in_review(stay, kind="access")), at=LATER)
    assert page.occupants[0].name.plain == "欧阳海棠"
    case = services.open_desk_case(actor=officer, property=stay.property, kind="dispute", stay=stay, at=LATER)
    shut = services.open_stay(stay, actor=officer, why=Why(purpose="dispute", ref=case.number), at=LATER)
    assert not shut.occupants[0].name.shown


def test_the_request_leads_to_the_stay_with_the_purpose_filled_in(client: Client, officer: Person, stay: Stay) -> None:
    asked = make_request(stay.property, state=State.IN_REVIEW, stay=stay)
    address = f"/stays/{stay.reference}/?purpose=request&amp;purpose_ref={asked.number}"
    at_desk(client, officer, stay.property)
    assert f'href="{address}"' in client.get(f"/requests/{asked.number}/").content.decode()
    asking = client.get(address.replace("&amp;", "&"))
    assert asking.context["form"].initial == {"purpose": "request", "purpose_ref": asked.number}
    opened = client.post(address.replace("&amp;", "&"), {"purpose": "request", "purpose_ref": asked.number})
    assert "欧阳海棠" in opened.content.decode()
