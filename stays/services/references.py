"""The numbers that people say to each other: of stays and of desk cases."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from staff.models import Property


def next_stay_reference(house: Property, at: datetime) -> str:
    """Such as ``2026-000042``: the year of the business day and a number never given twice."""
    return next_stay_references(house, [at])[0]


def next_stay_references(house: Property, times: Sequence[datetime]) -> list[str]:
    """One for each of these times, counting up."""
    numbers = _next("stays_stay_number", len(times))
    return [f"{house.today(at).year}-{number:06d}" for at, number in zip(times, numbers, strict=True)]


def next_case_number() -> str:
    """Such as ``C-000017``."""
    return f"C-{_next('stays_case_number', 1)[0]:06d}"


def _next(sequence: str, count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [sequence, count])
        return [number for (number,) in cursor.fetchall()]
