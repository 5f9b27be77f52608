"""Two houses whose lists have exactly fifty rows and exactly one, today."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from uuid import uuid4

from django.db import transaction

from benchmarks.engines import connect
from benchmarks.houses import Slot
from benchmarks.loading.desks import FIFTY, ONE
from benchmarks.loading.party import Filled, Plan, write_guests
from benchmarks.people.guests import SEED, chunk
from staff.models import Property
from stays.models import Room

ROWS = {FIFTY: 50, ONE: 1}
# Beyond every chunk of a data set.
CHUNKS = {FIFTY: 900_001, ONE: 900_002}


@transaction.atomic
def write(plan: Plan) -> None:
    """Fill both houses: as many arrivals as departures."""
    serial = len(plan.slots) + 1
    for code, rows in ROWS.items():
        filled = list(_filled(code, rows, plan.today, serial))
        guests = chunk(CHUNKS[code], len(filled))
        write_guests(plan, Random(f"{SEED}:{code}"), guests, filled)
        serial += len(filled)


def _filled(code: str, rows: int, today: date, serial: int) -> Iterator[Filled]:
    house = Property.objects.get(code=code)
    rooms = Room.objects.at(house).order_by("pk").values_list("pk", flat=True)
    coming = Slot(-1, today, today + timedelta(days=2), "expected")
    leaving = Slot(-1, today - timedelta(days=1), today, "in_house")
    for place, room in enumerate(rooms[: 2 * rows]):
        slot = coming if place < rows else leaving
        yield Filled(slot, house.pk, room, place, serial + place, uuid4())


_THERE = (
    "stay_id IN (SELECT id FROM stays_stay WHERE property_id IN (SELECT id FROM staff_property WHERE code = ANY(%s)))"
)
_DAYS = f"SELECT %s - max(arrival_on) FROM stays_stay WHERE status = 'expected' AND {_THERE.removeprefix('stay_')}"
_SHIFTS = (
    "UPDATE stays_stay SET arrival_on = arrival_on + %s, departure_on = departure_on + %s,"
    f" arrived_at = arrived_at + %s * interval '1 day' WHERE {_THERE.removeprefix('stay_')}",
    "UPDATE stays_roomuse SET during = tstzrange(lower(during) + %s * interval '1 day',"
    f" upper(during) + %s * interval '1 day') WHERE %s <> 0 AND {_THERE}",
)


def bring_to(today: date) -> None:
    """Move these houses' stays to another day, so that a kept data set can be measured tomorrow too."""
    with connect() as session, session.cursor() as cursor:
        cursor.execute(_DAYS, [today, list(ROWS)])
        (days,) = cursor.fetchone()
        if days:
            for statement in _SHIFTS:
                cursor.execute(statement, [days, days, days, list(ROWS)])
    session.close()
