"""Verifications that people order on a page, and one a night: rows that the keeper works off."""

from collections.abc import Iterator
from pathlib import Path

from django.db import connection as page_connection
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from audit import actions, storing
from audit.anchors import Anchors
from audit.models import Verification
from audit.services import Who, record
from audit.verifying import Findings, verify, verify_sample

SAMPLE = 2_000
NIGHTLY_AFTER_HOURS = 24


_NEXT = """
SELECT id, scope, begins FROM audit_verification WHERE finished_at IS NULL ORDER BY id LIMIT 1
"""
_NIGHTLY = """
INSERT INTO audit_verification (scope, begins)
SELECT 'since', COALESCE((SELECT max(ends) FROM audit_verification
    WHERE finished_at IS NOT NULL AND complaints = '{}' AND scope <> 'sampled'), 0)
WHERE NOT EXISTS (SELECT FROM audit_verification WHERE asked_at > now() - %s * interval '1 hour')
"""
_PROGRESS = "UPDATE audit_verification SET done = %s, ends = %s WHERE id = %s"
_FINISH = """
UPDATE audit_verification SET done = %s, ends = %s, complaints = %s, finished_at = clock_timestamp() WHERE id = %s
"""


@transaction.atomic
def order_verification(*, scope: str, who: Who, begins: int = 0) -> None:
    """Ask the keeper to verify the log; it begins within seconds. ``scope`` is one of ``Verification.Scope``."""
    values = (who.actor, Verification.Scope(scope).value, begins)
    with page_connection.cursor() as cursor:
        cursor.execute("INSERT INTO audit_verification (asked_by, scope, begins) VALUES (%s, %s, %s)", values)
    record(actions.LOG_VERIFICATION_ORDERED, who=who, detail={"scope": scope})


def next_order(connection: BaseDatabaseWrapper, folder: Path) -> Iterator[Findings] | None:
    """The oldest order not yet finished, begun anew; each step is a slice. None when there is none.

    Once a day without any order, the keeper orders one itself: what was sealed since the last whole one.
    """
    now = storing.state(connection)
    if now is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_NIGHTLY, (NIGHTLY_AFTER_HOURS,))
    for number, scope, begins in storing.rows(connection, _NEXT):
        anchors = list(Anchors(folder, now.origin).notes())
        if scope == Verification.Scope.SAMPLED:
            return _worked_off(connection, number, verify_sample(connection, SAMPLE, anchors=anchors))
        return _worked_off(connection, number, verify(connection, begins=begins, anchors=anchors))
    return None


def _worked_off(connection: BaseDatabaseWrapper, number: int, work: Iterator[Findings]) -> Iterator[Findings]:
    for findings in work:
        with connection.cursor() as cursor:
            cursor.execute(_PROGRESS, (findings.done, findings.ends, number))
        yield findings
    complaints = [str(complaint) for complaint in findings.complaints]
    with connection.cursor() as cursor:
        cursor.execute(_FINISH, (findings.done, findings.ends, complaints, number))
