"""The end of what a hold had sealed of its own: the number of the authority's document, years after the hold is over.

As the file of a request, by the same rule (CN-RET-13): what was decided stays, the evidence goes.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef

from privacy import actions
from privacy.models import Hold
from privacy.policy import periods
from privacy.policy.rules import Record, Rule, Start
from privacy.services import requests
from privacy.services.holding.notes import note
from privacy.services.law import rules_of_the_house
from vault import services as vault
from vault.models import Envelope

AT_ONCE: Final = 100  # holds
_SEALED: Final = Exists(Envelope.objects.filter(pk=OuterRef("envelope"), erased_at__isnull=True))


def expire_documents(*, at: datetime) -> int:
    """Erase the document numbers of some holds that were over long enough; how many. The system's deed; safe to repeat
    until 0.
    """
    rules = rules_of_the_house(on=at.date())
    over = Hold.objects.over(at).filter(_SEALED).select_related("property").order_by("pk")
    due = (hold for hold in over.iterator(chunk_size=AT_ONCE) if _is_file_over(hold, rules, at))
    return sum(_expire(hold, at) for hold, _place in zip(due, range(AT_ONCE), strict=False))


def _is_file_over(hold: Hold, rules: Sequence[Rule], at: datetime) -> bool:
    house = hold.property
    closed_at = hold.released_at or hold.until
    if closed_at is None:
        return False
    over = periods.rules_over(rules, record=Record.REQUEST_CASE, jurisdiction=house.jurisdiction, region=house.region)
    end = periods.end_of(over[0], {str(Start.CLOSED): house.today(closed_at)})
    return end is not None and end < house.today(at)


def _expire(hold: Hold, at: datetime) -> bool:
    with transaction.atomic():
        found = Hold.objects.select_for_update(of=("self",), skip_locked=True).select_related("property")
        locked = found.filter(_SEALED, pk=hold.pk).first()
        if locked is None or locked.envelope is None:
            return False
        by = requests.system_at(locked.property)
        note(locked, actions.HOLD_DOCUMENT_EXPIRED, actor=None, at=at)
        return vault.erase_envelopes([locked.envelope], reason="hold_file_expired", who=by) > 0
