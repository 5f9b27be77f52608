"""Cancelled, not come, and expected again (M41)."""

from datetime import timedelta

import pytest

from audit.models import Event
from staff.models import Person, Property
from staff.permissions import NotAllowed
from stays import refusals, services
from stays.models import Room, RoomUse, Stay
from stays.tasks import roll_no_shows
from stays.tests.factories import (
    AT,
    TODAY,
    as_row,
    checked_in,
    expected,
    make_person,
    make_property,
    row,
    subjects_of,
)

pytestmark = pytest.mark.django_db
TOMORROW = AT + timedelta(days=1)


def states(*stays: Stay) -> list[str]:
    """The status of each stay now."""
    for stay in stays:
        stay.refresh_from_db()
    return [stay.status for stay in stays]


def test_a_cancelled_stay_frees_its_room(clerk: Person, house: Property, room: Room) -> None:
    stay = expected(clerk, house, room=room)
    services.cancel_stay(actor=clerk, stay=stay, reason="guest_cancelled", at=AT)
    assert (states(stay), RoomUse.objects.get().state) == (["cancelled"], "undone")
    assert row("stay.cancelled") == as_row(
        clerk, house, object_type="stay", object_ref=stay.reference, subjects=subjects_of(stay),
        detail={"reason": "guest_cancelled"},
    )  # fmt: skip
    assert expected(clerk, house, room=room).status == "expected"


def test_a_cancellation_wants_a_reason_and_an_expected_stay(clerk: Person, house: Property, room: Room) -> None:
    with pytest.raises(refusals.UnknownReason):
        services.cancel_stay(actor=clerk, stay=expected(clerk, house), reason="mood", at=AT)
    with pytest.raises(refusals.WrongState):
        services.cancel_stay(actor=clerk, stay=checked_in(clerk, room), reason="guest_cancelled", at=AT)


def test_who_did_not_come_is_marked_by_hand(clerk: Person, house: Property, room: Room) -> None:
    stay = expected(clerk, house, room=room)
    services.mark_no_show(actor=clerk, stay=stay, at=AT)
    assert (states(stay), RoomUse.objects.get().state) == (["no_show"], "undone")
    assert row("stay.no_show") == as_row(
        clerk, house, object_type="stay", object_ref=stay.reference, subjects=subjects_of(stay)
    )


def test_who_is_not_due_cannot_fail_to_come(clerk: Person, house: Property) -> None:
    stay = expected(clerk, house, arrival_on=TODAY + timedelta(days=1), departure_on=TODAY + timedelta(days=2))
    with pytest.raises(refusals.NotDueYet):
        services.mark_no_show(actor=clerk, stay=stay, at=AT)
    assert services.may_be_no_show(stay, AT) is False


def test_the_turn_of_the_day_marks_who_did_not_come(clerk: Person, house: Property, room: Room) -> None:
    late = expected(clerk, house, room=room)
    tomorrow = expected(clerk, house, arrival_on=TODAY + timedelta(days=1), departure_on=TODAY + timedelta(days=2))
    elsewhere = make_property()
    far = expected(make_person(elsewhere, "front_desk"), elsewhere)
    assert services.roll_no_shows(at=AT) == 0
    assert (services.roll_no_shows(at=TOMORROW), services.roll_no_shows(at=TOMORROW)) == (2, 0)
    assert states(late, tomorrow, far) == ["no_show", "expected", "no_show"]
    rows = Event.objects.filter(action="stay.no_show").order_by("id")
    assert [(event.actor, event.actor_role, event.property, event.subjects) for event in rows] == [
        (None, "system", stay.property_id, subjects_of(stay)) for stay in (late, far)
    ]


def test_before_six_in_the_morning_the_day_has_not_turned(clerk: Person, house: Property) -> None:
    stay = expected(clerk, house)
    turn = house.local(TOMORROW).replace(hour=6, minute=0)
    before = services.roll_no_shows(at=turn - timedelta(minutes=1))
    assert (before, services.roll_no_shows(at=turn), states(stay)) == (0, 1, ["no_show"])


def test_a_restricted_stay_is_left_as_it_is(clerk: Person, house: Property) -> None:
    stay = expected(clerk, house)
    Stay.objects.filter(pk=stay.pk).update(restricted_until=AT + timedelta(days=900))
    assert (services.roll_no_shows(at=TOMORROW), states(stay)) == (0, ["expected"])


def test_the_task_marks_all_that_is_due(clerk: Person, house: Property) -> None:
    stay = expected(clerk, house)
    assert (roll_no_shows(), states(stay)) == (1, ["no_show"])


def test_who_comes_after_all_is_expected_today(clerk: Person, house: Property, room: Room) -> None:
    stay = expected(clerk, house, room=room)
    services.roll_no_shows(at=TOMORROW)
    assert services.may_expect_again(Stay.objects.get(), TOMORROW) is True
    back = services.expect_again(actor=clerk, stay=stay, reason="came_after_all", at=TOMORROW)
    assert (back.status, back.arrival_on, back.departure_on) == (
        "expected", TODAY + timedelta(days=1), TODAY + timedelta(days=2),
    )  # fmt: skip
    assert services.roll_no_shows(at=TOMORROW) == 0
    assert row("stay.expected_again")["detail"] == {"reason": "came_after_all"}


def test_what_would_be_over_is_not_expected_again(clerk: Person, house: Property) -> None:
    stay = expected(clerk, house)
    services.cancel_stay(actor=clerk, stay=stay, reason="entered_twice", at=AT)
    late = AT + timedelta(days=3)
    with pytest.raises(refusals.PastDeparture):
        services.expect_again(actor=clerk, stay=stay, reason="mistaken", at=late)
    with pytest.raises(refusals.UnknownReason):
        services.expect_again(actor=clerk, stay=stay, reason="mood", at=AT)
    assert services.may_expect_again(Stay.objects.get(), late) is False


def test_only_the_desk_gives_stays_up(clerk: Person, stranger: Person, house: Property) -> None:
    stay = expected(clerk, house)
    for person in (stranger, make_person(house, "finance")):
        for deed in (
            lambda person=person: services.cancel_stay(actor=person, stay=stay, reason="guest_cancelled", at=AT),
            lambda person=person: services.mark_no_show(actor=person, stay=stay, at=AT),
            lambda person=person: services.expect_again(actor=person, stay=stay, reason="mistaken", at=AT),
        ):
            with pytest.raises(NotAllowed):
                deed()
    assert states(stay) == ["expected"]
