"""The numbers that people say to each other: of stays and of desk cases."""

from datetime import datetime

from django.db import connection

from staff.models import Property


def next_stay_reference(house: Property, at: datetime) -> str:
    """Such as ``2026-000042``: the year of the business day and a number never given twice."""
    return f"{house.today(at).year}-{_next('stays_stay_number'):06d}"


def next_case_number() -> str:
    """Such as ``C-000017``."""
    return f"C-{_next('stays_case_number'):06d}"


def _next(sequence: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass)", [sequence])
        number: int = cursor.fetchone()[0]
    return number
