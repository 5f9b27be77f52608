"""Holding rooms: when a stay holds one, which are free, and what the database says when two want the same."""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from psycopg2.extras import DateTimeTZRange

from staff.models import Property
from stays.models import Room, RoomUse, Stay
from stays.refusals import RoomTaken

ROOM_CHANGES_HANDS_AT = time(12)
_CONSTRAINTS = {"room_use_one_at_a_time", "room_use_one_in_house"}


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
    try:
        with transaction.atomic():
            return RoomUse.objects.create(stay=stay, room=room, during=during, state=state, moved_for=moved_for)
    except IntegrityError as clash:
        raise _taken(clash, room, during) from clash


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
