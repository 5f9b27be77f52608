"""A restore for trial: the real one's steps in a database of its own, with the keys of the keyring, timed."""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from audit import services as audit
from vault import actions
from vault.backup import restoring, scratch, taking
from vault.models import Drill

Show = Callable[[str, int, int], None]


def drill(*, name: str, at: datetime, show: Show) -> Drill:
    """Restore a backup for trial, the newest by default. A failure stands in the report and is raised.

    Nothing of the house is touched: database and key folder are made for it and gone afterwards.
    """
    row = Drill.objects.create(begun_at=at)
    try:
        report = _restore(name, show)
    except Exception as trouble:
        row.failure = type(trouble).__name__
        _end(row)
        raise
    row.backup, row.steps, row.facts = report.plan.data, report.steps, report.facts
    _end(row)
    return row


def _restore(name: str, show: Show) -> restoring.Report:
    with scratch.keys_of_keyring(), scratch.database(taking.url()) as place:
        return restoring.Restore(place, restoring.plan_for(name), show, is_trial=True).run()


def _end(row: Drill) -> None:
    row.ended_at = timezone.now()
    row.save(update_fields=["ended_at", "backup", "steps", "facts", "failure"])
    audit.record(
        actions.DRILL_FAILED if row.failure else actions.DRILL_DONE,
        who=audit.SYSTEM,
        outcome="failed" if row.failure else "ok",
        object_type="backup",
        object_ref=row.backup or "none",
    )
