"""What the keeper keeps: the guard of the log, its seal, what has to end in time, a sign of life, other rooms' works.

A room above tells its works in ``keeping.py`` with ``work``; the keeper loads them all and knows none of them.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from audit import guard
from audit.duties import LogDuties

logger = logging.getLogger("audit.keeper")

# Any number will do, so long as every keeper takes the same: "keep" in ASCII.
LOCK = 0x6B656570
GUARD_SECONDS = 60
ENDING_SECONDS = 3600
TERM_KEY_DAYS = 90
SESSION_MONTHS = 6

_BEAT = """
INSERT INTO audit_keeper_beat (id, at, breaches) VALUES (1, clock_timestamp(), %s)
ON CONFLICT (id) DO UPDATE SET at = excluded.at, breaches = excluded.breaches
"""
_DESTROY = """
UPDATE audit_term_key SET key = NULL, destroyed_at = clock_timestamp()
WHERE key IS NOT NULL AND month + interval '1 month' + %s * interval '1 day' <= now() AT TIME ZONE 'UTC'
"""
_FORGET = """
DELETE FROM audit_session WHERE COALESCE(ended_at, started_at) + %s * interval '1 month' <= now()
"""


Deed = Callable[[datetime], object]


@dataclass(frozen=True, slots=True)
class Work:
    """Something a room above has the keeper do, again after so many seconds."""

    name: str
    seconds: int
    deed: Deed


_works: list[Work] = []


def work(*, seconds: int) -> Callable[[Deed], Deed]:
    """Have the keeper do this about every so many seconds, as its own database role; it is given the time.

    It must be short: the sign of life waits for it. What it raises is logged and tried again next time.
    """

    def register(deed: Deed) -> Deed:
        _works.append(Work(f"{deed.__module__}.{getattr(deed, '__name__', '')}", seconds, deed))
        return deed

    return register


class Keeper:
    """One keeper works at a time: the one whose connection holds the advisory lock. The others stand by."""

    def __init__(self, connection: BaseDatabaseWrapper, log: LogDuties) -> None:
        self.connection = connection
        self.log = log
        self.holds_lock = False
        self.breaches: list[str] = []
        self._done_at: dict[str, float] = {}

    def turn(self) -> bool:
        """Do what is due; False while another keeper works."""
        if not self._take_lock():
            return False
        if self._is_due("guard", GUARD_SECONDS):
            self._compare_guard()
        if self._is_due("endings", ENDING_SECONDS):
            destroy_old_term_keys(self.connection)
            forget_old_sessions(self.connection)
        for each in _works:
            if self._is_due(each.name, each.seconds):
                self._do(each)
        self._beat(self.log.turn())
        return True

    def let_go(self) -> None:
        """Close the connection, and with it give the lock back. Everything is due again afterwards."""
        self.connection.close()
        self.holds_lock = False
        self._done_at.clear()

    def _take_lock(self) -> bool:
        if not self.holds_lock:
            with self.connection.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,))
                self.holds_lock = cursor.fetchone()[0]
        return self.holds_lock

    def _is_due(self, duty: str, seconds: int) -> bool:
        now = time.monotonic()
        if duty in self._done_at and now - self._done_at[duty] < seconds:
            return False
        self._done_at[duty] = now
        return True

    def _do(self, each: Work) -> None:
        try:
            each.deed(timezone.now())
        except Exception:  # one room's trouble must not keep the log from being kept
            if not self.connection.is_usable():
                raise
            logger.exception("the keeper's work %s failed", each.name)

    def _compare_guard(self) -> None:
        found = guard.breaches(self.connection)
        for breach in found:
            if breach not in self.breaches:
                logger.error("the guard of the log is broken: %s", breach)
        self.breaches = found

    def _beat(self, troubles: list[str]) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(_BEAT, (len(self.breaches) + len(troubles),))


def destroy_old_term_keys(connection: BaseDatabaseWrapper) -> int:
    """Destroy the keys of months that ended 90 days ago; from then on their hashes are noise. How many."""
    with connection.cursor() as cursor:
        cursor.execute(_DESTROY, (TERM_KEY_DAYS,))
        return int(cursor.rowcount)


def forget_old_sessions(connection: BaseDatabaseWrapper) -> int:
    """Delete where and from which address people worked, six months after the session's end. How many."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, (SESSION_MONTHS,))
        return int(cursor.rowcount)
