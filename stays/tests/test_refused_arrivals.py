"""Check-ins that are refused: checklist, room, party, dates, state, role, words."""

import hashlib
from datetime import date, timedelta

import pytest
from django.utils.translation import override

from audit.models import Event
from staff.permissions import NotAllowed
from stays import refusals, services
from stays.models import BillLine, Note, Occupant, Room, Stay
from stays.tests.factories import (
    AT,
    TODAY,
    ReviewRuleFactory,
    RoomFactory,
    arrival,
    checked_in,
    companion,
    contents_of,
    guest,
    lead,
    make_person,
    make_property,
)
from vault.models import Envelope, Subject

pytestmark = pytest.mark.django_db

MINOR = {"birth_date": date(2015, 3, 1)}
PASSPORT = {"document_type": "passport", "document_number": "ZZ1234567", "nationality": "GBR", "region": ""}
REGISTER_FIELDS = [
    "address", "birth_date", "card_last4", "document_number", "document_type", "email", "latin_name", "method",
    "name", "nationality", "payer", "phone", "region", "sex",
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "kind", "applies_to", "person"),
    [
        ("document_seen", "manual", "any", lead()),
        ("relation_asked", "manual", "minor", lead(**MINOR)),
        ("guardian_contact", "automatic", "minor", lead(**MINOR)),
        ("overseas_fields", "automatic", "overseas", lead(**PASSPORT | {"birth_date": None})),
        ("birth_dates", "automatic", "any", lead(document_number="X1", birth_date=None)),
        ("fields_complete", "automatic", "any", lead(guest=guest(phone=""))),
        ("every_document", "automatic", "any", lead(document_number="")),
        ("notice_shown", "automatic", "any", lead()),
        ("unknown_to_the_code", "automatic", "any", lead()),
    ],
)
def test_open_line_of_the_checklist_refuses(clerk, room, code, kind, applies_to, person):
    rule = ReviewRuleFactory(code=code, kind=kind, applies_to=applies_to)
    with pytest.raises(refusals.ReviewIncomplete) as refused:
        checked_in(clerk, room, person)
    assert refused.value.missing == (rule,)
    assert (Stay.objects.count(), Envelope.objects.count(), Subject.objects.count()) == (0, 0, 0)


def test_lines_for_others_do_not_apply(clerk, room):
    for applies_to in ("minor", "overseas", "returning"):
        ReviewRuleFactory(applies_to=applies_to)
    ReviewRuleFactory(active=False)
    assert checked_in(clerk, room).ticks.count() == 0


def test_dirty_room_is_refused_until_overridden(clerk, house):
    room = RoomFactory(property=house, state=Room.State.DIRTY)
    with pytest.raises(refusals.RoomNotReady):
        checked_in(clerk, room)
    stay = checked_in(clerk, room, override="guest_waits", override_reason="客人想先放行李")
    note = Note.objects.get(stay=stay, kind="reason")
    sealed = contents_of(stay)["note"][0]
    commit = hashlib.sha256(bytes.fromhex(sealed["salt"]) + sealed["text"].encode()).digest()
    event = Event.objects.get(action="guest.checked_in")
    assert (sealed["text"], bytes(event.note_commit), event.detail["override"]) == (
        "客人想先放行李",
        commit,
        "guest_waits",
    )
    assert note.owner is None


def test_room_out_of_order_is_refused_whatever_the_reason(clerk, house):
    room = RoomFactory(property=house, state=Room.State.OUT_OF_ORDER)
    with pytest.raises(refusals.RoomOutOfOrder):
        checked_in(clerk, room, override="no_other_room")


def test_too_small_a_room_is_refused_until_overridden(clerk, room):
    party = (lead(), companion(2), companion(3))
    with pytest.raises(refusals.RoomTooSmall):
        checked_in(clerk, room, *party)
    assert checked_in(clerk, room, *party, override="extra_bed").party_size == 3


def test_room_held_by_another_stay_is_refused_with_the_free_ones(clerk, house, room):
    free = RoomFactory(property=house)
    RoomFactory(property=house, type="suite")
    checked_in(clerk, room)
    with pytest.raises(refusals.RoomTaken) as refused:
        checked_in(clerk, room, lead(5))
    assert refused.value.free_rooms == (free,)
    assert Stay.objects.count() == 1


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Room 0101 has just been taken. Still free: 0102, 0103."),
        ("zh-hans", "0101房刚被占用。仍可选：0102、0103。"),
    ],
)
def test_free_rooms_are_listed_as_the_language_does_it(house, language, said):
    taken, *free = (RoomFactory.build(property=house, number=number) for number in ("0101", "0102", "0103"))
    with override(language):
        assert str(refusals.RoomTaken(taken, free)) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Room 0101 is dirty: choose another or override with a reason."),
        ("zh-hans", "0101房为脏房：请另选，或填写理由后仍选用此房。"),
    ],
)
def test_dirty_room_is_called_so_in_both_languages(house, language, said):
    with override(language):
        assert str(refusals.RoomNotReady(RoomFactory.build(property=house, number="0101", state="dirty"))) == said


def test_room_lived_in_past_departure_is_refused(clerk, room):
    checked_in(clerk, room, departure_on=TODAY + timedelta(days=1))
    later = AT + timedelta(days=3)
    with pytest.raises(refusals.RoomTaken):
        checked_in(
            clerk, room, lead(5), at=later, arrival_on=TODAY + timedelta(days=3), departure_on=TODAY + timedelta(days=4)
        )


def test_room_of_another_house_is_not_found(clerk, house):
    with pytest.raises(refusals.RoomElsewhere):
        services.check_in_guest(
            actor=clerk, property=house, stay=None, arrival=arrival(RoomFactory(property=make_property())), at=AT
        )


@pytest.mark.parametrize(
    ("party", "refusal"),
    [
        ((companion(),), refusals.BadParty),
        ((lead(1), lead(2)), refusals.BadParty),
        ((lead(1), *(companion(number) for number in range(2, 23))), refusals.BadParty),
        ((lead(1), companion(1)), refusals.SameGuestTwice),
    ],
)
def test_impossible_party_is_refused(clerk, room, party, refusal):
    with pytest.raises(refusal):
        checked_in(clerk, room, *party)


@pytest.mark.parametrize(("first", "last"), [(0, -1), (0, 366), (-3, -1)])
def test_impossible_dates_are_refused(clerk, room, first, last):
    day = timedelta(days=1)
    with pytest.raises(refusals.BadDates):
        checked_in(clerk, room, arrival_on=TODAY + first * day, departure_on=TODAY + last * day)


def test_stay_in_house_cannot_be_checked_in_again(clerk, house, room):
    stay = checked_in(clerk, room)
    with pytest.raises(refusals.WrongState):
        services.check_in_guest(actor=clerk, property=house, stay=stay, arrival=arrival(room), at=AT)


@pytest.mark.parametrize("role", ["finance", "privacy_officer", "second_approver", "manager", "administrator"])
def test_other_roles_check_nobody_in(house, room, role):
    with pytest.raises(NotAllowed):
        checked_in(make_person(house, role), room)


def test_clerk_of_another_house_checks_nobody_in(stranger, room):
    with pytest.raises(NotAllowed):
        checked_in(stranger, room)


def test_special_request_with_a_number_is_refused(clerk, room):
    with pytest.raises(refusals.NotInFreeText):
        checked_in(clerk, room, special_request="打 13900001234")
    assert (Stay.objects.count(), BillLine.objects.count(), Occupant.objects.count()) == (0, 0, 0)
