"""Moving a party to another room, before it comes or while it is here; the rooms it had stay on record."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from staff import permissions as rights
from staff.models import Person
from stays import actions
from stays.models import Note, Room, RoomUse, Stay
from stays.refusals import NotToBeMoved, RoomElsewhere, SameRoom, UnknownReason
from stays.services import holding, rooms
from stays.services.checking_in import lock_stay
from stays.services.notes import Words
from stays.services.noting import seal_note
from stays.services.recording import record_deed

MOVABLE = {Stay.Status.EXPECTED, Stay.Status.IN_HOUSE}


def move_stay(
    *,
    actor: Person,
    stay: Stay,
    room: Room,
    moved_for: str = "",
    override: str = "",
    words: str = "",
    at: datetime,
) -> Stay:
    """Give the party another room; the one it lived in becomes dirty. ``moved_for``: needed where it leaves a room.

    ``words``: why, in free text, sealed. Raises ``NotAllowed``, ``WrongState``, ``NotToBeMoved``, ``SameRoom``,
    ``UnknownReason``, ``RoomElsewhere``, ``RoomOutOfOrder``, ``RoomNotReady``, ``RoomTooSmall``, ``RoomTaken`` and
    ``NotInFreeText``.
    """
    rights.require(actor, "work_desk", stay.property)
    if room.property_id != stay.property_id:
        raise RoomElsewhere(object_type="room", object_ref=str(room.pk))
    checked = Words.checked(Note.Kind.REASON, words) if words else None
    with transaction.atomic():
        moving = lock_stay(stay, MOVABLE)
        locked = holding.lock_rooms_of(moving, room)
        wanted, left = locked[room.pk], list(moving.room_uses.holding().values_list("room_id", flat=True))
        _require_reason(moving, left, wanted, moved_for)
        _require_fit(moving, wanted, override)
        _leave(moving, at)
        _take(moving, wanted, moved_for, at)
        if checked:
            seal_note(moving, checked)
        detail = {"reason": moved_for, "override": override}
        record_deed(
            actions.MOVED,
            moving,
            actor=actor,
            detail={name: code for name, code in detail.items() if code},
            note_commit=checked.commit if checked else None,
        )
    return moving


def _require_reason(stay: Stay, left: Sequence[int], wanted: Room, moved_for: str) -> None:
    if stay.do_not_move:
        raise NotToBeMoved(object_type="stay", object_ref=stay.reference)
    if wanted.pk in left:
        raise SameRoom(object_type="stay", object_ref=stay.reference)
    if (left or moved_for) and moved_for not in RoomUse.MovedFor.values:
        raise UnknownReason(field="moved_for", object_type="stay", object_ref=stay.reference)


def _require_fit(stay: Stay, room: Room, override: str) -> None:
    """Who is to come needs a room that is large enough; it can still be cleaned."""
    if stay.status == Stay.Status.IN_HOUSE or not room.is_usable:
        rooms.require_fit(room, people=stay.party_size, override=override)
    elif override not in rooms.OVERRIDES:
        rooms.require_places(room, people=stay.party_size)


def _leave(stay: Stay, at: datetime) -> None:
    in_house = stay.status == Stay.Status.IN_HOUSE
    for use in holding.end_uses(stay, state=RoomUse.State.ENDED if in_house else RoomUse.State.UNDONE, at=at):
        if in_house:
            rooms.make_dirty(use.room)


def _take(stay: Stay, room: Room, moved_for: str, at: datetime) -> None:
    if stay.status == Stay.Status.IN_HOUSE:
        during, state = holding.time_from(stay.property, at, stay.departure_on), RoomUse.State.IN_HOUSE
    else:
        during = holding.planned_time(stay.property, stay.arrival_on, stay.departure_on)
        state = RoomUse.State.EXPECTED
    holding.hold_room(stay=stay, room=room, during=during, state=state, moved_for=moved_for)
