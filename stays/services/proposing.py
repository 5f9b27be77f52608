"""Rooms for many arrivals at once: each gets one that is clean, free and large enough, and none is given twice."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from psycopg2.extras import DateTimeTZRange

from staff.models import Property
from stays.models import Room, RoomUse, Stay
from stays.services import holding


def propose_rooms(
    stays: Sequence[Stay], *, property: Property, standing: Mapping[UUID, str] | None = None, at: datetime
) -> dict[UUID, Room]:
    """By stay the room held for it where that can be had, else the smallest that fits; none where none is left.

    ``standing``: by stay the number of the room it is to keep, if that can be had; the first come first.
    """
    times = {stay.pk: holding.time_from(property, at, stay.departure_on) for stay in stays}
    held = _held(property, at, times)
    asked = standing or {}
    own = {**asked, **{use.stay_id: use.room.number for use in held}, **asked}
    turns = {stay: turn for turn, stay in enumerate(own)}
    left = sorted((room for room in Room.objects.at(property) if room.is_clean), key=lambda room: room.capacity)
    proposed: dict[UUID, Room] = {}
    for stay in sorted(stays, key=lambda stay: turns.get(stay.pk, len(turns))):
        taken = {use.room_id for use in held if use.stay_id != stay.pk and _keeps_out(use, times[stay.pk])}
        fit = [room for room in left if room.capacity >= stay.party_size and room.pk not in taken]
        if fit:
            proposed[stay.pk] = next((room for room in fit if room.number == own.get(stay.pk)), fit[0])
            left.remove(proposed[stay.pk])
    return proposed


def _held(house: Property, at: datetime, times: dict[UUID, DateTimeTZRange]) -> list[RoomUse]:
    """Every use that may keep one of them out, until the last of them leaves."""
    if not times:
        return []
    until = max(during.upper for during in times.values() if during.upper)
    lived_in, overlapping = Q(state=RoomUse.State.IN_HOUSE), Q(during__overlap=DateTimeTZRange(at, until))
    return list(RoomUse.objects.holding().filter(lived_in | overlapping, room__property=house).select_related("room"))


def _keeps_out(use: RoomUse, during: DateTimeTZRange) -> bool:
    """Somebody lives in the room, or has it held for a part of that time."""
    if use.state == RoomUse.State.IN_HOUSE:
        return True
    return _starts_before_end(use.during, during) and _starts_before_end(during, use.during)


def _starts_before_end(one: DateTimeTZRange, other: DateTimeTZRange) -> bool:
    return one.lower is None or other.upper is None or one.lower < other.upper
