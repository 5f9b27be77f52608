"""What the keeper does for those who own duties: it notices what was not done, copies the ledger, starts backups.

All of it needs neither broker nor beat.
"""

import os
import subprocess
import sys
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from audit.keeping import work
from staff import duties
from staff.models import Duty
from staff.services import lapses, log_duties
from staff.services.duties import report_done
from vault import ledger_copy

RETRY_AFTER = timedelta(hours=1)
_backups: list["subprocess.Popen[bytes]"] = []


@work(seconds=60)
def report_log_duties(at: datetime) -> None:
    """Report what the keeper did for the sealed log."""
    log_duties.report_log_duties(at=at)


@work(seconds=60)
def notice_lapses(at: datetime) -> None:
    """Enter new duties, give each an owner, open a lapse for each late or failed one, mail the owners."""
    lapses.keep_duties(at=at)
    lapses.name_missing_owners(at=at)
    lapses.find_lapses(at=at)
    lapses.mail_lapses(at=at)


@work(seconds=60)
def copy_ledger(at: datetime) -> None:
    """Bring the ledger's copy off the machine up to date, where an erasure could not."""
    if settings.LEDGER_DIR:
        ledger_copy.bring_up_to_date()
        report_done(code=duties.LEDGER_COPY, at=at)


@work(seconds=60)
def start_backup(at: datetime) -> None:
    """Start the night's backup in a process of its own, and again an hour after one that failed."""
    for ended in [process for process in _backups if process.poll() is not None]:
        _backups.remove(ended)
    found = Duty.objects.of(duties.BACKUP).first()
    if settings.BACKUP_DIR and settings.DATABASE_BACKUP_URL and not _backups and found and is_backup_due(found, at):
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "backup"]
        own = os.environ | {"DATABASE_URL": os.environ["DATABASE_KEEPER_URL"]}
        _backups.append(subprocess.Popen(command, env=own, stdin=subprocess.DEVNULL))


def is_backup_due(duty: Duty, at: datetime) -> bool:
    """Whether the hour of the backup has come since it was last done, and no try of the last hour stands."""
    here = at.astimezone(timezone.get_default_timezone())
    hour = here.replace(hour=settings.BACKUP_AT_HOUR, minute=0, second=0, microsecond=0)
    moment = hour if hour <= here else hour - timedelta(days=1)
    since = duty.last_done_at or duty.next_due_at - duty.every
    is_tried = duty.last_started_at is not None and at - duty.last_started_at < RETRY_AFTER
    return since < moment and not is_tried
