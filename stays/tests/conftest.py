"""A house with its people and rooms, for every test of the desk.

The factories are looked up when a fixture runs: pytest may read this file before Django is set up.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from audit.tests.conftest import as_owner, as_role  # noqa: F401

if TYPE_CHECKING:
    from staff.models import Person, Property
    from stays.models import Room


def _factories() -> Any:
    return import_module("stays.tests.factories")


@pytest.fixture
def house(db: None) -> "Property":
    """A property."""
    return _factories().make_property()


@pytest.fixture
def clerk(house: "Property") -> "Person":
    """Works the front desk of the house."""
    return _factories().make_person(house, "front_desk")


@pytest.fixture
def room(house: "Property") -> "Room":
    """A clean room for two."""
    return _factories().RoomFactory(property=house)


@pytest.fixture
def stranger(db: None) -> "Person":
    """Works the front desk of another house."""
    return _factories().make_person(_factories().make_property(), "front_desk")
