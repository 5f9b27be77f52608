"""The cast of this room's tests.

Modules that need Django are looked up when a fixture runs: pytest may read this file before Django is set up.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any

import dj_database_url
import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connections

from audit.grants import KEEPER
from audit.tests.conftest import as_owner, as_role  # noqa: F401

if TYPE_CHECKING:
    from django.test import Client

    from staff.models import Person, Property


def _made(factory: str, /, **facts: Any) -> Any:
    return getattr(import_module("staff.tests.factories"), factory)(**facts)


def _signed_in(client: "Client", person: "Person", property: "Property") -> "Client":
    signed_in: Client = import_module("staff.tests.signing_in").sign_in(client, person, property)
    return signed_in


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are kept as the product keeps them, at the least Argon2 may cost: the rest is the thief's to feel."""
    for name, least in {"time_cost": 1, "memory_cost": 8, "parallelism": 1}.items():
        monkeypatch.setattr(Argon2PasswordHasher, name, least)


@pytest.fixture
def harbour(db: None) -> "Property":
    """A property."""
    return _made("PropertyFactory", code="harbour", name_en="Harbour Hotel", name_zh="海港酒店")


@pytest.fixture
def lake(db: None) -> "Property":
    """Another property."""
    return _made("PropertyFactory", code="lake", name_en="Lakeside Hotel", name_zh="湖畔酒店")


@pytest.fixture
def clerk(harbour: "Property") -> "Person":
    """Who works the desk of the harbour."""
    return _made("PersonFactory", staff_number="harbour-desk", roles={harbour: ["front_desk"]})


@pytest.fixture
def manager(harbour: "Property") -> "Person":
    """The harbour's manager."""
    facts = {"staff_number": "harbour-manager", "name": "王芳", "latin_name": "Wang Fang"}
    return _made("PersonFactory", roles={harbour: ["manager"]}, **facts)


@pytest.fixture
def administrator(harbour: "Property") -> "Person":
    """The harbour's only administrator."""
    return _made("PersonFactory", staff_number="admin", roles={harbour: ["administrator"]})


@pytest.fixture
def at_desk(client: "Client", clerk: "Person", harbour: "Property") -> "Client":
    """A browser with the clerk on duty."""
    return _signed_in(client, clerk, harbour)


@pytest.fixture
def as_administrator(client: "Client", administrator: "Person", harbour: "Property") -> "Client":
    """A browser with the administrator on duty."""
    return _signed_in(client, administrator, harbour)


@pytest.fixture
def as_manager(client: "Client", manager: "Person", harbour: "Property") -> "Client":
    """A browser with the manager on duty."""
    return _signed_in(client, manager, harbour)


@pytest.fixture
def keepers_connection(own_database: str, test_bed: Any) -> Iterator[None]:
    """Django connected as the keeper, to a copy of the database for this test alone."""
    default = connections["default"]
    usual = dict(default.settings_dict)
    default.close()
    default.settings_dict.update(
        dj_database_url.parse(test_bed.environment(KEEPER, own_database)["DATABASE_KEEPER_URL"])
    )
    try:
        yield
    finally:
        default.close()
        default.settings_dict.update(usual)
