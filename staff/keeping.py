"""What the keeper does for this room: it notices what was not done and who looks where nothing explains it, copies the
ledger, starts backups.

All of it needs neither broker nor beat.
"""

import os
import subprocess
import sys
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from audit.keeping import work
from audit.models import KeeperBeat
from staff import detection, duties
from staff.detecting import scanning
from staff.models import DetectionRule, Duty
from staff.services import alerts, lapses, log_duties
from staff.services.detection import enter_rules, replay_rules
from staff.services.duties import report_done
from vault import ledger_copy

RETRY_AFTER = timedelta(hours=1)
LOOK_THROUGH_FOR = 3.0
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


@work(seconds=10)
def look_through_log(at: datetime) -> None:
    """Look through what the log has got since the last time, for some seconds; what is left waits for the next turn."""
    enter_rules(at=at)
    until = time.monotonic() + LOOK_THROUGH_FOR
    while scanning.scan(at=at) == scanning.BATCH and time.monotonic() < until:
        pass
    report_done(code=detection.LOOK_THROUGH, at=at)


@work(seconds=60)
def watch_the_guard(at: datetime) -> None:
    """Raise an alert when the last turn found the guard or the seal of the log in trouble."""
    rule = DetectionRule.objects.in_force().filter(code="integrity", mode=DetectionRule.Mode.LIVE).first()
    if rule and KeeperBeat.objects.filter(breaches__gt=0, at__gt=at - rule.window).exists():
        alerts.raise_of_the_house(rule, at=at)


@work(seconds=10)
def replay_changed_rules(at: datetime) -> None:
    """Replay what was proposed, and what is in shadow, a few days of the log at a time."""
    replay_rules(at=at)


@work(seconds=600)
def see_to_alerts(at: datetime) -> None:
    """Pass on what was not decided in time, and in the evening mail people what waits for them."""
    alerts.escalate_overdue(at=at)
    alerts.mail_reminders(at=at)
    report_done(code=detection.MAIL_QUESTIONS, at=at)


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
