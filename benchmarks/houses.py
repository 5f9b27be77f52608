"""Twenty houses and their stays in time, without anybody in them yet.

The stays per week are the same for every size of data set: a larger set reaches further into the past, as a real
record does. A week of one house holds about 1 200 guests.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from .people.guests import SEED

HOUSES = 20
ROOMS = 340
STAYS_PER_GUEST = 1.5
DAYS_AHEAD = 3
NIGHTS = (1, 1, 1, 2, 2, 2, 3, 4)
EMPTY_NIGHTS = (0, 0, 0, 0, 0, 1, 1, 1, 2, 2)


@dataclass(frozen=True, slots=True)
class Slot:
    """A stay waiting for its guest. ``room`` counts over all houses from 0."""

    room: int
    arrival_on: date
    departure_on: date
    status: str

    @property
    def house(self) -> int:
        return self.room // ROOMS


def slots(guests: int, today: date) -> list[Slot]:
    """The stays of a data set, ``STAYS_PER_GUEST`` for each guest, in an order of chance."""
    random = Random(f"{SEED}:{guests}:slots")
    wanted = int(guests * STAYS_PER_GUEST)
    walks = [_walk(random, room, today) for room in range(HOUSES * ROOMS)]
    found: list[Slot] = []
    while len(found) < wanted:
        found.extend(next(walk) for walk in walks)
    random.shuffle(found)
    return found[:wanted]


def _walk(random: Random, room: int, today: date) -> Iterator[Slot]:
    """The stays of one room from the newest back; at most one is in house."""
    end = today + timedelta(days=DAYS_AHEAD - random.randrange(3))
    occupied_today = False
    while True:
        start = end - timedelta(days=random.choice(NIGHTS))
        status = _status(random, start, end, today, occupied_today)
        occupied_today = occupied_today or status == "in_house"
        yield Slot(room, start, end, status)
        end = start - timedelta(days=random.choice(EMPTY_NIGHTS))


def _status(random: Random, start: date, end: date, today: date, occupied: bool) -> str:
    if start > today:
        return "expected"
    if end < today or (end == today and occupied):
        return "checked_out"
    if start == today:
        return random.choice(("expected", "in_house"))
    if end == today:
        return random.choice(("checked_out", "in_house"))
    return "in_house"
