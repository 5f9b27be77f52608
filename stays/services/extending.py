"""Another day of departure: later or earlier than planned, the room held or freed with it."""

from datetime import date, datetime

from django.db import transaction
from psycopg2.extras import DateTimeTZRange

from staff import permissions as rights
from staff.models import Person
from stays import actions
from stays.models import RoomUse, Stay
from stays.refusals import SameDeparture
from stays.services import expecting, figures, holding
from stays.services.checking_in import lock_stay
from stays.services.recording import record_deed

CHANGEABLE = {Stay.Status.EXPECTED, Stay.Status.IN_HOUSE}


def change_departure(*, actor: Person, stay: Stay, departure_on: date, at: datetime) -> Stay:
    """Let the party leave on another day, in the same room. Who leaves today and is gone is checked out instead.

    Raises ``NotAllowed``, ``WrongState``, ``BadDates``, ``SameDeparture`` and ``RoomTaken``.
    """
    rights.require(actor, "work_desk", stay.property)
    with transaction.atomic():
        changed = lock_stay(stay, CHANGEABLE)
        before = changed.departure_on
        _require_other_day(changed, departure_on, at)
        changed.departure_on = departure_on
        changed.save(update_fields=["departure_on"])
        holding.lock_rooms_of(changed)
        for use in changed.room_uses.holding().select_related("room__property"):
            holding.hold_until(use, _during(changed, use, at))
        figures.count_other_length(changed, before)
        days = (departure_on - before).days
        action = actions.EXTENDED if days > 0 else actions.SHORTENED
        record_deed(action, changed, actor=actor, detail={"days": abs(days)})
    return changed


def _require_other_day(stay: Stay, departure_on: date, at: datetime) -> None:
    expecting.require_dates(stay.property, stay.arrival_on, departure_on, at)
    if departure_on == stay.departure_on:
        raise SameDeparture(object_type="stay", object_ref=stay.reference)


def _during(stay: Stay, use: RoomUse, at: datetime) -> DateTimeTZRange:
    if use.state == RoomUse.State.EXPECTED:
        return holding.planned_time(stay.property, stay.arrival_on, stay.departure_on)
    since, until = use.during.lower or at, holding.time_from(stay.property, at, stay.departure_on).upper
    return DateTimeTZRange(since, until)
