"""A house with a clerk, an officer and a second approver, for every test of requests.

The factories are looked up when a fixture runs: pytest may read this file before Django is set up.
"""

import hashlib
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from privacy.models import Request
    from staff.models import Person, Property
    from stays.models import Room, Stay


def _factories() -> Any:
    return import_module("privacy.tests.factories")


def _sheets() -> Any:
    return import_module("privacy.tests.sheets")


@pytest.fixture(autouse=True)
def cheap_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes are hashed as the product hashes them, at the least scrypt may cost: the rest is the thief's to feel."""
    slow = hashlib.scrypt

    def cheap(password: bytes, **facts: Any) -> bytes:
        return slow(password, **facts | {"n": 2})

    monkeypatch.setattr(hashlib, "scrypt", cheap)


@pytest.fixture
def house(db: None) -> "Property":
    """A property."""
    return _factories().make_property()


@pytest.fixture
def clerk(house: "Property") -> "Person":
    """Works the front desk of the house."""
    return _factories().make_person(house, "front_desk")


@pytest.fixture
def officer(house: "Property") -> "Person":
    """Decides on the requests of the house."""
    return _factories().make_person(house, "privacy_officer")


@pytest.fixture
def approver(house: "Property") -> "Person":
    """Approves what the officer decides."""
    return _factories().make_person(house, "second_approver")


@pytest.fixture
def manager(house: "Property") -> "Person":
    """Sees figures and the log of the house."""
    return _factories().make_person(house, "manager")


@pytest.fixture
def stranger(db: None) -> "Person":
    """Decides on the requests of another house."""
    return _factories().make_person(_factories().make_property(), "privacy_officer")


@pytest.fixture
def room(house: "Property") -> "Room":
    """A clean room for two."""
    return _factories().RoomFactory(property=house)


@pytest.fixture
def stay(clerk: "Person", room: "Room") -> "Stay":
    """A guest in house, with name, contact, document and payment in the vault."""
    return _factories().checked_in(clerk, room)


@pytest.fixture
def past(clerk: "Person", room: "Room") -> "Stay":
    """A stay of two nights that is over, its bill paid, with a note."""
    return _sheets().a_past_stay(clerk, room, words="高楼层")


@pytest.fixture
def request_(past: "Stay") -> "Request":
    """A verified request for deletion by the guest of that stay, being reviewed."""
    return _sheets().in_review(past)
