"""Connections of the other roles to the copy of the database a test has for itself."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.db import connections
from environs import Env

from audit import trace
from audit.grants import KEEPER, OWNER, WEB
from audit.tests.sealed_house import House

Sql = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture(autouse=True)
def no_trace() -> Iterator[None]:
    """Each test begins and ends outside of any request."""
    trace.end()
    yield
    trace.end()


def _sql(session: Any) -> Sql:
    def run(statement: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        with session.cursor() as cursor:
            cursor.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    return run


@pytest.fixture
def as_role(own_database: str, test_bed: Any) -> Iterator[Callable[[str], Sql]]:
    """Runs SQL in autocommit as the role named."""
    with ExitStack() as stack:

        def connect(role: str) -> Sql:
            address = test_bed.environment(role, own_database)["DATABASE_URL"]
            session = stack.enter_context(closing(psycopg2.connect(address)))
            session.autocommit = True
            return _sql(session)

        yield connect


@pytest.fixture
def as_owner(as_role: Callable[[str], Sql]) -> Sql:
    """Runs SQL as the owner of the tables."""
    return as_role(OWNER)


@pytest.fixture
def as_keeper(as_role: Callable[[str], Sql]) -> Sql:
    """Runs SQL as the keeper."""
    return as_role(KEEPER)


@pytest.fixture
def as_superuser(own_database: str, test_bed: Any) -> Iterator[Sql]:
    """Runs SQL as the one whom no right stops."""
    with test_bed.cluster.superuser(own_database) as session:
        yield _sql(session)


@pytest.fixture
def house(sealing_bed: Any, django_db_blocker: Any, tmp_path: Path) -> Iterator[House]:
    """A log of its own: Django writes into it as web, the sealer works on it as keeper."""
    default = connections["default"]
    with sealing_bed.alone(), django_db_blocker.unblock(), ExitStack() as stack:
        name = sealing_bed.fresh_copy()
        stack.callback(sealing_bed.drop, name)
        default.close()
        stack.callback(default.settings_dict.update, dict(default.settings_dict))
        default.settings_dict.update(_address(sealing_bed, WEB, name))
        stack.callback(default.close)
        connections.databases["keeper"] = default.settings_dict | _address(sealing_bed, KEEPER, name)
        stack.callback(_forget_connection, "keeper")
        yield House(sealing_bed, name, tmp_path / "seal", f"house-{secrets.token_hex(4)}.example/audit")


def _address(bed: Any, role: str, database: str) -> dict[str, Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ADDRESS", bed.environment(role, database)["DATABASE_URL"])
        address: dict[str, Any] = Env().dj_db_url("ADDRESS")
    return address


def _forget_connection(alias: str) -> None:
    connections[alias].close()
    del connections[alias]
    del connections.databases[alias]
