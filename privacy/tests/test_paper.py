"""Registration cards on paper."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils.translation import override

from audit.models import Event
from privacy import refusals
from privacy.models import PaperCard, Step
from privacy.services import paper
from privacy.tests.factories import (
    AT,
    TODAY,
    as_row,
    checked_in,
    companion,
    lead,
    make_hold,
    make_person,
    make_request,
    row,
)
from privacy.tests.office import answers, on_duty
from staff.models import Person, Property
from staff.permissions import NotAllowed
from stays.models import Room, Stay
from stays.refusals import NotInFreeText
from stays.tests.desk_visits import in_house

pytestmark = pytest.mark.django_db

PLACE = "Cabinet 3, folder May 2026"


def keep(clerk: Person, stay: Stay, **facts: Any) -> PaperCard:
    """A card put away by the clerk, who answers for it."""
    return paper.keep_card(
        actor=clerk, stay=stay, at=AT, **({"occupant": None, "place": PLACE, "custodian": clerk} | facts)
    )


def about(card: PaperCard, **facts: Any) -> dict[str, Any]:
    """How the log names a card."""
    return {"object_type": "stay", "object_ref": card.stay.reference, "detail": {"card": card.pk}, **facts}


def test_kept(clerk: Person, house: Property, stay: Stay) -> None:
    guest = stay.occupants.get(role="lead")
    card = keep(clerk, stay, occupant=guest)
    assert (card.place, card.custodian, card.state) == (PLACE, clerk, "kept")
    assert row("paper.kept") == as_row(clerk, house, **about(card, subjects=[guest.subject_id]))


def test_signed_out_and_returned(clerk: Person, officer: Person, house: Property, stay: Stay) -> None:
    card = paper.sign_out_card(actor=officer, card=keep(clerk, stay), to=clerk, at=AT)
    assert (card.state, card.signed_out_to, card.signed_out_at) == ("signed_out", clerk, AT)
    card = paper.return_card(actor=officer, card=card, place="Cabinet 4", at=AT)
    assert (card.state, card.signed_out_to, card.place) == ("kept", None, "Cabinet 4")
    said = as_row(officer, house, actor_role="privacy_officer", **about(card))
    assert (row("paper.signed_out"), row("paper.returned")) == (said, said)


def test_destroyed_by_two(clerk: Person, officer: Person, house: Property, stay: Stay) -> None:
    card = paper.destroy_card(actor=officer, card=keep(clerk, stay), second=clerk, at=AT)
    assert (card.state, card.destroyed_by, card.destroyed_with, card.destroyed_at) == ("destroyed", officer, clerk, AT)
    assert row("paper.destroyed") == as_row(officer, house, actor_role="privacy_officer", **about(card))


def test_one_name_is_not_two(clerk: Person, officer: Person, stay: Stay) -> None:
    card = keep(clerk, stay)
    with pytest.raises(refusals.SamePerson):
        paper.destroy_card(actor=officer, card=card, second=officer, at=AT)
    assert PaperCard.objects.get().state == "kept"


def test_a_card_that_is_gone_stays_gone(clerk: Person, officer: Person, stay: Stay) -> None:
    card = paper.destroy_card(actor=officer, card=keep(clerk, stay), second=clerk, at=AT)
    for deed, facts in (
        (paper.sign_out_card, {"to": clerk}),
        (paper.return_card, {"place": PLACE}),
        (paper.destroy_card, {"second": clerk}),
    ):
        with pytest.raises(refusals.CardGone):
            deed(actor=officer, card=card, at=AT, **facts)


@pytest.mark.parametrize("confidential", [False, True])
def test_while_a_hold_lies_on_the_record_its_cards_are_not_destroyed(
    confidential: bool, clerk: Person, officer: Person, approver: Person, house: Property, room: Room
) -> None:
    """A confidential one is told in the words of an internal one (docs/security.md, Confidential holds)."""
    stay = checked_in(clerk, room, lead(), companion())
    guest, other = stay.occupants.order_by("position")
    of_guest, of_other, of_all = (keep(clerk, stay, occupant=whose) for whose in (guest, other, None))
    kind = {"kind": "authority", "authority": "浦东分局", "confidential": True} if confidential else {}
    make_hold(house, placed_by=approver, approved_by=officer, approved_at=AT, subject_id=guest.subject_id, **kind)
    for card in (of_guest, of_all):
        with pytest.raises(refusals.CardHeld) as refused:
            paper.destroy_card(actor=officer, card=card, second=clerk, at=AT)
        with override("en"):
            told = str(refused.value)
        assert told == (
            f"An internal hold lies on what the card of stay {stay.reference} records:"
            " the card is kept until the hold ends."
        )
    assert paper.destroy_card(actor=officer, card=of_other, second=clerk, at=AT).state == "destroyed"
    over = AT + timedelta(days=91)
    gone = [paper.destroy_card(actor=officer, card=card, second=clerk, at=over) for card in (of_guest, of_all)]
    assert [card.state for card in gone] == ["destroyed", "destroyed"]


@pytest.mark.parametrize("on", ["stay", "room", "request", "part"])
def test_whatever_a_hold_is_on(on: str, clerk: Person, officer: Person, house: Property, stay: Stay) -> None:
    guest = stay.occupants.get(role="lead")
    [use] = stay.room_uses.all()
    about = {
        "stay": {"stay": stay},
        "room": {"room": use.room, "during": use.during},
        "request": {"request": make_request(house, stay=stay)},
        "part": {"stay": stay, "subject_id": guest.subject_id},
    }[on]
    make_hold(house, placed_by=clerk, approved_by=officer, approved_at=AT, **about)
    card = keep(clerk, stay, occupant=guest)
    with pytest.raises(refusals.CardHeld):
        paper.destroy_card(actor=officer, card=card, second=clerk, at=AT)


def test_places_name_nobody(clerk: Person, officer: Person, stay: Stay) -> None:
    card = paper.sign_out_card(actor=officer, card=keep(clerk, stay), to=clerk, at=AT)
    with pytest.raises(NotInFreeText):
        keep(clerk, stay, place="13900001234")
    with pytest.raises(NotInFreeText):
        paper.return_card(actor=officer, card=card, place="13900001234", at=AT)


def test_who_may(clerk: Person, house: Property, stay: Stay, stranger: Person) -> None:
    card = keep(clerk, stay)
    for person in (stranger, *(make_person(house, role) for role in ("finance", "manager", "administrator"))):
        with pytest.raises(NotAllowed):
            keep(person, stay)
    for person in (clerk, stranger):
        with pytest.raises(NotAllowed):
            paper.destroy_card(actor=person, card=card, second=make_person(house, "manager"), at=AT)
        with pytest.raises(NotAllowed):
            paper.list_cards(actor=person, property=house)


def test_the_task_ends_with_the_last_card(clerk: Person, officer: Person, house: Property, stay: Stay) -> None:
    cards = [keep(clerk, stay), keep(clerk, stay)]
    request = make_request(house, state="executing", stay=stay)
    with transaction.atomic():
        [task] = paper.ask_to_destroy(request=request, stays=[stay], owner=officer, due_on=TODAY)
    assert (task.kind, task.about, paper.tasks_waiting(house)) == ("paper", stay.reference, [task])
    done = []
    for card in cards:
        paper.destroy_card(actor=officer, card=card, second=clerk, at=AT)
        task.refresh_from_db()
        done.append((task.done_at, task.done_by, task.second_by))
    assert done == [(None, None, None), (AT, officer, clerk)]
    assert list(Step.objects.values_list("code", "detail")) == [("request.task_done", {"kind": "paper"})]
    assert row("request.task_done")["object_ref"] == request.number


def test_a_companions_card_is_left_alone(clerk: Person, house: Property, room: Room, officer: Person) -> None:
    stay = checked_in(clerk, room, lead(), companion())
    request = make_request(house, state="executing", stay=stay)
    keep(clerk, stay, occupant=stay.occupants.get(role="companion"))
    assert paper.ask_to_destroy(request=request, stays=[stay], owner=officer, due_on=TODAY) == []
    keep(clerk, stay, occupant=stay.occupants.get(role="lead"))
    assert len(paper.ask_to_destroy(request=request, stays=[stay], owner=officer, due_on=TODAY)) == 1


def test_the_list_is_a_look(clerk: Person, officer: Person, house: Property, stay: Stay) -> None:
    card = keep(clerk, stay)
    browser = on_duty(officer, house)
    found = [
        list(browser.get(f"/paper-cards/?{query}").context["page"].object_list)
        for query in ("", f"stay_number={stay.reference.lower()}&state=kept", "state=destroyed", "stay_number=x")
    ]
    assert found == [[card], [card], [], []]
    seen = Event.objects.filter(action="paper.listed").order_by("id")
    assert [(each.object_ref, each.detail) for each in seen] == [
        (house.code, {"count": count}) for count in (1, 1, 0, 0)
    ]


def test_the_desk_notes_where_the_card_lies(clerk: Person, room: Room) -> None:
    stay, browser = in_house(clerk, room), on_duty(clerk, room.property)
    page, told = f"/stays/{stay.reference}/paper/", {"occupant": "1", "place": PLACE, "custodian": clerk.pk}
    wrong = browser.post(page, {"place": "13900001234", "occupant": "9"})
    browser.post(page, told)
    card = PaperCard.objects.get()
    assert sorted(wrong.context["form"].errors) == ["custodian", "occupant", "place"]
    assert (card.occupant.position, card.place, card.custodian) == (1, PLACE, clerk)


def test_the_page_of_a_card(clerk: Person, officer: Person, house: Property, stay: Stay) -> None:
    card, browser = keep(clerk, stay), on_duty(officer, house)
    page, second = f"/paper-cards/{card.pk}/", clerk.pk
    states = []
    for typed in (
        {"deed": "sign_out", "to": clerk.pk},
        {"deed": "return", "place": "Cabinet 4"},
        {"deed": "destroy", "second": second, "stay_number": "2026-999999"},
        {"deed": "destroy", "second": officer.pk, "stay_number": stay.reference},
        {"deed": "destroy", "second": second, "stay_number": stay.reference},
    ):
        code = browser.post(page, typed).status_code
        card.refresh_from_db()
        states.append((code, card.state))
    assert states == [(302, "signed_out"), (302, "kept"), (200, "kept"), (200, "kept"), (302, "destroyed")]
    assert browser.post(page, {"deed": "burn"}).status_code == 404


def test_pages_are_the_officers_own(
    house: Property, clerk: Person, officer: Person, manager: Person, stranger: Person, stay: Stay
) -> None:
    card = keep(clerk, stay)
    pages = ["/paper-cards/", f"/paper-cards/{card.pk}/", f"/stays/{stay.reference}/paper/"]
    got = [answers(page, house, officer, clerk, manager, stranger) for page in pages]
    assert got == [[200, 403, 403, 200], [200, 403, 403, 404], [200, 200, 403, 404]]
