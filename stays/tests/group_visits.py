"""Bookings of a group, for the tests of its pages."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from stays.models import Stay
from stays.tests.desk_visits import today
from stays.tests.factories import expected, guest

GROUP = "SH-2026"
PAGE = "group_check_in"


def coming(clerk: Any, house: Any, *names: str, **facts: Any) -> list[Stay]:
    """Bookings of the group for today, in their order."""
    day = today(house)
    facts = {"arrival_on": day, "departure_on": day + timedelta(days=1), "group": GROUP, **facts}
    return [expected(clerk, house, at=timezone.now(), guest=guest(name), **facts) for name in names]
