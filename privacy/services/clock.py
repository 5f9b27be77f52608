"""The clock of a request: when the answer is due, pauses with a reason, the one extension with notice."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from privacy import actions, permissions
from privacy.models import Request
from privacy.policy import calendars
from privacy.refusals import AlreadyExtended, AlreadyPaused, CannotExtend, NotPaused, TooLateToExtend, UnknownReason
from privacy.services import requests, timeline
from privacy.services.law import calendar_of, profile_of
from staff.models import Person, Property

PAUSE_REASONS: Final[Mapping[str, Promise]] = {
    "identity": _("We wait for proof of who asks"),
    "requester": _("We wait for the requester's answer"),
    "authority": _("We wait for an authority or a court"),
}
EXTENSION_REASONS: Final[Mapping[str, Promise]] = {
    "complex": _("The request is complex"),
    "many_requests": _("Many requests at one time"),
    "third_party": _("Others have to be asked"),
    "old_records": _("Old records have to be searched"),
}
RUNS = (Request.State.RECEIVED, Request.State.VERIFYING, Request.State.IN_REVIEW, Request.State.AWAITING_SECOND)


def first_due_on(house: Property, at: datetime) -> date:
    """The day an answer to what arrives at this moment is due, by the law of the property."""
    law = house.jurisdiction
    return calendars.due_on(profile_of(law), house.today(at), calendar=calendar_of(law))


def acknowledge_by(request: Request) -> date:
    """The last day to acknowledge the receipt."""
    law, received_on = request.property.jurisdiction, request.property.today(request.received_at)
    return calendars.acknowledge_by(profile_of(law), received_on, calendar=calendar_of(law))


def pause_request(*, request: Request, actor: Person, reason: str, at: datetime) -> Request:
    """Let the clock stand still, for a reason of ``PAUSE_REASONS``.

    Raises ``NotAllowed``, ``WrongState``, ``AlreadyPaused`` and ``UnknownReason``.
    """
    permissions.require_decide(actor, request.property)
    _require_reason(reason, PAUSE_REASONS, request)
    with transaction.atomic():
        locked = requests.lock(request)
        requests.require_state(locked, RUNS)
        if locked.paused_at is not None:
            raise requests.refused(AlreadyPaused, locked)
        locked.paused_at, locked.pause_reason = at, reason
        locked.save(update_fields=["paused_at", "pause_reason"])
        timeline.note(locked, actions.REQUEST_PAUSED, actor=actor, at=at, detail={"reason": reason})
    return locked


def resume_request(*, request: Request, actor: Person, at: datetime) -> Request:
    """Let the clock run again; the days it stood still are added.

    Raises ``NotAllowed``, ``WrongState`` and ``NotPaused``.
    """
    permissions.require_decide(actor, request.property)
    with transaction.atomic():
        locked = requests.lock(request)
        requests.require_open(locked)
        if locked.paused_at is None:
            raise requests.refused(NotPaused, locked)
        days = (locked.property.today(at) - locked.property.today(locked.paused_at)).days
        locked.paused_at, locked.paused_days = None, locked.paused_days + days
        locked.due_on = _later(locked, days)
        locked.save(update_fields=["paused_at", "paused_days", "due_on"])
        timeline.note(locked, actions.REQUEST_RESUMED, actor=actor, at=at, detail={"days": days})
    return locked


def _later(request: Request, days: int) -> date:
    """The due date so many days later; one in months rolls to a working day again."""
    law, moved = request.property.jurisdiction, request.due_on + timedelta(days=days)
    return calendar_of(law).next_working(moved) if profile_of(law).answer_months and days else moved


def extend_request(*, request: Request, actor: Person, reason: str, at: datetime) -> Request:
    """Extend the period once, with a reason of ``EXTENSION_REASONS``; the letter that says so is due at once.

    Raises ``NotAllowed``, ``WrongState``, ``AlreadyExtended``, ``CannotExtend``, ``TooLateToExtend``,
    ``UnknownReason``.
    """
    permissions.require_decide(actor, request.property)
    _require_reason(reason, EXTENSION_REASONS, request)
    with transaction.atomic():
        locked = requests.lock(request)
        requests.require_state(locked, RUNS)
        _require_extensible(locked, at)
        locked.extended_at, locked.extension_reason, locked.due_on = at, reason, _extended_due_on(locked)
        locked.save(update_fields=["extended_at", "extension_reason", "due_on"])
        timeline.note(locked, actions.REQUEST_EXTENDED, actor=actor, at=at, detail={"reason": reason})
    return locked


def _require_extensible(request: Request, at: datetime) -> None:
    """The notice has to reach the requester before the first period is over (GDPR 12(3))."""
    if request.extended_at is not None:
        raise requests.refused(AlreadyExtended, request)
    if not calendars.may_extend(profile_of(request.property.jurisdiction)):
        raise requests.refused(CannotExtend, request)
    if request.is_overdue(request.property.today(at)):
        raise requests.refused(TooLateToExtend, request)


def _extended_due_on(request: Request) -> date:
    house = request.property
    new = calendars.due_on(
        profile_of(house.jurisdiction),
        house.today(request.received_at),
        extended=True,
        paused_days=request.paused_days,
        calendar=calendar_of(house.jurisdiction),
    )
    return max(new, request.due_on)


def _require_reason(reason: str, known: Mapping[str, Promise], request: Request) -> None:
    if reason not in known:
        raise requests.refused(UnknownReason, request)
