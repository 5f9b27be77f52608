"""The end of a restriction: what was locked away until its day is erased on it, unless something holds it still."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from privacy import actions
from privacy.models import Item, Request
from privacy.policy import deciding
from privacy.policy.blockers import HOLDS, Outcome
from privacy.policy.deciding import Decision
from privacy.services import erasing, facts, requests
from privacy.services.restricting import restricting_items, settled_items
from privacy.services.reviewing import guest_of, wait_for_holds
from privacy.services.sheets import DESTROYING, end_of
from privacy.services.timeline import note

AT_ONCE: Final = 50  # requests
PERIOD_OVER, MATTER_OVER = "period_over", "matter_over"


def finish_restrictions(*, at: datetime, limit: int = AT_ONCE) -> int:
    """Erase what deletions have locked away and nothing stands against any more; how many envelopes.

    Every row is decided anew, by the rules, holds and matters of this moment; a period that has become longer
    restricts on. The system's deed, one transaction for each request, for the sweep; safe to repeat.
    """
    erased = finished = 0
    for request in _waiting(at):
        count = _finish(request, at, _candidates(at))
        erased, finished = erased + count, finished + bool(count)
        if finished == limit:
            break
    return erased


def reckon_anew(request: UUID, *, at: datetime) -> int:
    """Decide again, by the rules of this moment, each row of a request that is locked away until a day; how many rows.

    A row gets the day that follows from them; where that is past, it is erased. For the day a rule has changed.
    """
    dated = _of_deletions(restricting_items()).filter(until__isnull=False)
    rows = dated.filter(request=request).count()
    _finish(request, at, dated)
    return rows


def _waiting(at: datetime) -> list[UUID]:
    """Requests with a row whose day is past, or which waits for the end of a hold or a matter."""
    found = _candidates(at).order_by("request__received_at").values_list("request", flat=True)
    return list(dict.fromkeys(found))


def _candidates(at: datetime) -> QuerySet[Item]:
    """A restriction that was chosen against the proposal, and has no day, ends by a person only. What was put off while
    a hold lay on it waits like what was locked away for it."""
    over = Q(until__lt=at) | Q(until__isnull=True, override_reason="")
    put_off = Q(chosen=Outcome.NOT_NOW, override_reason="", blockers__overlap=[*HOLDS])
    return _of_deletions(settled_items()).filter(Q(chosen=Outcome.RESTRICT) & over | put_off)


def _of_deletions(items: QuerySet[Item]) -> QuerySet[Item]:
    """Also of appeals, and of appeals of appeals, of which ``_finish`` finds out what they want."""
    kinds = (Request.Kind.DELETION, Request.Kind.APPEAL)
    return items.filter(Q(request__kind=Request.Kind.DELETION) | Q(request__appeal_of__kind__in=kinds))


def _finish(pk: UUID, at: datetime, rows: QuerySet[Item]) -> int:
    with transaction.atomic():
        found = Request.objects.select_for_update(of=("self",), skip_locked=True).select_related("property")
        request = found.filter(pk=pk).first()
        if request is None or request.wanted != Request.Kind.DELETION:
            return 0
        wait_for_holds(alone=False)
        mine = rows.filter(request=request).select_related("stay__property").select_for_update(of=("self",))
        over = _decide_anew(request, list(mine), at)
        if over:
            _erase(request, over, at)
    return len(over)


def _decide_anew(request: Request, items: Sequence[Item], at: datetime) -> list[Item]:
    """The rows that are erased now; of the others the day is brought up to date, but not for what may not show."""
    record = facts.gather(guest_of(request), request.property, at, besides=request)
    parts = {part.envelope: part for part in record.parts}
    over = []
    for item in items:
        part = parts.get(item.envelope)
        if part is None:
            continue
        decision = deciding.decide(facts.case_of(record, part, verified=True))
        if decision.outcome in DESTROYING:
            over.append(_settled(item, decision, at))
        elif item.chosen == decision.outcome == Outcome.RESTRICT and not decision.hidden:
            item.rule, item.until = decision.rule, end_of(decision.until, record.house_of(part))
            item.blockers = list(decision.shown_blockers)
            item.save(update_fields=["rule", "until", "blockers"])
    return over


def _settled(item: Item, decision: Decision, at: datetime) -> Item:
    item.override_reason = MATTER_OVER if item.until is None else PERIOD_OVER
    item.chosen, item.done_at = str(decision.outcome), at
    item.save(update_fields=["chosen", "override_reason", "done_at"])
    return item


def _erase(request: Request, items: Sequence[Item], at: datetime) -> None:
    reason = PERIOD_OVER if any(item.override_reason == PERIOD_OVER for item in items) else MATTER_OVER
    owner = request.officer or request.decided_by
    if owner is None:
        raise ValueError(f"nobody decided request {request.number}")
    note(
        request, actions.DECISION_EXECUTED, actor=None, by=requests.system_at(request.property), at=at,
        detail={"erase": len(items), "reason": reason},
    )  # fmt: skip
    erasing.erase_items(request, items, actor=None, owner=owner, reason=reason, at=at)
