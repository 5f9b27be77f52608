"""After a hold: what had waited for it goes on by itself, whether it was released or ended by time.

Approved erasures are carried out, and what was locked away or put off for the hold is erased. What a purge skipped is
in its next plan. Whatever else stands against an erasure stands on: every row is decided anew.
"""

import logging
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from audit.services import Refused
from privacy import actions
from privacy.models import HeldEnvelope, Hold, Item, Request
from privacy.services import ending_restrictions, executing
from privacy.services.holding.notes import note
from privacy.services.sheets import DESTROYING

AT_ONCE: Final = 50  # holds
logger = logging.getLogger(__name__)


def resume_what_waited(*, at: datetime) -> int:
    """Take up again what waited for holds that are over; returns for how many holds. The system's deed; safe to
    repeat until 0.
    """
    over = list(Hold.objects.over(at).filter(resumed_at__isnull=True).order_by("pk")[:AT_ONCE])
    for hold in over:
        for request in erasures_waiting_for(hold):
            _carry_out(request, at)
    while ending_restrictions.finish_restrictions(at=at):
        pass
    return sum(_settle(hold, at) for hold in over)


def erasures_waiting_for(hold: Hold) -> QuerySet[Request]:
    """Requests approved to erase something the hold lies on, and not carried out."""
    held = HeldEnvelope.objects.filter(hold=hold, envelope=OuterRef("envelope"))
    undone = Item.objects.filter(Exists(held), request=OuterRef("pk"), chosen__in=DESTROYING, done_at__isnull=True)
    return Request.objects.filter(Exists(undone), state=Request.State.EXECUTING).order_by("received_at")


def _carry_out(request: Request, at: datetime) -> None:
    """Where something else has come to stand against it, an officer decides: the page says what."""
    try:
        executing.resume_decision(request=request, at=at)
    except Refused as refusal:
        logger.info("What waited for a hold waits on: %s", type(refusal).__name__)


def _settle(hold: Hold, at: datetime) -> bool:
    with transaction.atomic():
        found = Hold.objects.select_for_update(of=("self",), skip_locked=True).select_related("property")
        locked = found.filter(pk=hold.pk, resumed_at__isnull=True).first()
        if locked is None:
            return False
        locked.resumed_at = at
        locked.save(update_fields=["resumed_at"])
        note(locked, actions.HOLD_RESUMED, actor=None, at=at)
    return True
