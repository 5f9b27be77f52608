"""Which stays there are, told from today: past, present, due, never come. Plain data, nothing sealed yet."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from staff.models import Property
from stays.demo.people import DemoGuest, make_guest
from stays.models import Room, Stay

SEED: Final = 20260
GUESTS: Final = 400
PAST_YEARS: Final = 2
Status = Stay.Status


@dataclass(slots=True)
class Plan:
    """One stay to be: places of its guests in the list of guests, the lead first."""

    house: Property
    status: str
    arrival_on: date
    departure_on: date
    guests: list[int]
    room: Room | None = None
    arrived_at: datetime | None = None
    departed_at: datetime | None = None
    origin: str = Stay.Origin.DIRECT
    confidential: bool = False
    overdue: bool = field(default=False)


def make_guests(today: date) -> list[DemoGuest]:
    """Four hundred adults, then children who come along."""
    random = Random(SEED)  # noqa: S311
    adults = [make_guest(random, number, today) for number in range(GUESTS)]
    surnames = [adult.guest.name[0] for adult in adults if adult.document.nationality == "CHN"]
    ages = (4, 7, 9, 11, 13, 15, 16)
    children = [
        make_guest(random, GUESTS + place, today, surname=surnames[place * 17], age=age)
        for place, age in enumerate(ages)
    ]
    return adults + children


def make_plans(houses: list[Property], rooms: list[Room], guests: list[DemoGuest], at: datetime) -> list[Plan]:
    """Every stay of the demonstration, oldest first."""
    planner = _Planner(houses, rooms, len(guests), at)
    plans = [plan for house in houses for plan in planner.of(house)]
    return sorted(plans, key=lambda plan: (plan.arrival_on, plan.house.pk))


class _Planner:
    """Deals guests and rooms to stays, always in the same way."""

    def __init__(self, houses: list[Property], rooms: list[Room], guests: int, at: datetime) -> None:
        self.random = Random(SEED + 1)  # noqa: S311
        self.at = at
        self.rooms: dict[int, list[Room]] = defaultdict(list)
        for room in rooms:
            if room.state != Room.State.OUT_OF_ORDER:
                self.rooms[room.property_id].append(room)
        self.children = list(range(GUESTS, guests))
        self.order = list(range(GUESTS))
        self.random.shuffle(self.order)
        self.present = iter(self.order)
        self.houses = len(houses)

    def of(self, house: Property) -> Iterator[Plan]:
        """All stays of one hotel."""
        today, rooms = house.today(self.at), list(self.rooms[house.pk])
        self.random.shuffle(rooms)
        living, due, later = self._shares(rooms)
        yield from (self._living(house, today, room, place) for place, room in enumerate(living))
        yield from (self._due(house, today, room, place) for place, room in enumerate(due))
        yield from (self._later(house, today, room) for room in later)
        yield from (self._never(house, today) for _number in range(len(rooms) // 6))
        yield from (self._past(house, today, place) for place in range(len(rooms) * 4))

    def _shares(self, rooms: list[Room]) -> tuple[list[Room], list[Room], list[Room]]:
        """More than half the rooms are lived in, a quarter is due today, some are booked for later."""
        living, due = len(rooms) * 11 // 20, len(rooms) * 16 // 20
        return rooms[:living], rooms[living:due], rooms[due:]

    def _living(self, house: Property, today: date, room: Room, place: int) -> Plan:
        nights = (0, 1, 1, 2, 3, 5)[place % 6] if place != 7 else -1
        arrival_on = today - timedelta(days=self.random.randrange(1, 6) + (nights < 0))
        plan = self._plan(house, Status.IN_HOUSE, arrival_on, today + timedelta(days=nights), room)
        plan.arrived_at = self._moment(house, arrival_on, 13, 22)
        plan.confidential = place == 5
        return plan

    def _due(self, house: Property, today: date, room: Room, place: int) -> Plan:
        departure_on = today + timedelta(days=self.random.randrange(1, 5))
        return self._plan(house, Status.EXPECTED, today, departure_on, room if place % 3 else None, alone=True)

    def _later(self, house: Property, today: date, room: Room) -> Plan:
        arrival_on = today + timedelta(days=self.random.randrange(1, 20))
        departure_on = arrival_on + timedelta(days=self.random.randrange(1, 6))
        return self._plan(house, Status.EXPECTED, arrival_on, departure_on, room, alone=True)

    def _never(self, house: Property, today: date) -> Plan:
        status = self.random.choice((Status.NO_SHOW, Status.CANCELLED))
        arrival_on = today - timedelta(days=self.random.randrange(2, 80))
        return self._plan(house, status, arrival_on, arrival_on + timedelta(days=2), None, alone=True)

    def _past(self, house: Property, today: date, place: int) -> Plan:
        """Past stays lie in the years before the present ones; the guests come from all four hundred."""
        arrival_on = today - timedelta(days=self.random.randrange(12, PAST_YEARS * 365))
        departure_on = arrival_on + timedelta(days=self.random.choice((1, 1, 1, 2, 2, 3, 4, 7)))
        room = self.rooms[house.pk][place % len(self.rooms[house.pk])]
        plan = self._plan(house, Status.CHECKED_OUT, arrival_on, departure_on, room, lead=self._anyone())
        plan.arrived_at = self._moment(house, arrival_on, 13, 23)
        plan.departed_at = self._moment(house, departure_on, 8, 12)
        return plan

    def _plan(
        self,
        house: Property,
        status: str,
        arrival_on: date,
        departure_on: date,
        room: Room | None,
        *,
        alone: bool = False,
        lead: int | None = None,
    ) -> Plan:
        party = [lead if lead is not None else next(self.present, None) or self._anyone()]
        if not alone and room is not None and room.capacity > 1 and self.random.random() < 0.3:
            party.append(self._anyone_but(party))
        if not alone and room is not None and room.capacity > 2 and self.random.random() < 0.5:
            party.append(self.random.choice(self.children))
        return Plan(house, status, arrival_on, departure_on, party, room, origin=self._origin(status))

    def _anyone(self) -> int:
        """A guest; some come often."""
        return self.random.randrange(40) if self.random.random() < 0.25 else self.random.randrange(GUESTS)

    def _anyone_but(self, party: list[int]) -> int:
        return next(guest for guest in iter(self._anyone, None) if guest not in party)

    def _origin(self, status: str) -> str:
        """How they came to us; who walks in was never expected."""
        walk_in = 3 if status in (Status.IN_HOUSE, Status.CHECKED_OUT) else 0
        return self.random.choices(list(Stay.Origin.values), weights=(walk_in, 4, 4, 2))[0]

    def _moment(self, house: Property, day: date, since: int, until: int) -> datetime:
        minutes = self.random.randrange((until - since) * 60)
        return datetime.combine(day, time(since), house.zone) + timedelta(minutes=minutes)
