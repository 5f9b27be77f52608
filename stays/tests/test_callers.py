"""May I tell the caller? (M06): neither confirm nor deny, unless the guest is proved; what finance sees of a bill."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import Event
from audit.services import Why
from staff.models import Person, Property
from staff.permissions import NotAllowed
from stays import services
from stays.models import Room, Stay
from stays.services.looking_up.callers import Told
from stays.tests.desk_visits import at_desk, in_house
from stays.tests.factories import (
    AT,
    as_row,
    checked_in,
    expected,
    make_person,
    make_property,
    resident_id,
    row,
    subjects_of,
)

pytestmark = pytest.mark.django_db
TAIL = resident_id(1)[-4:]
RIGHT = {"name": "欧阳海棠", "document_tail": TAIL}
SENTENCE = "I can neither confirm nor deny that anybody of this name is staying with us."


def ask(clerk: Person, house: Property, asked_for: str, **facts: str) -> Told | None:
    """What may be told to who says this."""
    return services.ask_caller(actor=clerk, property=house, asked_for=asked_for, facts=facts or RIGHT, at=AT)


def test_the_guest_is_told_dates_and_bill(clerk: Person, room: Room) -> None:
    stay = checked_in(clerk, room)
    line = services.add_bill_line(actor=clerk, stay=stay, kind="meal", amount=Decimal(88), at=AT)
    for asked_for in (stay.reference, room.number):
        told = ask(clerk, room.property, asked_for)
        assert told == Told(stay, (line,), {"CNY": Decimal(88)})
    proved = Event.objects.filter(action="caller.recognised")
    assert [(event.object_ref, event.subjects, event.fields) for event in proved] == [
        (stay.reference, subjects_of(stay), ["document_tail", "name"])
    ] * 2


def test_a_card_proves_as_well_as_a_document(clerk: Person, room: Room) -> None:
    stay = checked_in(clerk, room)
    told = ask(clerk, room.property, stay.reference, name="欧阳海棠", card_last4="4242")
    assert told is not None


@pytest.mark.parametrize(
    "facts",
    [
        {"name": "欧阳海棠"},
        {"document_tail": TAIL},
        {"name": "欧阳海棠", "document_tail": "0000"},
        {"name": "司马光", "document_tail": TAIL},
        {"name": "欧阳海棠", "document_tail": TAIL, "card_last4": "0000"},
    ],
)
def test_who_proves_too_little_is_told_nothing(clerk: Person, room: Room, facts: dict[str, str]) -> None:
    stay = checked_in(clerk, room)
    assert ask(clerk, room.property, stay.reference, **facts) is None
    assert row("caller.not_proved") == as_row(
        clerk, room.property, object_type="stay", object_ref=stay.reference, subjects=subjects_of(stay),
        fields=sorted(facts),
    )  # fmt: skip


def test_a_confidential_stay_is_confirmed_to_nobody(clerk: Person, room: Room) -> None:
    stay = checked_in(clerk, room)
    assert ask(clerk, room.property, stay.reference) is not None
    services.mark_stay(actor=clerk, stay=stay, mark="confidential", on=True)
    assert ask(clerk, room.property, stay.reference) is None


def test_after_three_failures_nothing_is_compared_for_a_day(clerk: Person, room: Room) -> None:
    stay = checked_in(clerk, room)
    for _try in range(3):
        ask(clerk, room.property, stay.reference, name="欧阳海棠", document_tail="0000")
    assert ask(clerk, room.property, stay.reference) is None
    later = timezone.now() + timedelta(days=2)
    told = services.ask_caller(actor=clerk, property=room.property, asked_for=stay.reference, facts=RIGHT, at=later)
    assert told is not None


def test_whom_nobody_knows_is_answered_likewise(clerk: Person, room: Room) -> None:
    stay = checked_in(clerk, room)
    elsewhere = make_property()
    other = make_person(elsewhere, "front_desk")
    answers = [
        ask(clerk, room.property, "2026-999999"),
        ask(clerk, room.property, ""),
        ask(other, elsewhere, stay.reference),
    ]
    assert answers == [None, None, None]
    rows = Event.objects.filter(action="caller.not_proved")
    assert {(event.object_ref, tuple(event.subjects)) for event in rows} == {("", ())}


def test_a_restricted_stay_is_none(clerk: Person, room: Room) -> None:
    stay = checked_in(clerk, room)
    Stay.objects.filter(pk=stay.pk).update(restricted_until=AT + timedelta(days=900))
    assert ask(clerk, room.property, stay.reference) is None
    assert row("caller.not_proved")["object_ref"] == ""


def test_who_is_to_come_has_shown_no_document_yet(clerk: Person, house: Property) -> None:
    assert ask(clerk, house, expected(clerk, house).reference) is None


def test_only_the_desk_answers_callers(clerk: Person, stranger: Person, room: Room) -> None:
    stay = checked_in(clerk, room)
    for person in (stranger, make_person(room.property, "finance")):
        with pytest.raises(NotAllowed):
            ask(person, room.property, stay.reference)
    with pytest.raises(ValueError, match="no such fact"):
        ask(clerk, room.property, stay.reference, email="x")


def test_the_sentence_stands_there_in_both_languages(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    at_desk(client, clerk, room.property)
    first = client.get("/caller/", {"stay": stay.reference})
    wrong = client.post("/caller/", {"asked_for": stay.reference, "name": "司马光", "document_tail": TAIL})
    right = client.post("/caller/", {"asked_for": stay.reference, "name": "欧阳海棠", "document_tail": TAIL})
    pages = [page.content.decode() for page in (first, wrong, right)]
    assert [SENTENCE in page for page in pages] == [True, True, False]
    assert ['<blockquote lang="zh-Hans">' in page for page in pages] == [True, True, False]
    assert [room.number in page.content.decode().split("<main")[1] for page in (wrong, right)] == [False, False]
    assert right.context["told"].stay == stay
    titles = {page.partition("<title>")[2].partition("</title>")[0] for page in pages}
    assert titles == {"A caller asks · Hotel Records"}


def test_finance_sees_who_pays_and_the_desk_amounts_only(client: Client, clerk: Person, room: Room) -> None:
    stay, finance = in_house(clerk, room), make_person(room.property, "finance")
    why = Why(purpose="bill")
    pages = [services.open_bill(stay, actor=person, why=why, at=timezone.now()) for person in (finance, clerk)]
    assert [[(sealed.name, str(sealed.value)) for sealed in page.payer] for page in pages] == [
        [("payer", "欧**棠")], [],
    ]  # fmt: skip
    assert "Who pays" in at_desk(client, finance, room.property).get(f"/stays/{stay.reference}/bill/").content.decode()
    shown = [
        {sealed.name for sealed in services.open_stay(stay, actor=person, why=why, at=timezone.now()).payment}
        for person in (finance, clerk)
    ]
    assert shown == [{"method", "payer", "card_last4"}, {"method"}]
