"""One running product for all journeys of this process, and browsers that visit it.

What needs Django is looked up when a fixture runs: pytest may read this file before Django is set up.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from django.core.management import call_command
from django.db import connections
from playwright.sync_api import Browser

from hotelrecords.embedded.run_tests import find_browser
from hotelrecords.embedded.testing import TestBed
from hotelrecords.tests.journeys.house import House

if TYPE_CHECKING:
    from hotelrecords.tests.journeys.visiting import Visit

# Playwright keeps an event loop in this thread; the tests themselves are not asynchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
HERE = Path(__file__).parent
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
QUIET += ["--disable-component-update", "--disable-sync", "--force-color-profile=srgb"]


WING: Final = 40  # Rooms for all the guests of the journeys; the demonstration's own are half taken.


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys come first, for they take longest; the search for leaks after everything that could have leaked."""
    items.sort(key=lambda item: (item.path.parent != HERE, item.path.name == "test_leaks.py"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """The Chromium that is installed on this machine."""
    return {**browser_type_launch_args, "executable_path": find_browser(), "args": QUIET}


@pytest.fixture(scope="session")
def house(test_bed: TestBed, django_db_blocker: object) -> Iterator[House]:
    """The product with the demonstration's data and a wing of free rooms, running."""
    database = test_bed.fresh_copy()
    running = House(test_bed.cluster, test_bed.values, database, test_bed.local / f"journeys-{database}")
    try:
        running.manage("collectstatic", "--skip-checks", "--noinput", "-v0")
        with looking_into(running, django_db_blocker):
            call_command("load_demo")
            call_command("load_demo_requests")
            guests: Any = import_module("hotelrecords.tests.journeys.guests")
            guests.open_wing(WING)
        running.open()
        yield running
    finally:
        running.close()
        test_bed.drop(database)
        shutil.rmtree(running.local, ignore_errors=True)


@contextmanager
def looking_into(house: House, django_db_blocker: object) -> Iterator[None]:
    """Django in this process looks into the running product's database."""
    default = connections["default"]
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        default.close()
        usual, default.settings_dict["NAME"] = default.settings_dict["NAME"], house.database
        try:
            yield
        finally:
            default.close()
            default.settings_dict["NAME"] = usual


@pytest.fixture
def records(house: House, django_db_blocker: object) -> Iterator[None]:
    """What the running product keeps, for the test to look up."""
    with looking_into(house, django_db_blocker):
        yield


@pytest.fixture(scope="session")
def kept_sessions() -> dict[str, object]:
    """What the browser of each person who signed in before has kept."""
    return {}


@pytest.fixture(scope="session")
def addresses() -> set[str]:
    """Every address a browser asked for."""
    return set()


@pytest.fixture
def visit(
    house: House,
    browser: Browser,
    records: None,
    kept_sessions: dict[str, object],
    addresses: set[str],
    pytestconfig: pytest.Config,
) -> Iterator[Callable[..., "Visit"]]:
    """Opens a browser for a person; at the end no page may have complained."""
    visiting: Any = import_module("hotelrecords.tests.journeys.visiting")
    visits: list[Visit] = []
    keeps = bool(pytestconfig.getoption("--pictures"))

    def begin(staff_number: str = "", language: str = "en", **options: object) -> "Visit":
        if staff_number:
            visiting.people.speak(staff_number, language)
            visiting.people.come_back(staff_number)
        state = kept_sessions.get(staff_number)
        one = visiting.Visit(house, browser, language, storage_state=state, keeps_pictures=keeps, **options)
        one.addresses, one.staff_number = addresses, staff_number
        visits.append(one)
        if staff_number and state is None:
            visiting.sign_in(one, staff_number)
            kept_sessions[staff_number] = one.context.storage_state()
        return one

    yield begin
    complaints = [complaint for one in visits for complaint in one.complaints]
    for one in visits:
        one.context.close()
    assert complaints == []
