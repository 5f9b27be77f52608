"""Deciding a request: what the rows of its sheet amount to, the second person, and the end of it."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.services import Refused
from privacy import actions, permissions
from privacy.models import Letter, Request, Task
from privacy.policy import evidence
from privacy.policy.blockers import Outcome
from privacy.policy.evidence import Then
from privacy.policy.refusals import GROUNDS
from privacy.refusals import GroundMissing, ItemSettled, SheetIncomplete, UnknownReason
from privacy.services.requests import end, named, refused, require_fresh_eyes
from privacy.services.reviewing import lock_verified
from privacy.services.sheets import DESTROYING, SHEET_KINDS
from privacy.services.timeline import note
from staff.models import Person

Kind, State, Decided = Request.Kind, Request.State, Request.Decision

SEND_BACK_REASONS: Final[dict[str, Promise]] = {
    "facts_missing": _("Facts are missing"),
    "rule_wrong": _("Another rule applies"),
    "reason_weak": _("The reason for a choice is not enough"),
    "identity_doubtful": _("It is doubtful who asks"),
    "counsel_needed": _("Counsel should be asked first"),
    "record_changed": _("The record has changed since"),
}
# What a row must come to for the request to be granted in it; a restriction fulfils a deletion in part.
_FULFILLED: Final = {
    Kind.DELETION: frozenset(DESTROYING),
    Kind.RESTRICTION: frozenset({Outcome.RESTRICT, *DESTROYING}),
    Kind.OBJECTION: frozenset({Outcome.RESTRICT, *DESTROYING}),
}
_DOING: Final = frozenset({Outcome.RESTRICT, *DESTROYING})


class CounselMissing(Refused):
    """Requests of this requester want a legal opinion before they are granted (policy.md, Identity)."""

    action = actions.REQUEST_DEED_REFUSED
    message = _("Ask counsel first: a request like this is granted after a legal opinion only.")


class AnswerMissing(Refused):
    """A request is closed when its letter has left, and all that was decided is done."""

    action = actions.REQUEST_DEED_REFUSED
    message = _("Carry out the decision and hand over the letter first; then request %(number)s can be closed.")


def decide_request(
    *, request: Request, actor: Person, at: datetime, decision: str = "", refusal_ground: str = ""
) -> Request:
    """Decide: from the rows of the sheet, or for a kind without one as given in ``decision``.

    A deletion, also its refusal, waits for a second person; so does what the evidence table says. Raises
    ``NotAllowed``, ``NotVerified``, ``WrongState``, ``SheetIncomplete``, ``GroundMissing``, ``CounselMissing``,
    ``SamePerson`` on an appeal against one's own decision; ValueError on an unknown decision.
    """
    with transaction.atomic():
        locked = lock_verified(request, actor, State.IN_REVIEW)
        require_fresh_eyes(actor, locked)
        locked.decision = _derived(locked) if locked.wanted in SHEET_KINDS else str(Decided(decision))
        locked.refusal_ground = _ground(locked, refusal_ground)
        _require_counsel(locked)
        locked.decided_by, locked.decided_at = actor, at
        locked.state = State.AWAITING_SECOND if needs_second(locked) else State.EXECUTING
        locked.save(update_fields=["decision", "refusal_ground", "decided_by", "decided_at", "state"])
        note(locked, actions.REQUEST_DECIDED, actor=actor, at=at, detail=_told(locked))
    return locked


def approve_decision(*, request: Request, actor: Person, at: datetime) -> Request:
    """Approve what another person decided; not one's own decision, nor a request one took in oneself, nor an appeal
    that goes back to a decision of one's own.

    Raises ``NotAllowed``, ``NotVerified``, ``WrongState`` and ``SamePerson``.
    """
    with transaction.atomic():
        locked = lock_verified(request, actor, State.AWAITING_SECOND)
        _require_second(locked, actor)
        locked.approved_by, locked.state = actor, State.EXECUTING
        locked.save(update_fields=["approved_by", "state"])
        note(locked, actions.DECISION_APPROVED, actor=actor, at=at, detail=_told(locked))
    return locked


def send_back(*, request: Request, actor: Person, reason: str, at: datetime) -> Request:
    """Send a decision back to review with a reason (``SEND_BACK_REASONS``): as the second person, or anybody who
    decides once it was approved and the record has changed before anything was carried out.

    Raises as ``approve_decision``, ``UnknownReason`` and ``ItemSettled``.
    """
    with transaction.atomic():
        locked = lock_verified(request, actor, State.AWAITING_SECOND, State.EXECUTING)
        if locked.state == State.AWAITING_SECOND:
            _require_second(locked, actor)
        if locked.items.filter(done_at__isnull=False).exists():
            raise ItemSettled(**named(locked))
        if reason not in SEND_BACK_REASONS:
            raise UnknownReason(**named(locked))
        told = {"reason": reason, "decision": locked.decision}
        locked.decision, locked.refusal_ground, locked.state = "", "", State.IN_REVIEW
        locked.decided_by = locked.decided_at = locked.approved_by = None
        locked.save(update_fields=["decision", "refusal_ground", "state", "decided_by", "decided_at", "approved_by"])
        note(locked, actions.DECISION_SENT_BACK, actor=actor, at=at, detail=told)
    return locked


def close_request(*, request: Request, actor: Person, at: datetime) -> Request:
    """Close a request that is decided, carried out and answered.

    Raises ``NotAllowed``, ``NotVerified``, ``WrongState`` and ``AnswerMissing``.
    """
    with transaction.atomic():
        locked = lock_verified(request, actor, State.EXECUTING)
        if is_undone(locked) or not _is_answered(locked):
            raise refused(AnswerMissing, locked)
        end(locked, locked.decision, at=at)
        note(locked, actions.REQUEST_CLOSED, actor=actor, at=at, detail={"result": locked.result})
    return locked


def needs_second(request: Request) -> bool:
    """Whether the decision waits for another person (policy.md, Identity; mission.md, four eyes)."""
    return request.wanted == Kind.DELETION or bool(_must_follow(request))


def is_undone(request: Request) -> bool:
    """Whether rows of the sheet are still to be carried out."""
    return request.items.filter(chosen__in=_DOING, done_at__isnull=True).exists()


def _require_second(request: Request, actor: Person) -> None:
    permissions.require_another(actor, request.decided_by, request.taken_in_by, **named(request))
    require_fresh_eyes(actor, request)


def _derived(request: Request) -> str:
    chosen = list(request.items.values_list("chosen", flat=True))
    if not all(chosen):
        raise SheetIncomplete(**named(request))
    return _amounts_to(request.wanted, chosen)


def _amounts_to(kind: str, chosen: Collection[str]) -> str:
    fulfilled = _FULFILLED[Kind(kind)]
    if chosen and all(each in fulfilled for each in chosen):
        return Decided.GRANTED
    return Decided.PARTLY if any(each in _DOING for each in chosen) else Decided.REFUSED


def _ground(request: Request, ground: str) -> str:
    if request.decision != Decided.REFUSED:
        return ""
    if ground not in GROUNDS:
        raise GroundMissing(**named(request))
    return ground


def _require_counsel(request: Request) -> None:
    if request.decision == Decided.REFUSED or Then.LEGAL_REVIEW not in _must_follow(request):
        return
    if not request.tasks.filter(kind=Task.Kind.COUNSEL, done_at__isnull=False).exists():
        raise CounselMissing(**named(request))


def _must_follow(request: Request) -> tuple[Then, ...]:
    return evidence.must_show(request.acts_as, request.wanted).then


def _is_answered(request: Request) -> bool:
    kinds = [request.decision, *([Letter.Kind.APPEAL_OUTCOME] if request.kind == Kind.APPEAL else [])]
    return request.letters.filter(kind__in=kinds, sent_at__isnull=False).exists()


def _told(request: Request) -> dict[str, str]:
    told = {"decision": request.decision}
    return told | ({"ground": request.refusal_ground} if request.refusal_ground else {})
