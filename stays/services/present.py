"""Who is in the house now, floor by floor: every guest, restricted and confidential ones too, and every visitor."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db.models import Q, QuerySet

from audit.registry import listed
from staff.models import Property
from stays.models import Occupant, RoomUse, Stay, Visitor
from stays.services.looking_up.rows import NO_NAME, best_name
from vault.categories import Category
from vault.models import Envelope
from vault.values import Opened, Value


@dataclass(frozen=True, slots=True)
class Present:
    """One person in house. ``floor`` is None and ``room`` empty where the stay holds no room; a nameless one has no
    ``name``. A ``visitor`` stands at the room of those they came to see."""

    subject: UUID
    floor: int | None
    room: str
    confidential: bool
    visitor: bool = False
    name: Value = NO_NAME


@dataclass(frozen=True, slots=True)
class Floor:
    """Those on one floor, by room. ``number`` is None for those without a room."""

    number: int | None
    people: tuple[Present, ...]


@dataclass(frozen=True, slots=True)
class RollCall:
    """Everybody in house at that moment, lowest floor first."""

    house: Property
    at: datetime
    people: tuple[Present, ...]

    @property
    def floors(self) -> list[Floor]:
        """The people by floor."""
        return by_floor(self.people)


def by_floor(people: Iterable[Present]) -> list[Floor]:
    """The people by floor, then by room; those without a room last."""
    placed = sorted(people, key=lambda one: (one.floor is None, one.floor or 0, one.room))
    return [Floor(number, tuple(on_it)) for number, on_it in groupby(placed, lambda one: one.floor)]


def present_in(house: Property) -> list[Present]:
    """Everybody in house, without names."""
    rooms = _rooms(house)
    here = Occupant.objects.filter(stay__property=house, stay__status=Stay.Status.IN_HOUSE, left_at__isnull=True)
    guests = here.order_by("stay_id", "position").values_list("subject_id", "stay_id", "stay__confidential")
    came = Visitor.objects.filter(stay__property=house, stay__status=Stay.Status.IN_HOUSE, left_at__isnull=True)
    visitors = came.order_by("pk").values_list("subject_id", "stay_id")
    return [
        *(Present(subject, *_place(rooms.get(stay, ())), confidential) for subject, stay, confidential in guests),
        *(Present(subject, *_place(rooms.get(stay, ())), False, visitor=True) for subject, stay in visitors),
    ]


def names_of(people: Iterable[Present]) -> QuerySet[Envelope, UUID]:
    """The envelopes of their names, as a query; a visitor's name stands with the document shown."""
    people = list(people)
    guests = Q(subject__in={one.subject for one in people if not one.visitor}, category=Category.NAME)
    visitors = Q(subject__in={one.subject for one in people if one.visitor}, category=Category.REGISTER)
    return Envelope.objects.filter(guests | visitors, erased_at__isnull=True).values_list("pk", flat=True)


def named(people: Sequence[Present], opened: Mapping[UUID, Opened]) -> tuple[Present, ...]:
    """The people with their names, as far as they have one."""
    names = {each.subject: best_name(each) for each in opened.values()}
    return tuple(replace(one, name=names.get(one.subject, NO_NAME)) for one in people)


def _rooms(house: Property) -> dict[UUID, list[tuple[int, str]]]:
    lived_in = RoomUse.objects.filter(room__property=house, state=RoomUse.State.IN_HOUSE).order_by("room__number")
    rooms: dict[UUID, list[tuple[int, str]]] = defaultdict(list)
    for stay, floor, number in lived_in.values_list("stay_id", "room__floor", "room__number"):
        rooms[stay].append((floor, number))
    return rooms


def _place(rooms: Sequence[tuple[int, str]]) -> tuple[int | None, str]:
    return (rooms[0][0] if rooms else None), listed([number for _floor, number in rooms])
