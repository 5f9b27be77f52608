"""Whether the keeper's work on the sealed log was done, read off the log itself: ``audit`` knows no duties (M33)."""

from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from audit import storing
from audit.models import Anchor, KeeperBeat, Verification
from staff import duties
from staff.models import Duty
from staff.services.duties import report_done

MAY_WAIT: Final = timedelta(seconds=60)  # a row for its seal (audit.md, Sealing)
LATELY: Final = timedelta(minutes=1)


def report_log_duties(*, at: datetime) -> None:
    """Report as done, or failed, what was found so: sealing, the guard, the anchors, the verification."""
    waiting_since = storing.oldest_waiting(connection)
    if waiting_since is None or at - waiting_since < MAY_WAIT:
        report_done(code=duties.SEAL_LOG, at=at)
    if KeeperBeat.objects.filter(at__gt=at - LATELY, breaches=0).exists():
        report_done(code=duties.GUARD_LOG, at=at)
    anchored = Anchor.objects.order_by("-at").first()
    if anchored:
        _report_once(duties.ANCHOR_LOG, anchored.at)
    verified = Verification.objects.filter(finished_at__isnull=False).order_by("-finished_at").first()
    if verified and verified.finished_at:
        _report_once(duties.VERIFY_LOG, verified.finished_at, failed=bool(verified.complaints))


def _report_once(code: str, moment: datetime, *, failed: bool = False) -> None:
    """Report what happened at a moment unless that was reported before."""
    known = Duty.objects.of(code).first()
    last = (known.last_failed_at if failed else known.last_done_at) if known else None
    if last is None or last < moment:
        report_done(code=code, at=moment, failed=failed)
