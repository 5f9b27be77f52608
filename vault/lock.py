"""The lock after a restore: a database knows by itself that it was restored, whatever tool did it.

Two signs. The house's row remembers the cluster and the transaction that wrote it; a row that was loaded from a
dump was written by another transaction, and its ``xmin`` says so. And a ledger shorter than its copy off the machine
shows a database that was put back as a whole, disk image or physical copy. Until ``manage.py restore`` has replayed
and proved, nothing is shown: every page but ``/health/live`` answers 503, and no task is done.
"""

import time
from typing import Final

from django.db import ProgrammingError, connection

from vault import ledger_copy

# For so long a process believes what it saw last.
BELIEVED_SECONDS: Final = 2.0
RESTORED: Final = "restored"
REPLAY_PENDING: Final = "replay_pending"

_SIGNS = """
SELECT EXISTS (SELECT 1 FROM vault_home h, pg_control_system() c
               WHERE h.cluster = c.system_identifier AND h.xmin::text::bigint = mod(h.written, 4294967296)),
       (SELECT COALESCE(max(sequence), 0) FROM erasure_ledger)
"""
# In a transaction of its own, by the owner.
COME_HOME: Final = """
DELETE FROM vault_home;
INSERT INTO vault_home (id, cluster, written)
SELECT 1, system_identifier, pg_current_xact_id()::text::bigint FROM pg_control_system();
"""

_seen: list[tuple[float, str]] = []


def is_closed() -> bool:
    """Whether nothing may be shown. Raises OperationalError while the database is away."""
    return bool(reason())


def reason() -> str:
    """Why nothing may be shown, as a code; empty when all is well. Asked at each request, looked up now and then."""
    now = time.monotonic()
    if not _seen or now - _seen[0][0] > BELIEVED_SECONDS:
        _seen[:] = [(now, look())]
    return _seen[0][1]


def look() -> str:
    """The same, looked up now. The copy is read first: an erasure in between must not look like a loss."""
    copied = _copied()
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    try:
        # Beside Django's cursor: this is no query of the page.
        with connection.wrap_database_errors, connection.connection.cursor() as cursor:
            cursor.execute(_SIGNS)
            is_home, entries = cursor.fetchone()
    except ProgrammingError:  # no such table: half restored
        return RESTORED
    if not is_home:
        return RESTORED
    return REPLAY_PENDING if entries < copied else ""


def _copied() -> int:
    try:
        return ledger_copy.head()
    except OSError:
        return 0  # the copy's place is away, which its own duty tells; the desk works on


def come_home() -> None:
    """Let this database be the house's again. Needs the owner's rights, outside any transaction."""
    if connection.in_atomic_block:
        raise RuntimeError("the house's row remembers its transaction: write it in one of its own")
    with connection.cursor() as cursor:
        cursor.execute(f"BEGIN; {COME_HOME} COMMIT")
    forget()


def forget() -> None:
    """Look again at the next question."""
    _seen.clear()
