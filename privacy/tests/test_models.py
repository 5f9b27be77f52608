"""What the database has the last word on: nothing runs unverified, two people, reasons, histories."""


import pytest

from privacy.models import Request
from privacy.tests.factories import State, make_request
from staff.models import Property

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", State.values)
def test_a_request_can_be_in_every_state(house: Property, state: str) -> None:
    assert Request.objects.get(pk=make_request(house, state=state).pk).state == state
