"""Holding rooms: when a stay holds one, which are free, and what the database says when two want the same."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from psycopg2.extras import DateTimeTZRange

from staff.models import Property
from stays.models import Room, RoomUse, Stay
from stays.refusals import RoomTaken

ROOM_CHANGES_HANDS_AT = time(12)
_CONSTRAINTS = {"room_use_one_at_a_time", "room_use_one_in_house"}
_TAKEN: Final = """
SELECT DISTINCT asked.place
FROM unnest(%s::bigint[], %s::tstzrange[]) WITH ORDINALITY AS asked (room, during, place)
JOIN stays_roomuse held ON held.room_id = asked.room AND held.during && asked.during
WHERE held.state IN (%s, %s)
"""


def planned_time(house: Property, arrival_on: date, departure_on: date) -> DateTimeTZRange:
    """From noon of the day of arrival to noon of the day of departure; a day room until the business day turns."""
    return DateTimeTZRange(_noon(house, arrival_on), _planned_end(house, arrival_on, departure_on))


def time_from(house: Property, at: datetime, departure_on: date) -> DateTimeTZRange:
    """From now to the planned end; where that has passed, until the business day turns."""
    today = house.today(at)
    end = _planned_end(house, today, max(departure_on, today))
    return DateTimeTZRange(at, end if end > at else _turn_after(house, today))


def free_rooms(house: Property, during: DateTimeTZRange, *, type: str = "", besides: Stay | None = None) -> list[Room]:
    """Rooms nobody else than ``besides`` holds in that time, in the order of the house; of one type where asked."""
    rooms = Room.objects.at(house).free_between(during, besides=besides)
    return list(rooms.filter(type=type) if type else rooms)


def lock_rooms_of(stay: Stay | None, *besides: Room) -> dict[int, Room]:
    """The rooms the stay holds, and others, as they are now and by id, kept from others until the deed is done.

    All in one order, and before any use is ended: two deeds that want each other's rooms wait and never lock up.
    """
    held = stay.room_uses.holding().values_list("room_id", flat=True) if stay else ()
    wanted = {*held, *(room.pk for room in besides)}
    rooms = Room.objects.select_for_update(of=("self",)).select_related("property").filter(pk__in=wanted)
    return {room.pk: room for room in rooms.order_by("pk")}


def hold_room(*, stay: Stay, room: Room, during: DateTimeTZRange, state: str, moved_for: str = "") -> RoomUse:
    """Let the stay hold the room. Raises ``RoomTaken``: the database has the last word.

    The caller has locked the room: two inserts that wait for each other's end would end as a deadlock.
    """
    use = RoomUse(stay=stay, room=room, during=during, state=state, moved_for=moved_for)
    hold_rooms([use])
    return use


def hold_rooms(uses: Sequence[RoomUse]) -> None:
    """Let stays hold rooms, all or none. Raises ``RoomTaken`` for the first that is; the caller has locked them."""
    try:
        with transaction.atomic():
            RoomUse.objects.bulk_create(uses)
    except IntegrityError as clash:
        if len(uses) == 1:
            raise _taken(clash, uses[0].room, uses[0].during) from clash
        for use in uses:
            hold_rooms([use])


def taken_places(wanted: Sequence[tuple[Room, DateTimeTZRange]]) -> set[int]:
    """The places in the list of those rooms that somebody holds in that time."""
    rooms, times = [room.pk for room, _during in wanted], [during for _room, during in wanted]
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN, [rooms, times, RoomUse.State.EXPECTED, RoomUse.State.IN_HOUSE])
        return {place - 1 for (place,) in cursor.fetchall()}


def hold_until(use: RoomUse, during: DateTimeTZRange) -> None:
    """Hold the same room for another time, once the caller has locked it. Raises ``RoomTaken``."""
    use.during = during
    try:
        with transaction.atomic():
            use.save(update_fields=["during"])
    except IntegrityError as clash:
        raise _taken(clash, use.room, during) from clash


def end_uses(stay: Stay, *, state: str, at: datetime) -> list[RoomUse]:
    """End what the stay holds, now or as undone. Returns those uses."""
    uses = list(stay.room_uses.holding().select_related("room"))
    for use in uses:
        use.state = state
        if state == RoomUse.State.ENDED:
            use.during = DateTimeTZRange(min(use.during.lower or at, at), at)
        use.save(update_fields=["state", "during"])
    return uses


def _taken(clash: IntegrityError, room: Room, during: DateTimeTZRange) -> Exception:
    cause = clash.__cause__
    name = getattr(getattr(cause, "diag", None), "constraint_name", "")
    return RoomTaken(room, free_rooms(room.property, during, type=room.type)) if name in _CONSTRAINTS else clash


def _noon(house: Property, day: date) -> datetime:
    return datetime.combine(day, ROOM_CHANGES_HANDS_AT, house.zone)


def _turn_after(house: Property, day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(settings.BUSINESS_DAY_TURNS_AT_HOUR), house.zone)


def _planned_end(house: Property, arrival_on: date, departure_on: date) -> datetime:
    return _noon(house, departure_on) if departure_on > arrival_on else _turn_after(house, arrival_on)
