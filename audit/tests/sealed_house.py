"""A log that is sealed, for tests: rows, seals, and every role that may meddle with it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg2
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from audit import actions, storing
from audit import services as audit
from audit.grants import KEEPER
from audit.notes import Checkpoint, Verifier, opened
from audit.seal_key import read_key
from audit.sealing import KEY, Sealed, Sealer
from audit.tests.factories import SUBJECT, WhoFactory, WhyFactory

BORN_WITH = 2  # leaves before the first row of a test: the keys were made, the log was begun


@dataclass
class House:
    """One database of the sealing cluster, with the keeper's folder."""

    bed: Any
    database: str
    folder: Path
    origin: str

    @property
    def keeper(self) -> BaseDatabaseWrapper:
        """The keeper's connection."""
        return connections["keeper"]

    @property
    def sealer(self) -> Sealer:
        """A sealer that has just started."""
        return Sealer(self.keeper, self.folder, self.origin)

    @property
    def verifier(self) -> Verifier:
        """The key the log is sealed with."""
        key = read_key(self.folder / KEY).public_key().public_bytes_raw()
        return Verifier(self.state.origin, key)

    @property
    def state(self) -> storing.State:
        """Where the log stands."""
        state = storing.state(self.keeper)
        assert state is not None
        return state

    def write(self, count: int = 1, **facts: Any) -> list[UUID]:
        """Rows of the log, a transaction each."""
        given = {"who": WhoFactory(), "why": WhyFactory(), "subjects": [SUBJECT], "fields": ["name"]}
        return [audit.record_look(actions.LOG_READ, **given | facts) for _number in range(count)]

    def write_together(self, count: int) -> None:
        """Rows of one transaction."""
        with transaction.atomic():
            for _number in range(count):
                audit.record(actions.LOG_READ, who=WhoFactory(), why=WhyFactory(), subjects=[SUBJECT])

    def seal(self) -> Sealed | None:
        """Seal whatever can be sealed."""
        return self.sealer.seal()

    def sealed(self, count: int) -> Checkpoint:
        """A log of so many rows, sealed."""
        self.write(count)
        sealed = self.seal()
        assert sealed is not None
        return Checkpoint.parse(opened(sealed.note, [self.verifier]))

    def sql(self, statement: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """SQL as the superuser."""
        with self.bed.cluster.superuser(self.database) as session, session.cursor() as cursor:
            cursor.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    def tamper(self, table: str, statement: str, values: tuple[Any, ...] = ()) -> None:
        """What a superuser can do unseen by any trigger."""
        self.sql(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        self.sql(statement, values)
        self.sql(f"ALTER TABLE {table} ENABLE TRIGGER ALL")

    @contextmanager
    def session(self, role: str = KEEPER) -> Iterator[Any]:
        """A connection of its own, in a transaction."""
        with closing(psycopg2.connect(self.bed.environment(role, self.database)["DATABASE_URL"])) as session:
            yield session
