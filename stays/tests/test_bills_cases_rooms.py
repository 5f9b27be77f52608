"""Bill lines, desk cases and rooms."""

from decimal import Decimal

import pytest

from audit.models import Change
from audit.services import Why
from staff.permissions import NotAllowed
from stays import refusals, services
from stays.models import Room
from stays.tests.factories import (
    AT,
    RoomFactory,
    as_row,
    checked_in,
    expected,
    make_person,
    make_property,
    row,
    subjects_of,
)

pytestmark = pytest.mark.django_db


def test_bill_line_is_added_and_settled(clerk, house, room):
    stay = checked_in(clerk, room)
    line = services.add_bill_line(actor=clerk, stay=stay, kind="meal", amount=Decimal("88.50"), at=AT)
    assert (line.amount, line.currency, line.settled_at) == (Decimal("88.50"), "CNY", None)
    assert services.settle_bill_line(actor=clerk, line=line, at=AT).settled_at == AT
    facts = {
        "object_type": "stay",
        "object_ref": stay.reference,
        "subjects": subjects_of(stay),
        "detail": {"kind": "meal"},
    }
    assert row("bill.line_added") == as_row(clerk, house, **facts)
    assert row("bill.line_settled") == as_row(clerk, house, **facts)


def test_settling_twice_is_refused(clerk, room):
    line = services.add_bill_line(actor=clerk, stay=checked_in(clerk, room), kind="other", amount=Decimal(1), at=AT)
    services.settle_bill_line(actor=clerk, line=line, at=AT)
    with pytest.raises(refusals.AlreadySettled):
        services.settle_bill_line(actor=clerk, line=line, at=AT)


@pytest.mark.parametrize("amount", ["0", "1000000", "-1000000", "1.005"])
def test_impossible_amount_is_refused(clerk, room, amount):
    with pytest.raises(refusals.BadAmount):
        services.add_bill_line(actor=clerk, stay=checked_in(clerk, room), kind="meal", amount=Decimal(amount), at=AT)


def test_finance_keeps_bills_and_others_do_not(house, clerk, room, stranger):
    stay = checked_in(clerk, room)
    facts = {"stay": stay, "kind": "meal", "amount": Decimal(5), "at": AT}
    assert services.add_bill_line(actor=make_person(house, "finance"), **facts).kind == "meal"
    for person in (stranger, *(make_person(house, role) for role in ("privacy_officer", "manager", "administrator"))):
        with pytest.raises(NotAllowed):
            services.add_bill_line(actor=person, **facts)


def test_case_is_opened_and_closed(clerk, house):
    stay = expected(clerk, house)
    case = services.open_desk_case(actor=clerk, property=house, kind="dispute", stay=stay, at=AT)
    closed = services.close_desk_case(actor=clerk, case=case, at=AT)
    assert (case.number[:2], len(case.number), case.owner, closed.state) == ("C-", 8, clerk, "closed")
    facts = {"object_type": "case", "object_ref": case.number, "detail": {"kind": "dispute"}}
    assert row("case.opened") == as_row(clerk, house, **facts)
    assert row("case.closed") == as_row(clerk, house, **facts)
    with pytest.raises(refusals.CaseClosed):
        services.close_desk_case(actor=clerk, case=case, at=AT)


def test_case_is_about_a_stay_of_the_house(clerk, stranger):
    elsewhere = stranger.kept_at
    stay = expected(stranger, elsewhere)
    with pytest.raises(refusals.StayElsewhere):
        services.open_desk_case(actor=clerk, property=clerk.kept_at, kind="dispute", stay=stay, at=AT)
    with pytest.raises(NotAllowed):
        services.open_desk_case(actor=clerk, property=elsewhere, kind="dispute", stay=stay, at=AT)


ROOM = {"number": "0808", "floor": 8, "type": "twin", "capacity": 2, "state": "clean"}


def test_administrator_keeps_rooms(house):
    keeper = make_person(house, "administrator")
    room = services.save_room(actor=keeper, property=house, **ROOM)
    services.save_room(actor=keeper, property=house, room=room, **ROOM | {"capacity": 3})
    room.refresh_from_db()
    assert (room.number, room.capacity) == ("0808", 3)
    assert Change.objects.filter(object_id=room.pk).count() == 2


def test_room_number_is_given_once_per_house(house, room):
    keeper = make_person(house, "administrator")
    with pytest.raises(refusals.RoomNumberTaken):
        services.save_room(actor=keeper, property=house, **ROOM | {"number": room.number})


def test_desk_marks_rooms_but_keeps_none(clerk, house, room):
    assert services.change_room_state(actor=clerk, room=room, state="dirty").state == Room.State.DIRTY
    assert row("room.state_changed") == as_row(
        clerk, house, object_type="room", object_ref=str(room.pk), detail={"state": "dirty"}
    )
    with pytest.raises(NotAllowed):
        services.save_room(actor=clerk, property=house, **ROOM)
    with pytest.raises(NotAllowed):
        services.change_room_state(actor=clerk, room=RoomFactory(property=make_property()), state="dirty")


def test_free_rooms_leave_out_what_is_held_or_broken(clerk, house, room):
    free = RoomFactory(property=house)
    RoomFactory(property=house, state="out_of_order")
    stay = checked_in(clerk, room)
    during = services.planned_time(house, stay.arrival_on, stay.departure_on)
    assert services.free_rooms(house, during) == [free]
    assert services.free_rooms(house, during, type="suite") == []


def test_opening_a_bill_is_a_look_with_a_purpose(clerk, house, room):
    stay = checked_in(clerk, room)
    line = services.add_bill_line(actor=clerk, stay=stay, kind="meal", amount=Decimal(5), at=AT)
    finance = make_person(house, "finance")
    assert services.open_bill(stay, actor=finance, why=Why(purpose="bill"), at=AT).lines == (line,)
    assert row("bill.viewed") == as_row(
        finance,
        house,
        actor_role="finance",
        purpose="bill",
        object_type="stay",
        object_ref=stay.reference,
        subjects=subjects_of(stay),
        fields=["payer", "invoice_title", "tax_number"],
    )
    with pytest.raises(refusals.PurposeRefused):
        services.open_bill(stay, actor=finance, why=Why(), at=AT)
    with pytest.raises(NotAllowed):
        services.open_bill(stay, actor=make_person(house, "manager"), why=Why(purpose="bill"), at=AT)


def test_list_of_cases_is_a_look(clerk, house, stranger):
    case = services.open_desk_case(actor=clerk, property=house, kind="safety", stay=None, at=AT)
    assert list(services.list_cases(actor=clerk, property=house)) == [case]
    assert row("cases.viewed") == as_row(clerk, house, object_type="list", object_ref="desk_cases", detail={"count": 1})
    with pytest.raises(NotAllowed):
        services.list_cases(actor=stranger, property=house)
