"""Counting without persons: while region and sex may be seen, or never."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from staff.models import Property
from stays import documents
from stays.models import Figure, Stay

Kind = Figure.Kind
Counts = Counter[tuple[date, str, str]]

# Rows are taken in one order, so that two desks counting at once wait for each other and never lock up.
_ADD = """
INSERT INTO stays_figure (property_id, day, kind, key, count)
SELECT %s, day, kind, key, count
FROM unnest(%s::date[], %s::text[], %s::text[], %s::int[]) AS counted(day, kind, key, count)
ORDER BY day, kind, key
ON CONFLICT (property_id, day, kind, key) DO UPDATE SET count = stays_figure.count + EXCLUDED.count
"""


def count_arrival(stay: Stay, registered: Iterable[Mapping[str, Any]], *, at: datetime, sign: int = 1) -> None:
    """Count a check-in, or take it back with ``sign=-1``. ``registered``: contents of the register envelopes."""
    add_counts(stay.property, arrival_counts(stay, registered, at=at, sign=sign))


def count_guests(stay: Stay, registered: Iterable[Mapping[str, Any]], *, at: datetime) -> None:
    """Count people who join a party in house."""
    add_counts(stay.property, guest_counts(stay, registered, at=at))


def count_departure(stay: Stay, *, at: datetime, sign: int = 1) -> None:
    """Count a check-out and the nights stayed, or take them back with ``sign=-1``."""
    add_counts(stay.property, departure_counts(stay, at=at, sign=sign))


def count_other_length(stay: Stay, planned_until: date) -> None:
    """Count a stay that is here by the nights planned now, no longer by those planned ``planned_until`` a day."""
    if stay.arrived_at is None:
        return
    day, before = stay.property.today(stay.arrived_at), (planned_until - stay.arrival_on).days
    counts: Counts = Counter({(day, Kind.LENGTH, length_key(before)): -1})
    counts[(day, Kind.LENGTH, length_key(stay.nights))] += 1
    add_counts(stay.property, counts)


def arrival_counts(stay: Stay, registered: Iterable[Mapping[str, Any]], *, at: datetime, sign: int = 1) -> Counts:
    """What one check-in adds to the figures."""
    day = stay.property.today(at)
    counts: Counts = Counter()
    counts[(day, Kind.ARRIVALS, "")] += sign
    counts[(day, Kind.ORIGIN, stay.origin)] += sign
    counts[(day, Kind.LENGTH, length_key(stay.nights))] += sign
    counts.update(guest_counts(stay, registered, at=at, sign=sign))
    return counts


def guest_counts(stay: Stay, registered: Iterable[Mapping[str, Any]], *, at: datetime, sign: int = 1) -> Counts:
    """What arriving people add to the figures, beside their stay."""
    day = stay.property.today(at)
    counts: Counts = Counter()
    for content in registered:
        counts[(day, Kind.GUESTS, "")] += sign
        counts[(day, Kind.SEX, str(content.get("sex") or "unknown"))] += sign
        counts[(day, Kind.REGION, _origin_of(content))] += sign
    return counts


def departure_counts(stay: Stay, *, at: datetime, sign: int = 1) -> Counts:
    """What one check-out adds to the figures."""
    day, nights = stay.property.today(at), _nights_stayed(stay, at)
    counts: Counts = Counter({(day, Kind.DEPARTURES, ""): sign, (day, Kind.NIGHTS, ""): sign * len(nights)})
    for night in nights:
        counts[(night, Kind.OCCUPIED, "")] += sign
    return counts


def length_key(nights: int) -> str:
    """The group of planned lengths a stay belongs to."""
    groups = ((0, "0"), (1, "1"), (2, "2"), (6, "3-6"), (13, "7-13"))
    return next((key for most, key in groups if nights <= most), "14+")


def _origin_of(content: Mapping[str, Any]) -> str:
    parts = (str(content.get(name) or "") for name in ("document_type", "nationality", "region"))
    return documents.origin_key(*parts)


def _nights_stayed(stay: Stay, at: datetime) -> list[date]:
    if stay.arrived_at is None:
        return []
    first, last = stay.property.today(stay.arrived_at), stay.property.today(at)
    return [first + timedelta(days=number) for number in range((last - first).days)]


def add_counts(house: Property, counts: Counts) -> None:
    """Add counts to the figures of a property."""
    rows = [(day, str(kind), key, count) for (day, kind, key), count in counts.items() if count]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_ADD, [house.pk, *(list(column) for column in zip(*rows, strict=True))])
