"""Expected stays, entered by hand or many at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Event
from staff.permissions import NotAllowed
from stays import refusals
from stays.models import Stay
from stays.services.expecting import expect_stays
from stays.tests.factories import (
    AT,
    TODAY,
    RoomFactory,
    as_row,
    basics_of,
    expected,
    guest,
    make_person,
    make_property,
    row,
    subjects_of,
)
from stays.typed import Booking

pytestmark = pytest.mark.django_db


def test_expected_stay_holds_its_room(clerk, house, room):
    stay = expected(clerk, house, room=room, confidential=True)
    use = stay.room_uses.get()
    assert (stay.status, stay.origin, stay.confidential, use.state) == ("expected", "direct", True, "expected")
    assert (use.during.lower, use.during.upper) == (AT.replace(hour=4), AT.replace(day=14, hour=4))
    assert basics_of(subjects_of(stay)[0]) == {"name": "欧阳海棠", "phone": "13900001234"}


def test_expecting_is_one_exact_row(clerk, house):
    stay = expected(clerk, house)
    assert row("stay.expected") == as_row(
        clerk,
        house,
        object_type="stay",
        object_ref=stay.reference,
        subjects=subjects_of(stay),
        fields=["name", "phone"],
        detail={"party": 1},
    )


def test_references_count_up_within_the_year(clerk, house):
    first, second = expected(clerk, house).reference, expected(clerk, house, guest=guest("仇望舒")).reference
    assert (first[:5], int(second[5:]) - int(first[5:])) == ("2026-", 1)


def test_two_expected_stays_do_not_share_a_room(clerk, house, room):
    expected(clerk, house, room=room)
    with pytest.raises(refusals.RoomTaken):
        expected(clerk, house, room=room, arrival_on=TODAY + timedelta(days=1), departure_on=TODAY + timedelta(days=3))


def test_one_leaves_and_another_comes_on_the_same_day(clerk, house, room):
    expected(clerk, house, room=room)
    next_one = expected(
        clerk, house, room=room, arrival_on=TODAY + timedelta(days=2), departure_on=TODAY + timedelta(days=3)
    )
    assert next_one.room_uses.get().state == "expected"


def test_party_fits_the_room_and_the_house(clerk, house, room):
    for size, refusal in ((0, refusals.BadParty), (21, refusals.BadParty), (3, refusals.RoomTooSmall)):
        with pytest.raises(refusal):
            expected(clerk, house, room=room, party_size=size)
    with pytest.raises(refusals.RoomElsewhere):
        expected(clerk, house, room=RoomFactory(property=make_property()))


def test_only_the_desk_of_the_house_expects_guests(house, stranger):
    for person in (stranger, make_person(house, "finance"), make_person(house, "manager")):
        with pytest.raises(NotAllowed):
            expected(person, house)


def bookings(count: int, **facts: Any) -> list[Booking]:
    """Bookings of one night, each of another guest."""
    nights = {"arrival_on": TODAY, "departure_on": TODAY + timedelta(days=1), "origin": "agency"} | facts
    return [Booking(guest(f"客人{each}甲"), **nights) for each in range(count)]


def test_many_come_in_as_many_statements_as_two(clerk, house):
    told = []
    for count in (1, 2, 30):  # the first asks for rights too
        with CaptureQueriesContext(connection) as said:
            expect_stays(actor=clerk, property=house, bookings=bookings(count), at=AT)
        told.append(len(said))
    assert (told[1] == told[2], Stay.objects.at(house).count()) == (True, 33)
    assert Event.objects.filter(action="stay.expected").count() == 33


def test_many_come_all_or_none_and_the_room_that_is_taken_is_named(clerk, house, room):
    other = RoomFactory(property=house)
    wanted = [*bookings(2), *bookings(1, room=other), *bookings(2, room=room)]
    with pytest.raises(refusals.RoomTaken) as taken:
        expect_stays(actor=clerk, property=house, bookings=wanted, at=AT)
    assert (taken.value.words["room"], Stay.objects.at(house).count(), room.uses.count()) == (room.number, 0, 0)
