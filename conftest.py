"""Tests run on the same PostgreSQL as the product, connected as its web role.

- ``db`` (or ``@pytest.mark.django_db``): changes are rolled back after the test.
- ``own_database``: a copy of the migrated template for a test that commits, uses threads or starts processes.
- ``transaction=True``, ``transactional_db`` and ``live_server`` are refused: they would flush tables.
"""

import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connections

from hotelrecords.embedded import EngineTrouble, testing

FLUSHING = {"transactional_db", "live_server", "django_db_reset_sequences", "django_db_serialized_rollback"}

try:
    BED = testing.prepare()
except EngineTrouble as trouble:
    pytest.exit(str(trouble), returncode=2)

settings.DATABASES["default"]["NAME"] = BED.database
# Templates name static files by their plain names; nothing is collected.
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


def pytest_configure(config: pytest.Config) -> None:
    """Keep the cluster from being stopped by another run."""
    BED.hold()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the cluster when this was its last user."""
    BED.release()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The slow tier is asked for by name, and so are pictures, which only people look at."""
    parser.addoption("--slow", action="store_true", help="run the slow tests too")
    parser.addoption("--pictures", action="store_true", help="keep pictures of pages and letters in .local/pictures")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuse what would flush; leave the slow tier out unless asked for."""
    skip_slow = pytest.mark.skip(reason="slow: script/test --slow")
    for item in items:
        marker = item.get_closest_marker("django_db")
        if FLUSHING & set(getattr(item, "fixturenames", ())) or (marker and marker.kwargs.get("transaction")):
            raise pytest.UsageError(f"{item.nodeid} would flush tables: use the fixture own_database")
        if "slow" in item.keywords and not config.getoption("--slow"):
            item.add_marker(skip_slow)


@pytest.fixture(scope="session")
def test_bed() -> Iterator[testing.TestBed]:
    """The cluster and the template that this process stands on."""
    BED.open()
    yield BED
    BED.close()


@pytest.fixture(scope="session")
def django_db_setup(test_bed: testing.TestBed) -> Iterator[None]:
    """Stands for pytest-django's: the database is there already, migrated by the owner."""
    yield
    connections["default"].close()


@pytest.fixture
def own_database(test_bed: testing.TestBed, django_db_blocker: object) -> Iterator[str]:
    """The name of a copy for this test alone, to which Django (in every thread) is connected meanwhile."""
    name = test_bed.fresh_copy()
    default = connections["default"]
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        default.close()
        usual, default.settings_dict["NAME"] = default.settings_dict["NAME"], name
        try:
            yield name
        finally:
            default.close()
            default.settings_dict["NAME"] = usual
            test_bed.drop(name)


@pytest.fixture(scope="session")
def sealing_bed(test_bed: testing.TestBed, django_db_setup: None) -> Iterator[testing.TestBed]:
    """A cluster of this process alone for what is sealed: any open transaction in a cluster holds back the seal."""
    bed = testing.bed_at("-".join(filter(None, ["test-seal", os.environ.get("PYTEST_XDIST_WORKER")])), model=test_bed)
    bed.hold()
    with bed.alone():
        bed.open()
    yield bed
    bed.close()
    bed.release()
