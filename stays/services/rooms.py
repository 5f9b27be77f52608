"""Rooms: kept by the administrator, shown ready or not by the desk."""

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from staff import permissions as rights
from staff.models import Person, Property
from stays import actions, permissions
from stays.models import Room
from stays.refusals import RoomNotReady, RoomNumberTaken, RoomOutOfOrder, RoomTooSmall

# Why a guest was shown to a room that was not clean or has too few places.
OVERRIDES: dict[str, Promise] = {
    "cleaned_just_now": _("Cleaned just now, not yet marked"),
    "guest_waits": _("The guest wants to wait in the room"),
    "no_other_room": _("No other room is free"),
    "extra_bed": _("An extra bed or cot is in the room"),
}


def save_room(
    *,
    actor: Person,
    property: Property,
    number: str,
    floor: int,
    type: str,
    capacity: int,
    state: str = Room.State.CLEAN,
    room: Room | None = None,
) -> Room:
    """Add a room, or change the given one. Raises ``NotAllowed`` and ``RoomNumberTaken``."""
    rights.require(actor, "manage_house", property)
    facts = {"number": number, "floor": floor, "type": type, "capacity": capacity, "state": state}
    with transaction.atomic():
        kept = _stored(property, facts, room)
        _record(actions.ROOM_SAVED, actor, kept, fields=sorted(facts))
    return kept


def change_room_state(*, actor: Person, room: Room, state: str) -> Room:
    """Mark the room clean, dirty or out of order. Raises ``NotAllowed``; ValueError on an unknown state."""
    permissions.require_any(actor, permissions.KEEPS_ROOM_STATES, room.property)
    if state not in Room.State.values:
        raise ValueError(f"no such state of a room: {state}")
    with transaction.atomic():
        locked = lock_room(room)
        locked.state = state
        locked.save(update_fields=["state"])
        _record(actions.ROOM_STATE_CHANGED, actor, locked, detail={"state": state})
    return locked


def lock_room(room: Room) -> Room:
    """The room as it is now, kept from others until the deed is done."""
    return Room.objects.select_for_update(of=("self",)).select_related("property").get(pk=room.pk)


def require_fit(room: Room, *, people: int, override: str = "") -> None:
    """Raise ``RoomOutOfOrder``; without a known reason to override ``RoomNotReady`` or ``RoomTooSmall``."""
    if room.state == Room.State.OUT_OF_ORDER:
        raise RoomOutOfOrder(room)
    if override in OVERRIDES:
        return
    if not room.is_clean:
        raise RoomNotReady(room)
    require_places(room, people=people)


def require_places(room: Room, *, people: int) -> None:
    """Raise ``RoomTooSmall`` where the room has fewer places."""
    if people > room.capacity:
        raise RoomTooSmall(room)


def make_dirty(room: Room) -> None:
    """Mark a room that was left as dirty; out of order stays out of order."""
    locked = lock_room(room)
    if locked.is_clean:
        locked.state = Room.State.DIRTY
        locked.save(update_fields=["state"])


def _stored(property: Property, facts: dict[str, object], room: Room | None) -> Room:
    try:
        with transaction.atomic():
            if room is None:
                return Room.objects.create(property=property, **facts)
            kept = lock_room(room)
            for name, value in facts.items():
                setattr(kept, name, value)
            kept.save(update_fields=list(facts))
            return kept
    except IntegrityError as clash:
        raise RoomNumberTaken(object_type="room") from clash


def _record(action: str, actor: Person, room: Room, **facts: object) -> None:
    who = rights.who(actor, room.property)
    audit.record(action, who=who, object_type="room", object_ref=str(room.pk), **facts)  # type: ignore[arg-type]
