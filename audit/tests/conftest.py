"""Connections of the other roles to the copy of the database a test has for itself."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import psycopg2
import pytest

from audit import trace
from audit.grants import KEEPER, OWNER

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
