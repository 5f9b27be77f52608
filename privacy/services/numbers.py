"""The numbers that people say to each other: of requests."""

from datetime import datetime

from django.db import connection

from staff.models import Property


def next_request_number(house: Property, at: datetime) -> str:
    """Such as ``R-2026-000042``: the year of the business day and a number never given twice."""
    return f"R-{house.today(at).year}-{_next('privacy_request_number'):06d}"


def _next(sequence: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass)", [sequence])
        number: int = cursor.fetchone()[0]
    return number
