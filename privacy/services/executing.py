"""Carrying out a decision: erased, restricted, told, certified, in one transaction or not at all."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.services import Refused
from privacy import actions
from privacy.models import Certificate, Item, Request, Told
from privacy.policy import deciding
from privacy.policy.blockers import Outcome
from privacy.refusals import ItemSettled
from privacy.services import erasing, facts, following_up, requests, restricting, sheets
from privacy.services.facts import Part, Record
from privacy.services.requests import named, refused
from privacy.services.reviewing import guest_of, lock_verified, wait_for_holds
from privacy.services.timeline import note
from staff.models import Person
from vault.categories import Category


class SheetOutdated(Refused):
    """Since the sheet was made something has come to stand against an erasure, or more was recorded."""

    action = actions.REQUEST_DEED_REFUSED
    message = _("The record has changed since request %(number)s was decided. Send it back and make the sheet again.")


def execute_decision(*, request: Request, actor: Person, at: datetime) -> Certificate | None:
    """Carry out what was decided and, where it needs two, approved; the certificate where anything was erased.

    Raises ``NotAllowed``, ``NotVerified``, ``WrongState``, ``NoSheet``, ``ItemSettled`` and ``SheetOutdated``;
    ``vault.keys.KeyUnknown`` where no certificate can be signed. Whatever is raised, nothing has been changed.
    """
    with transaction.atomic():
        return _execute(lock_verified(request, actor, Request.State.EXECUTING), actor, at)


def resume_decision(*, request: Request, at: datetime) -> Certificate | None:
    """Carry out what a hold had kept from being carried out. The system's deed; raises as ``execute_decision``, but
    for the right."""
    with transaction.atomic():
        locked = requests.lock(request)
        requests.require_verified(locked)
        requests.require_state(locked, (Request.State.EXECUTING,))
        return _execute(locked, None, at)


def _execute(locked: Request, actor: Person | None, at: datetime) -> Certificate | None:
    sheets.require_sheet(locked)
    wait_for_holds(alone=False)
    items = _undone(locked)
    _require_current(locked, items, at)
    _settle(items, at)
    by = None if actor else requests.system_at(locked.property)
    chosen = Counter(item.chosen for item in items)
    note(locked, actions.DECISION_EXECUTED, actor=actor, by=by, at=at, detail=chosen)
    return _carry_out(locked, items, actor, at)


def _undone(request: Request) -> list[Item]:
    rows = request.items.select_for_update(of=("self",)).select_related("stay__property")
    items = list(rows.filter(done_at__isnull=True))
    if not items:
        raise ItemSettled(**named(request))
    return items


def _require_current(request: Request, items: Sequence[Item], at: datetime) -> None:
    """Nothing has come since the sheet that forbids one of its erasures, and nothing that is not on it."""
    record = facts.gather(guest_of(request), request.property, at, besides=request)
    parts = {part.envelope: part for part in record.parts}
    destroyed = [item for item in items if item.chosen in sheets.DESTROYING and item.envelope in parts]
    if any(not _may_still_go(request, record, parts[item.envelope], item) for item in destroyed):
        raise refused(SheetOutdated, request)
    on_sheet = set(request.items.values_list("envelope", flat=True))
    new = [part for part in record.parts if part.envelope not in on_sheet and part.category != Category.DRAFT]
    if any(not record.is_open(part) for part in new):
        raise refused(SheetOutdated, request)


def _may_still_go(request: Request, record: Record, part: Part, item: Item) -> bool:
    decision = deciding.decide(facts.case_of(record, part, verified=request.is_verified))
    if item.override_reason:
        return not sheets.DESTROYING.isdisjoint(sheets.may_choose(request, decision, item.proposed))
    return decision.outcome in sheets.DESTROYING


def _settle(items: Sequence[Item], at: datetime) -> None:
    for item in items:
        item.done_at = at
    Item.objects.bulk_update(items, ["done_at"])


def _carry_out(request: Request, items: Sequence[Item], actor: Person | None, at: datetime) -> Certificate | None:
    owner = request.officer or actor or request.decided_by
    if owner is None:
        raise ValueError(f"nobody decided request {request.number}")
    restricted = [item for item in items if item.chosen == Outcome.RESTRICT]
    erased = [item for item in items if item.chosen in sheets.DESTROYING]
    if restricted:
        restricting.lock_away(request, restricted, erased, actor=actor, at=at)
        categories = {item.category for item in restricted}
        following_up.tell_processors(request, Told.What.RESTRICTED, categories, owner=owner, at=at)
        following_up.tell_recipients(request, restricted, owner=owner, at=at)
    following_up.look_again(request, items, owner=owner, at=at)
    if not erased:
        return None
    reason = f"{request.wanted}_asked"
    return erasing.erase_items(request, erased, restricted=restricted, actor=actor, owner=owner, reason=reason, at=at)
