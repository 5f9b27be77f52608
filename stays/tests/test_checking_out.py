"""Checking out, reversing, reinstating."""

from datetime import timedelta
from decimal import Decimal

import pytest

from staff.permissions import NotAllowed
from stays import refusals, services
from stays.models import Figure, Registration, Room, RoomUse
from stays.tests.factories import (
    AT,
    RoomFactory,
    arrival,
    as_row,
    checked_in,
    companion,
    expected,
    lead,
    make_person,
    row,
    subjects_of,
)

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(days=1)


@pytest.fixture
def stay(clerk, room):
    return checked_in(clerk, room, lead(), companion())


def test_check_out_ends_stay_party_and_room(clerk, stay, room):
    services.check_out_guest(actor=clerk, stay=stay, at=LATER)
    stay.refresh_from_db()
    room.refresh_from_db()
    use = stay.room_uses.get()
    assert (stay.status, stay.departed_at, room.state) == ("checked_out", LATER, Room.State.DIRTY)
    assert (use.state, use.during.lower, use.during.upper) == ("ended", AT, LATER)
    assert list(stay.occupants.values_list("left_at", flat=True)) == [LATER, LATER]


def test_check_out_is_one_exact_row(clerk, house, stay):
    services.check_out_guest(actor=clerk, stay=stay, at=LATER)
    assert row("guest.checked_out") == as_row(
        clerk, house, object_type="stay", object_ref=stay.reference, subjects=subjects_of(stay)
    )


def test_open_bill_needs_a_reason(clerk, stay):
    services.add_bill_line(actor=clerk, stay=stay, kind="meal", amount=Decimal(88), at=AT)
    with pytest.raises(refusals.UnpaidBill):
        services.check_out_guest(actor=clerk, stay=stay, at=LATER)
    with pytest.raises(refusals.UnknownReason):
        services.check_out_guest(actor=clerk, stay=stay, at=LATER, unpaid_reason="because")
    services.check_out_guest(actor=clerk, stay=stay, at=LATER, unpaid_reason="company_pays")
    assert row("guest.checked_out")["detail"] == {"unpaid": "company_pays"}


def test_out_of_order_room_stays_so_at_check_out(clerk, stay, room):
    Room.objects.filter(pk=room.pk).update(state=Room.State.OUT_OF_ORDER)
    services.check_out_guest(actor=clerk, stay=stay, at=LATER)
    room.refresh_from_db()
    assert room.state == Room.State.OUT_OF_ORDER


def test_second_check_out_is_refused(clerk, stay):
    services.check_out_guest(actor=clerk, stay=stay, at=LATER)
    with pytest.raises(refusals.WrongState):
        services.check_out_guest(actor=clerk, stay=stay, at=LATER)


def test_reversal_brings_the_expected_stay_back(clerk, stay, room):
    services.reverse_check_in(actor=clerk, stay=stay, reason="wrong_guest", at=AT + timedelta(hours=2))
    stay.refresh_from_db()
    assert (stay.status, stay.arrived_at) == ("expected", None)
    assert list(stay.room_uses.values_list("room", "state")) == [(room.pk, "undone"), (room.pk, "expected")]
    assert list(Registration.objects.values_list("state", flat=True)) == ["withdrawn", "withdrawn"]
    assert list(stay.occupants.values_list("register_envelope__erased_at", flat=True)) == [None, None]
    assert set(Figure.objects.values_list("count", flat=True)) == {0}


def test_reversal_is_one_exact_row(clerk, house, stay):
    services.reverse_check_in(actor=clerk, stay=stay, reason="mistyped", at=AT)
    assert row("check_in.reversed") == as_row(
        clerk,
        house,
        object_type="stay",
        object_ref=stay.reference,
        subjects=subjects_of(stay),
        detail={"reason": "mistyped"},
    )


def test_reversal_is_for_the_same_business_day_only(clerk, stay):
    with pytest.raises(refusals.TooLate):
        services.reverse_check_in(actor=clerk, stay=stay, reason="mistyped", at=LATER)


def test_reversal_needs_a_known_reason(clerk, stay):
    with pytest.raises(refusals.UnknownReason):
        services.reverse_check_in(actor=clerk, stay=stay, reason="oops", at=AT)


def test_party_may_arrive_again_after_a_reversal(clerk, house, stay, room):
    services.reverse_check_in(actor=clerk, stay=stay, reason="mistyped", at=AT)
    typed = arrival(room, lead(2), companion(1, name="欧阳海棠"))
    services.check_in_guest(actor=clerk, property=house, stay=stay, arrival=typed, at=AT)
    party = list(stay.occupants.values_list("role", "position", "left_at"))
    assert party == [("lead", 1, None), ("companion", 2, None)]
    assert list(Registration.objects.order_by("pk").values_list("state", flat=True)) == [
        "withdrawn", "withdrawn", "pending", "pending",
    ]  # fmt: skip


def test_who_does_not_come_again_stays_in_the_record_as_gone(clerk, house, stay, room):
    services.reverse_check_in(actor=clerk, stay=stay, reason="mistyped", at=AT)
    services.check_in_guest(actor=clerk, property=house, stay=stay, arrival=arrival(room, lead(7)), at=AT)
    party = list(stay.occupants.order_by("pk").values_list("role", "left_at"))
    assert party == [("companion", AT), ("companion", AT), ("lead", None)]


def test_reinstating_brings_the_party_back_into_the_room(clerk, stay, room):
    services.check_out_guest(actor=clerk, stay=stay, at=LATER)
    services.reinstate_stay(actor=clerk, stay=stay, reason="stays_on", at=LATER + timedelta(hours=1))
    stay.refresh_from_db()
    assert (stay.status, stay.departed_at) == ("in_house", None)
    assert list(stay.room_uses.values_list("room", "state")) == [(room.pk, "ended"), (room.pk, "in_house")]
    assert list(stay.occupants.values_list("left_at", flat=True)) == [None, None]
    assert dict(Figure.objects.filter(kind="departures").values_list("key", "count")) == {"": 0}


def test_reinstating_into_a_room_given_away_is_refused(clerk, house, stay, room):
    services.check_out_guest(actor=clerk, stay=stay, at=LATER)
    Room.objects.filter(pk=room.pk).update(state=Room.State.CLEAN)
    free = RoomFactory(property=house)
    checked_in(clerk, room, lead(9), at=LATER, arrival_on=LATER.date(), departure_on=LATER.date() + timedelta(days=1))
    with pytest.raises(refusals.RoomTaken) as refused:
        services.reinstate_stay(actor=clerk, stay=stay, reason="stays_on", at=LATER)
    assert refused.value.free_rooms == (free,)


def test_reinstating_is_for_two_business_days(clerk, stay):
    services.check_out_guest(actor=clerk, stay=stay, at=LATER)
    with pytest.raises(refusals.TooLate):
        services.reinstate_stay(actor=clerk, stay=stay, reason="stays_on", at=LATER + timedelta(days=2))


def test_reinstating_is_one_exact_row(clerk, house, stay):
    services.check_out_guest(actor=clerk, stay=stay, at=LATER)
    services.reinstate_stay(actor=clerk, stay=stay, reason="wrong_guest", at=LATER)
    assert row("stay.reinstated") == as_row(
        clerk,
        house,
        object_type="stay",
        object_ref=stay.reference,
        subjects=subjects_of(stay),
        detail={"reason": "wrong_guest"},
    )


def test_nights_slept_are_counted(clerk, stay):
    services.check_out_guest(actor=clerk, stay=stay, at=AT + timedelta(days=2))
    counted = Figure.objects.filter(kind__in=["nights", "occupied"]).order_by("kind", "day")
    assert [(each.kind, each.count) for each in counted] == [("nights", 2), ("occupied", 1), ("occupied", 1)]


@pytest.mark.parametrize("role", ["finance", "privacy_officer", "manager", "administrator"])
def test_other_roles_change_no_stay(house, stay, role):
    person = make_person(house, role)
    for deed in (
        lambda: services.check_out_guest(actor=person, stay=stay, at=LATER),
        lambda: services.reverse_check_in(actor=person, stay=stay, reason="mistyped", at=AT),
        lambda: services.reinstate_stay(actor=person, stay=stay, reason="stays_on", at=AT),
    ):
        with pytest.raises(NotAllowed):
            deed()


def test_expected_stay_is_neither_checked_out_nor_reversed(clerk, house):
    stay = expected(clerk, house)
    with pytest.raises(refusals.WrongState):
        services.check_out_guest(actor=clerk, stay=stay, at=AT)
    with pytest.raises(refusals.WrongState):
        services.reverse_check_in(actor=clerk, stay=stay, reason="mistyped", at=AT)
    assert RoomUse.objects.count() == 0
