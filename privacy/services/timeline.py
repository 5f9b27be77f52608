"""One line of a request's timeline and one row of the log: written together, in the deed's own transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from audit import services as audit
from privacy import actions
from privacy.models import Request, Step
from privacy.services.requests import who
from staff import bell
from staff.models import Person

# Steps the requester may read on the public page. None of the others: they would tell whether a stay was found.
PUBLIC_STEPS: Final = frozenset(
    {
        actions.REQUEST_RECEIVED,
        actions.REQUEST_ACKNOWLEDGED,
        actions.APPOINTMENT_MADE,
        actions.REQUEST_PAUSED,
        actions.REQUEST_RESUMED,
        actions.REQUEST_EXTENDED,
        actions.MESSAGE_SENT,
        actions.MESSAGE_RECEIVED,
        actions.REQUEST_WITHDRAWN,
        actions.REQUEST_CLOSED,
        actions.REQUEST_RATED,
        actions.REQUEST_APPEALED,
    }
)

# What a step leaves to the workers: each looks again whether there is anything to do.
RINGS: Final = {
    actions.REQUEST_RECEIVED: ("privacy.tasks.match_submission", "privacy.tasks.acknowledge_request"),
    actions.REQUEST_EXTENDED: ("privacy.tasks.tell_extension",),
    actions.CODE_ASKED: ("privacy.tasks.send_asked_code",),
}


def note(
    request: Request,
    code: str,
    *,
    actor: Person | None,
    at: datetime,
    by: audit.Who | None = None,
    fields: Sequence[str] = (),
    subjects: Sequence[UUID] | None = None,
    detail: Mapping[str, Any] | None = None,
    envelope: UUID | None = None,
) -> Step:
    """Write the step and its row, and ring for what it leaves to the workers.

    ``detail``: codes and integers; ``envelope``: sealed words; ``subjects``: unless given, the guest once the
    requester was verified; ``by``: the system, where it acts.
    """
    audit.record(
        code,
        who=by or who(actor, request.property),
        subjects=guest_of(request) if subjects is None else subjects,
        fields=fields,
        detail=detail,
        object_type="request",
        object_ref=request.number,
    )
    for task in RINGS.get(code, ()):
        bell.ring(task, str(request.pk))
    return Step.objects.create(
        request=request, at=at, actor=actor, code=code, detail=dict(detail or {}), envelope=envelope
    )


def guest_of(request: Request) -> list[UUID]:
    """The guest whose record is asked about; nobody while that is not proved."""
    return [request.guest_id] if request.is_verified and request.guest_id else []
