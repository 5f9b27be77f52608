"""What the keeper does for the sealed log is a duty like any other: read off the log itself (M33)."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from staff import duties
from staff.models import Duty, Lapse
from staff.services import lapses
from staff.services.log_duties import report_log_duties

AT = timezone.now()
Sql = Callable[..., object]
pytestmark = pytest.mark.usefixtures("keepers_connection")


@pytest.fixture
def as_superuser(own_database: str, test_bed: Any) -> Iterator[Sql]:
    """Writes into the log's tables what the keeper would have written."""
    with test_bed.cluster.superuser(own_database) as session, session.cursor() as cursor:
        yield cursor.execute


def dated(duty: str) -> tuple[datetime | None, datetime | None]:
    found = Duty.objects.of(duty).first()
    return (found.last_done_at, found.last_failed_at) if found else (None, None)


def test_nothing_is_reported_that_was_not_done(as_superuser: Sql) -> None:
    """A row waits for its seal since an hour, the guard is broken, nothing was anchored or verified."""
    as_superuser("INSERT INTO audit_keeper_beat (id, at, breaches) VALUES (1, %s, 1)"
             " ON CONFLICT (id) DO UPDATE SET at = excluded.at, breaches = 1", (AT,))  # fmt: skip
    report_log_duties(at=AT + timedelta(hours=1))
    assert list(Duty.objects.all()) == []


def test_a_whole_guard_an_anchor_and_a_verification_are(as_superuser: Sql) -> None:
    as_superuser("INSERT INTO audit_keeper_beat (id, at, breaches) VALUES (1, %s, 0)"
             " ON CONFLICT (id) DO UPDATE SET at = excluded.at, breaches = 0", (AT,))  # fmt: skip
    as_superuser("INSERT INTO audit_anchor (checkpoint_id, place, at) VALUES (1, 'file', %s)", (AT,))
    as_superuser(
        "INSERT INTO audit_verification (scope, begins, ends, done, finished_at, complaints)"
        " VALUES ('all', 0, 3, 3, %s, '{}')",
        (AT,),
    )
    report_log_duties(at=AT)
    codes = (duties.GUARD_LOG, duties.ANCHOR_LOG, duties.VERIFY_LOG)
    assert [dated(code) for code in codes] == [(AT, None)] * 3


def test_a_verification_that_found_something_has_failed_and_is_told(as_superuser: Sql) -> None:
    as_superuser(
        "INSERT INTO audit_verification (scope, begins, ends, done, finished_at, complaints)"
        " VALUES ('all', 0, 3, 3, %s, '{\"entry 2 is not what was sealed\"}')",
        (AT,),
    )
    for _turn in range(2):
        report_log_duties(at=AT)
    assert dated(duties.VERIFY_LOG) == (None, AT)
    lapses.find_lapses(at=AT)
    assert [(lapse.duty.code, lapse.kind) for lapse in Lapse.objects.all()] == [("verify-log", "failed")]
