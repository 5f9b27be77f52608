"""Figures of stays without persons (M09): what was counted at check-in and check-out, erased guests included.

Nobody can be found in them. Groups under five are told as part of the others, and where the others would be under
five too, so is the next smallest group: so no group follows from the total. Only months that are over are told, and
groups by month only: so none follows from two periods that overlap, nor from two looks at one month.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from audit import services as audit
from staff import permissions as rights
from staff.models import Person, Property
from stays import actions
from stays.models import Figure, Room, Stay

LEAST: Final = 5
MONTHS: Final = 12
OTHERS: Final = "others"
Kind = Figure.Kind
GROUPED: Final = (Kind.LENGTH, Kind.ORIGIN, Kind.REGION, Kind.SEX)
TOTALS: Final = (Kind.ARRIVALS, Kind.GUESTS, Kind.DEPARTURES, Kind.NIGHTS, Kind.OCCUPIED)


@dataclass(frozen=True, slots=True)
class Month:
    """The totals of a month that is over; None where there were fewer than five.

    ``occupancy``: rooms slept in of those the house has today, in percent; ``nights``: of a stay, on average.
    """

    first: date
    arrivals: int | None
    guests: int | None
    occupancy: float | None
    nights: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Twelve months, the oldest first, and the groups of the month asked for, the largest first."""

    months: tuple[Month, ...]
    month: date
    groups: Mapping[str, Sequence[tuple[str, int]]]


def open_figures(*, actor: Person, property: Property, at: datetime, month: date | None = None) -> Figures:
    """The figures of a property, with the groups of one of its last twelve months. Raises ``NotAllowed``."""
    rights.require(actor, "see_figures", property)
    audit.record_look(
        actions.FIGURES_VIEWED, who=rights.who(actor, property), object_type="property", object_ref=property.code
    )
    firsts = months_before(property.today(at))
    chosen = month if month in firsts else firsts[-1]
    counted = _counted(property, firsts[0], _next(firsts[-1]))
    living = _nights_of_present(property, property.today(at))
    rooms = Room.objects.at(property).count()
    return Figures(
        months=tuple(_month(first, counted, living, rooms) for first in firsts),
        month=chosen,
        groups={str(kind): told(_groups(counted, chosen, kind)) for kind in GROUPED},
    )


def told(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Groups as they may be told: those under five together as others, and never so that one of them follows."""
    groups = {key: count for key, count in counts.items() if count > 0}
    if sum(groups.values()) < LEAST:
        return []
    shown = sorted((item for item in groups.items() if item[1] >= LEAST), key=lambda item: (-item[1], item[0]))
    rest = sum(count for count in groups.values() if count < LEAST)
    if 0 < rest < LEAST:
        rest += shown.pop()[1]
    return [*shown, (OTHERS, rest)] if rest else shown


def months_before(today: date) -> list[date]:
    """The first days of the last twelve months that are over, the oldest first."""
    firsts = []
    first = today.replace(day=1)
    for _month in range(MONTHS):
        first = (first - timedelta(days=1)).replace(day=1)
        firsts.append(first)
    return firsts[::-1]


def _next(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _counted(house: Property, since: date, until: date) -> Counter[tuple[date, str, str]]:
    """Sums by month, kind and key."""
    rows = Figure.objects.filter(property=house, day__gte=since, day__lt=until)
    counted: Counter[tuple[date, str, str]] = Counter()
    for day, kind, key, count in rows.values_list("day", "kind", "key", "count"):
        counted[(day.replace(day=1), kind, key)] += count
    return counted


def _nights_of_present(house: Property, today: date) -> Counter[date]:
    """Nights by month of those still in house: they are counted with the others once they leave."""
    nights: Counter[date] = Counter()
    arrived = Stay.objects.at(house).filter(status=Stay.Status.IN_HOUSE, arrived_at__isnull=False)
    for moment in arrived.values_list("arrived_at", flat=True):
        first = house.today(moment) if moment else today
        for number in range((today - first).days):
            nights[(first + timedelta(days=number)).replace(day=1)] += 1
    return nights


def _month(first: date, counted: Counter[tuple[date, str, str]], living: Counter[date], rooms: int) -> Month:
    totals = {kind: counted[(first, str(kind), "")] for kind in TOTALS}
    capacity = rooms * (_next(first) - first).days
    slept = totals[Kind.OCCUPIED] + living[first]
    return Month(
        first,
        arrivals=_enough(totals[Kind.ARRIVALS]),
        guests=_enough(totals[Kind.GUESTS]),
        occupancy=round(100 * slept / capacity, 1) if capacity and slept >= LEAST else None,
        nights=_average(totals[Kind.NIGHTS], totals[Kind.DEPARTURES]),
    )


def _enough(count: int) -> int | None:
    return count if count >= LEAST else None


def _average(nights: int, stays: int) -> float | None:
    return round(nights / stays, 1) if stays >= LEAST else None


def _groups(counted: Counter[tuple[date, str, str]], month: date, kind: str) -> dict[str, int]:
    return {key: count for (first, named, key), count in counted.items() if (first, named) == (month, str(kind))}
