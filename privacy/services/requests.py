"""What every deed on a request begins with: the locked row, the state that allows it, who acts and why."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from audit import services as audit
from privacy import permissions
from privacy.models import Request
from privacy.models.requests import NEEDS_NO_IDENTITY
from privacy.refusals import AlreadyVerified, NotVerified, RequestLocked, SamePerson, WrongState
from staff import permissions as rights
from staff.models import Person, Property

REQUESTER: Final = "requester"  # the role of who acts on the public pages, signed in nowhere
PURPOSE: Final = "request"
ASSIGNED: Final = "E3"  # the request is the actor's own (audit.md, Noticing misuse)
TO_APPROVE: Final = "E7"  # its decision waits for another's approval, and the actor may give it


def lock(request: Request) -> Request:
    """The request as it stands now, locked until the deed ends."""
    found = Request.objects.select_for_update(of=("self",)).select_related("property")
    return found.get(pk=request.pk)


def named(request: Request) -> dict[str, str]:
    """How rows of the log and refusals name the request."""
    return {"object_type": "request", "object_ref": request.number}


def refused(refusal: type[audit.Refused], request: Request, **words: Any) -> audit.Refused:
    """The refusal with the request's number in its words and its row."""
    return refusal(number=request.number, **words, **named(request))


def require_state(request: Request, states: Iterable[str]) -> None:
    """Raise ``WrongState`` unless the request is in one of the states."""
    if request.state not in states:
        raise refused(WrongState, request, state=Request.State(request.state).label)


def require_open(request: Request) -> None:
    """Raise ``WrongState`` when the request is closed."""
    require_state(request, set(Request.State.values) - {Request.State.CLOSED})


def require_verified(request: Request) -> None:
    """Raise ``NotVerified`` unless the requester was recognised, or the request needs nobody to be."""
    if not (request.is_verified or request.kind in NEEDS_NO_IDENTITY):
        raise refused(NotVerified, request)


def require_unverified(request: Request) -> None:
    """Raise ``AlreadyVerified`` when the requester was recognised before."""
    if request.is_verified:
        raise refused(AlreadyVerified, request)


def require_unlocked(request: Request, at: datetime) -> None:
    """Raise ``RequestLocked`` while the request waits after too many failed checks."""
    if request.locked_until is not None and request.is_locked(at):
        until = request.property.local(request.locked_until)
        raise refused(RequestLocked, request, until=f"{until:%Y-%m-%d %H:%M}")


def require_fresh_eyes(person: Person, request: Request) -> None:
    """Raise ``SamePerson`` when an appeal would be decided or approved by who decided or approved before."""
    if decided_before(person, request):
        raise SamePerson(**named(request))


def decided_before(person: Person, request: Request) -> bool:
    """Whether the person decided or approved what the request appeals, or what that appealed in its turn."""
    return any(person.pk in (earlier.decided_by_id, earlier.approved_by_id) for earlier in request.earlier())


def may_be_second(person: Person, request: Request) -> bool:
    """Whether the person had no part in the decision that would keep them from approving it."""
    return person.pk not in (request.decided_by_id, request.taken_in_by_id) and not decided_before(person, request)


def system_at(house: Property) -> audit.Who:
    """The system, working for a property."""
    return audit.Who(role=audit.SYSTEM.role, property=house.pk)


def who(actor: Person | None, house: Property) -> audit.Who:
    """Who acts, as the log names them; on the public pages it is the requester."""
    if actor is None:
        return audit.Who(role=REQUESTER, property=house.pk)
    return rights.who(actor, house)


def why(actor: Person, request: Request) -> audit.Why:
    """Why somebody of the office looks: for the request, which explains the look where it is their own."""
    return audit.Why(purpose=PURPOSE, ref=request.number, explained_by=explain(actor, request))


def explain(actor: Person, request: Request) -> str:
    """The operational reason the request gives the actor to look: their own, or theirs to approve; empty otherwise."""
    if request.is_open and request.officer_id == actor.pk:
        return ASSIGNED
    waits = request.state == Request.State.AWAITING_SECOND and may_be_second(actor, request)
    return TO_APPROVE if waits and rights.may(actor, permissions.DECIDES, request.property) else ""


def end(request: Request, result: str, *, at: datetime) -> None:
    """Close a locked request: state, result and moment; a pause ends with it. The caller writes the rows."""
    request.state, request.result, request.closed_at = Request.State.CLOSED, result, at
    request.paused_at = None
    request.save(update_fields=["state", "result", "closed_at", "paused_at"])
