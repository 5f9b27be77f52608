"""Another room, another day of departure, marks on a stay (M41)."""

from datetime import timedelta

import pytest

from audit.models import Event
from staff.models import Person, Property
from staff.permissions import NotAllowed
from stays import refusals, services
from stays.models import Figure, Room, RoomUse, Stay
from stays.tests.factories import (
    AT,
    TODAY,
    RoomFactory,
    as_row,
    checked_in,
    contents_of,
    expected,
    lead,
    make_person,
    make_property,
    row,
    subjects_of,
)

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=3)


def move(clerk: Person, stay: Stay, room: Room, **facts: object) -> Stay:
    """A move because of noise, three hours after arrival."""
    given = {"moved_for": "noise", "at": LATER} | facts
    return services.move_stay(actor=clerk, stay=stay, room=room, **given)  # type: ignore[arg-type]


def uses_of(stay: Stay) -> list[tuple[Room, str, str]]:
    """Every room the stay has or had, oldest first."""
    return [(use.room, use.state, use.moved_for) for use in stay.room_uses.select_related("room").order_by("pk")]


def states(*rooms: Room) -> list[str]:
    """How the rooms are marked now."""
    for room in rooms:
        room.refresh_from_db()
    return [room.state for room in rooms]


def test_a_party_moves_and_its_rooms_stay_on_record(clerk: Person, house: Property, room: Room) -> None:
    other = RoomFactory(property=house)
    stay = move(clerk, checked_in(clerk, room), other)
    assert uses_of(stay) == [(room, "ended", ""), (other, "in_house", "noise")]
    first, second = stay.room_uses.order_by("pk")
    assert (first.during.upper, second.during.lower, states(room, other)) == (LATER, LATER, ["dirty", "clean"])
    assert row("stay.moved") == as_row(
        clerk, house, object_type="stay", object_ref=stay.reference, subjects=subjects_of(stay),
        detail={"reason": "noise"},
    )  # fmt: skip


def test_a_room_that_was_left_can_be_had_at_once(clerk: Person, house: Property, room: Room) -> None:
    move(clerk, checked_in(clerk, room), RoomFactory(property=house))
    services.change_room_state(actor=clerk, room=room, state="clean")
    assert checked_in(clerk, room, lead(2), at=LATER).status == "in_house"


def test_the_words_of_a_move_are_sealed_and_committed_to(clerk: Person, house: Property, room: Room) -> None:
    stay = move(clerk, checked_in(clerk, room), RoomFactory(property=house), words="空调漏水")
    [words] = contents_of(stay)["note"]
    assert (words["text"], stay.notes.get().kind) == ("空调漏水", "reason")
    assert Event.objects.get(action="stay.moved").note_commit is not None


def test_a_number_in_the_words_stops_the_move(clerk: Person, house: Property, room: Room) -> None:
    stay = checked_in(clerk, room)
    with pytest.raises(refusals.NotInFreeText):
        move(clerk, stay, RoomFactory(property=house), words="call 13900001234")
    assert uses_of(stay) == [(room, "in_house", "")]


def test_an_expected_party_is_given_a_room_and_another(clerk: Person, house: Property, room: Room) -> None:
    stay, other = expected(clerk, house), RoomFactory(property=house, state="dirty")
    move(clerk, stay, room, moved_for="", at=AT)
    move(clerk, stay, other, at=AT)
    assert uses_of(stay) == [(room, "undone", ""), (other, "expected", "noise")]
    assert states(room, other) == ["clean", "dirty"]


def test_an_expected_party_needs_a_room_large_enough(clerk: Person, house: Property) -> None:
    stay = expected(clerk, house, party_size=3)
    with pytest.raises(refusals.RoomTooSmall):
        move(clerk, stay, RoomFactory(property=house, capacity=2), moved_for="", at=AT)
    with pytest.raises(refusals.RoomOutOfOrder):
        move(clerk, stay, RoomFactory(property=house, capacity=4, state="out_of_order"), moved_for="", at=AT)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"state": "dirty"}, refusals.RoomNotReady),
        ({"state": "out_of_order"}, refusals.RoomOutOfOrder),
        ({"capacity": 1}, refusals.RoomTooSmall),
    ],
)
def test_a_room_that_does_not_fit_is_refused(
    clerk: Person, house: Property, room: Room, facts: dict[str, object], refusal: type[Exception]
) -> None:
    stay = Stay.objects.get(pk=checked_in(clerk, room).pk)
    Stay.objects.filter(pk=stay.pk).update(party_size=2)
    with pytest.raises(refusal):
        move(clerk, stay, RoomFactory(property=house, **facts))
    assert (uses_of(stay), states(room)) == ([(room, "in_house", "")], ["clean"])


def test_a_dirty_room_is_taken_with_a_reason(clerk: Person, house: Property, room: Room) -> None:
    other = RoomFactory(property=house, state="dirty")
    stay = move(clerk, checked_in(clerk, room), other, override="cleaned_just_now")
    assert uses_of(stay)[-1] == (other, "in_house", "noise")
    assert row("stay.moved")["detail"] == {"reason": "noise", "override": "cleaned_just_now"}


def test_a_move_without_a_reason_or_to_nowhere_is_refused(clerk: Person, house: Property, room: Room) -> None:
    stay, other = checked_in(clerk, room), RoomFactory(property=house)
    elsewhere = RoomFactory(property=make_property())
    tries = [
        (other, {"moved_for": ""}, refusals.UnknownReason),
        (other, {"moved_for": "mood"}, refusals.UnknownReason),
        (room, {}, refusals.SameRoom),
        (elsewhere, {}, refusals.RoomElsewhere),
    ]
    for wanted, facts, refusal in tries:
        with pytest.raises(refusal):
            move(clerk, stay, wanted, **facts)
    services.check_out_guest(actor=clerk, stay=stay, at=LATER)
    with pytest.raises(refusals.WrongState):
        move(clerk, stay, other)


def test_a_room_somebody_lives_in_is_taken(clerk: Person, house: Property, room: Room) -> None:
    other = RoomFactory(property=house)
    stay, _neighbour = checked_in(clerk, room), checked_in(clerk, other, lead(2))
    with pytest.raises(refusals.RoomTaken):
        move(clerk, stay, other)
    assert (uses_of(stay), states(room)) == ([(room, "in_house", "")], ["clean"])


def test_who_is_not_to_be_moved_stays(clerk: Person, house: Property, room: Room) -> None:
    stay, other = checked_in(clerk, room), RoomFactory(property=house)
    services.mark_stay(actor=clerk, stay=stay, mark="do_not_move", on=True)
    with pytest.raises(refusals.NotToBeMoved):
        move(clerk, stay, other)
    services.mark_stay(actor=clerk, stay=stay, mark="do_not_move", on=False)
    assert uses_of(move(clerk, stay, other))[-1] == (other, "in_house", "noise")


def test_a_mark_is_one_row_each_way(clerk: Person, room: Room) -> None:
    stay = checked_in(clerk, room)
    for on in (True, True, False, False):
        services.mark_stay(actor=clerk, stay=stay, mark="confidential", on=on)
    facts = {"object_type": "stay", "object_ref": stay.reference, "subjects": subjects_of(stay)}
    assert [row(action) for action in ("stay.marked", "stay.unmarked")] == [
        as_row(clerk, room.property, fields=["confidential"], **facts)
    ] * 2
    with pytest.raises(ValueError, match="no such mark"):
        services.mark_stay(actor=clerk, stay=stay, mark="status", on=True)


def test_a_stay_is_extended_and_shortened(clerk: Person, room: Room) -> None:
    stay = checked_in(clerk, room)
    longer = services.change_departure(actor=clerk, stay=stay, departure_on=TODAY + timedelta(days=5), at=LATER)
    held = longer.room_uses.get().during
    shorter = services.change_departure(actor=clerk, stay=stay, departure_on=TODAY + timedelta(days=1), at=LATER)
    freed = shorter.room_uses.get().during
    noon = room.property.local(AT).replace(hour=12, minute=0)
    assert [(held.lower, held.upper), (freed.lower, freed.upper)] == [
        (AT, noon + timedelta(days=5)),
        (AT, noon + timedelta(days=1)),
    ]
    facts = {"object_type": "stay", "object_ref": stay.reference, "subjects": subjects_of(stay)}
    assert row("stay.extended") == as_row(clerk, room.property, detail={"days": 3}, **facts)
    assert row("stay.shortened") == as_row(clerk, room.property, detail={"days": 4}, **facts)


def test_the_figures_follow_the_nights_planned(clerk: Person, room: Room) -> None:
    stay = checked_in(clerk, room)
    services.change_departure(actor=clerk, stay=stay, departure_on=TODAY + timedelta(days=5), at=LATER)
    counted = dict(Figure.objects.filter(kind="length").values_list("key", "count"))
    services.reverse_check_in(actor=clerk, stay=stay, reason="mistyped", at=LATER)
    assert (counted, set(Figure.objects.filter(kind="length").values_list("count", flat=True))) == (
        {"2": 0, "3-6": 1}, {0},
    )  # fmt: skip


def test_a_stay_is_not_extended_into_anothers(clerk: Person, house: Property, room: Room) -> None:
    stay = checked_in(clerk, room)
    expected(clerk, house, room=room, arrival_on=TODAY + timedelta(days=3), departure_on=TODAY + timedelta(days=4))
    free = RoomFactory(property=house)
    with pytest.raises(refusals.RoomTaken) as refused:
        services.change_departure(actor=clerk, stay=stay, departure_on=TODAY + timedelta(days=4), at=LATER)
    stay.refresh_from_db()
    assert (refused.value.free_rooms, stay.departure_on) == ((free,), TODAY + timedelta(days=2))


def test_an_expected_stay_is_extended_with_its_room(clerk: Person, house: Property, room: Room) -> None:
    stay = expected(clerk, house, room=room)
    services.change_departure(actor=clerk, stay=stay, departure_on=TODAY + timedelta(days=6), at=AT)
    other = expected(clerk, house, arrival_on=TODAY + timedelta(days=5), departure_on=TODAY + timedelta(days=7))
    with pytest.raises(refusals.RoomTaken):
        services.move_stay(actor=clerk, stay=other, room=room, at=AT)


def test_an_overdue_guest_is_extended(clerk: Person, room: Room) -> None:
    stay = checked_in(clerk, room, departure_on=TODAY + timedelta(days=1))
    at = AT + timedelta(days=3)
    services.change_departure(actor=clerk, stay=stay, departure_on=TODAY + timedelta(days=4), at=at)
    assert room not in services.free_rooms(room.property, services.time_from(room.property, at, TODAY))


@pytest.mark.parametrize("days", [-1, 400])
def test_a_departure_that_cannot_be_is_refused(clerk: Person, room: Room, days: int) -> None:
    with pytest.raises(refusals.BadDates):
        services.change_departure(
            actor=clerk, stay=checked_in(clerk, room), departure_on=TODAY + timedelta(days=days), at=LATER
        )


def test_the_same_departure_is_no_change(clerk: Person, room: Room) -> None:
    with pytest.raises(refusals.SameDeparture):
        services.change_departure(
            actor=clerk, stay=checked_in(clerk, room), departure_on=TODAY + timedelta(days=2), at=LATER
        )


def test_who_leaves_early_frees_the_room(clerk: Person, house: Property, room: Room) -> None:
    stay = checked_in(clerk, room, departure_on=TODAY + timedelta(days=9))
    services.check_out_guest(actor=clerk, stay=stay, at=LATER)
    assert services.free_rooms(house, services.time_from(house, LATER, TODAY + timedelta(days=5))) == [room]
    assert RoomUse.objects.get().during.upper == LATER


def test_only_the_desk_moves_and_extends(clerk: Person, stranger: Person, room: Room) -> None:
    stay, other = checked_in(clerk, room), RoomFactory(property=room.property)
    for person in (stranger, make_person(room.property, "finance")):
        deeds = [
            lambda person=person: move(person, stay, other),
            lambda person=person: services.change_departure(
                actor=person, stay=stay, departure_on=TODAY + timedelta(days=3), at=LATER
            ),
            lambda person=person: services.mark_stay(actor=person, stay=stay, mark="do_not_move", on=True),
        ]
        for deed in deeds:
            with pytest.raises(NotAllowed):
                deed()
    assert uses_of(stay) == [(room, "in_house", "")]
