"""Who works on a request, its review, and its end where nothing is decided."""

from datetime import datetime

from django.db import transaction

from privacy import actions, permissions
from privacy.models import Letter, Message, Request
from privacy.refusals import BadDuplicate, MoreNotAsked, PersonElsewhere
from privacy.services import requests, timeline
from privacy.services.letters import make_letter
from staff.models import Person

State, Result = Request.State, Request.Result
UNREVIEWED = (State.RECEIVED, State.VERIFYING)
STOPPABLE = (State.RECEIVED, State.VERIFYING, State.IN_REVIEW, State.AWAITING_SECOND)


def acknowledge_request(*, request: Request, at: datetime) -> Request:
    """Acknowledge the receipt by a letter, once; done again, it changes nothing. The system's deed."""
    with transaction.atomic():
        locked = requests.lock(request)
        if locked.acknowledged_at is None:
            make_letter(request=locked, kind=Letter.Kind.ACKNOWLEDGE, actor=None, at=at)
            locked.acknowledged_at = at
            locked.save(update_fields=["acknowledged_at"])
            by = requests.system_at(locked.property)
            timeline.note(locked, actions.REQUEST_ACKNOWLEDGED, actor=None, by=by, at=at)
    return locked


def tell_extension(*, request: Request, at: datetime) -> bool:
    """Write the letter that an extension is told by, unless there is one; whether it was written. The system's deed."""
    with transaction.atomic():
        locked = requests.lock(request)
        if locked.extended_at is None or locked.letters.filter(kind=Letter.Kind.EXTENDED).exists():
            return False
        make_letter(request=locked, kind=Letter.Kind.EXTENDED, actor=None, at=at)
    return True


def assign_officer(*, request: Request, actor: Person, officer: Person, at: datetime) -> Request:
    """Give the request to somebody who decides here. Raises ``NotAllowed``, ``WrongState``, ``PersonElsewhere`` and,
    for an appeal given to who decided before, ``SamePerson``.
    """
    permissions.require_decide(actor, request.property)
    with transaction.atomic():
        locked = requests.lock(request)
        requests.require_open(locked)
        if not permissions.may_decide(officer, locked.property):
            raise requests.refused(PersonElsewhere, locked, field="officer")
        requests.require_fresh_eyes(officer, locked)
        locked.officer = officer
        locked.save(update_fields=["officer"])
        timeline.note(locked, actions.OFFICER_ASSIGNED, actor=actor, at=at, detail={"officer": officer.pk})
    return locked


def start_review(*, request: Request, actor: Person, at: datetime) -> Request:
    """Begin to review a verified request; whoever begins is its officer, where it has none.

    Raises ``NotAllowed``, ``WrongState``, ``NotVerified`` and, for an appeal, ``SamePerson``.
    """
    permissions.require_decide(actor, request.property)
    with transaction.atomic():
        locked = requests.lock(request)
        requests.require_state(locked, UNREVIEWED)
        requests.require_verified(locked)
        requests.require_fresh_eyes(actor, locked)
        locked.state, locked.officer = State.IN_REVIEW, locked.officer or actor
        locked.save(update_fields=["state", "officer"])
        timeline.note(locked, actions.REVIEW_STARTED, actor=actor, at=at)
    return locked


def mark_duplicate(*, request: Request, of: Request, actor: Person, at: datetime) -> Request:
    """Close a request because another one of the same requester asks the same; it is answered there.

    Raises ``NotAllowed``, ``WrongState`` and ``BadDuplicate``.
    """
    permissions.require_decide(actor, request.property)
    with transaction.atomic():
        locked, other = _lock_both(request, of)
        requests.require_state(locked, STOPPABLE)
        _require_original(locked, other)
        locked.duplicate_of = other
        locked.save(update_fields=["duplicate_of"])
        requests.end(locked, Result.WITHDRAWN, at=at)
        timeline.note(locked, actions.DUPLICATE_MARKED, actor=actor, at=at, detail={"of": other.number})
    return locked


def _lock_both(request: Request, of: Request) -> tuple[Request, Request]:
    """Both, locked in one order, so that two who mark each other's request do not wait for ever."""
    found = {each.pk: requests.lock(each) for each in sorted((request, of), key=lambda each: each.pk)}
    return found[request.pk], found[of.pk]


def _require_original(request: Request, of: Request) -> None:
    elsewhere = of.pk == request.pk or of.property_id != request.property_id
    anothers = None not in (of.guest_id, request.guest_id) and of.guest_id != request.guest_id
    if elsewhere or anothers or of.duplicate_of_id is not None or request.duplicates.exists():
        raise requests.refused(BadDuplicate, request)


def withdraw_request(*, request: Request, actor: Person | None, at: datetime) -> Request:
    """Close a request because the requester takes it back; ``actor`` is None where they do so on the public page.

    Raises ``NotAllowed`` and ``WrongState``, also while the decision is being carried out.
    """
    if actor is not None:
        permissions.require_decide(actor, request.property)
    with transaction.atomic():
        locked = requests.lock(request)
        requests.require_state(locked, STOPPABLE)
        requests.end(locked, Result.WITHDRAWN, at=at)
        timeline.note(locked, actions.REQUEST_WITHDRAWN, actor=actor, at=at)
    return locked


def close_unverified(*, request: Request, actor: Person, at: datetime) -> Request:
    """Close a request whose requester did not prove who they are, after asking once (policy.md, B0).

    Raises ``NotAllowed``, ``WrongState``, ``AlreadyVerified`` and ``MoreNotAsked``.
    """
    permissions.require_decide(actor, request.property)
    with transaction.atomic():
        locked = requests.lock(request)
        requests.require_state(locked, UNREVIEWED)
        requests.require_unverified(locked)
        asked = locked.messages.filter(direction=Message.Direction.OUT, kind="need_more", at__lt=at)
        if not asked.exists():
            raise requests.refused(MoreNotAsked, locked)
        requests.end(locked, Result.UNVERIFIED, at=at)
        timeline.note(locked, actions.REQUEST_CLOSED, actor=actor, at=at, detail={"result": Result.UNVERIFIED.value})
    return locked
