"""Carrying out a run: begun when it is final, in batches within a box of time, gone on with after any interruption."""

import time
from collections import Counter
from datetime import datetime
from typing import Final

from django.db import transaction

from audit import services as audit
from privacy import actions
from privacy.duties import PURGE
from privacy.models import Purge
from privacy.services import certificates
from privacy.services.purging.batches import carry_out_batch
from privacy.services.purging.looking_again import look_again
from privacy.services.purging.sources import sources_of
from privacy.services.requests import system_at
from privacy.services.reviewing import today
from staff.services import duties

SECONDS: Final = 45  # a task ends long before its limit; the next one goes on


def due_purges(at: datetime) -> list[int]:
    """Ids of the runs to begin or to go on with."""
    return list(Purge.objects.due(at).order_by("night", "asks").values_list("pk", flat=True))


def run_purge(*, purge: Purge, at: datetime, seconds: float = SECONDS) -> bool:
    """Begin a run or go on with it for so many seconds; whether it is over. Safe to repeat and beside another worker.

    The system's deed. Raises ``vault.keys.KeyUnknown`` where no receipt can be signed: then nothing is erased either.
    """
    certificates.require_key()
    if not _begin(purge, at):
        return True
    known = {source.record: source for source in sources_of(purge.property, today(purge.property, at))}
    until = time.monotonic() + seconds
    while time.monotonic() < until and carry_out_batch(purge, known, at):
        pass
    return _finish(purge, at)


def _begin(purge: Purge, at: datetime) -> bool:
    """Take the run up, and look again at all that is left of it; False where it is not, or no longer, to be run."""
    with transaction.atomic():
        locked = Purge.objects.select_for_update(of=("self",)).due(at).filter(pk=purge.pk).first()
        if locked is None:
            return False
        if locked.state == Purge.State.WAITING:
            locked.state, locked.started_at = Purge.State.RUNNING, at
            locked.save(update_fields=["state", "started_at"])
            _record(actions.PURGE_STARTED, locked, {"count": locked.total})
        if at > locked.planned_at:
            look_again(locked, at)
    return True


def _finish(purge: Purge, at: datetime) -> bool:
    """Certify and close a run of which nothing is left to do."""
    with transaction.atomic():
        locked = Purge.objects.select_for_update(of=("self",)).select_related("property").get(pk=purge.pk)
        if locked.state != Purge.State.RUNNING:
            return True
        if locked.items.to_do().exists():
            return False
        done = Counter[str]()
        for counts in locked.batches.values_list("counts", flat=True).iterator():
            done.update(counts)
        if done:
            locked.receipt = certificates.sign_receipt(purge=locked, done=done, who=system_at(locked.property), at=at)
        locked.state, locked.finished_at = Purge.State.DONE, at
        locked.save(update_fields=["state", "finished_at", "receipt"])
        _record(actions.PURGE_FINISHED, locked, {"count": done.total()})
        if not locked.asks:
            duties.report_done(code=PURGE, property=locked.property, at=at)
    return True


def _record(action: str, purge: Purge, detail: dict[str, int]) -> None:
    audit.record(action, who=system_at(purge.property), object_type="purge", object_ref=purge.number, detail=detail)
