"""Checking in: what is written, what is sealed, what is refused."""


import pytest

from stays.models import Registration
from stays.tests.factories import AT, checked_in, companion, lead

pytestmark = pytest.mark.django_db


def test_walk_in_writes_the_stay_and_its_party(clerk, room):
    stay = checked_in(clerk, room, lead(), companion())
    stay.refresh_from_db()
    assert (stay.status, stay.origin, stay.arrived_at, stay.party_size) == ("in_house", "walk_in", AT, 2)
    assert [(each.role, each.position, each.came_at) for each in stay.occupants.all()] == [
        ("lead", 1, AT),
        ("companion", 2, AT),
    ]
    assert [(use.room, use.state) for use in stay.room_uses.all()] == [(room, "in_house")]
    assert [each.state for each in Registration.objects.all()] == ["pending", "pending"]
