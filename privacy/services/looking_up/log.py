"""The log of one request: what was done on it, and what was opened for it."""

from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import Q

from audit import services as audit
from audit.models import Event
from privacy import actions, permissions
from privacy.models import Request
from privacy.services.requests import PURPOSE
from staff import permissions as rights
from staff.models import Person

LINES_A_PAGE: Final = 50


def read_log(*, request: Request, actor: Person, page: str | None) -> "Page[Event]":
    """The rows about a request, and the looks at its guest for its purpose, newest first. Raises ``NotAllowed``.

    Rows name no value; what was opened of this guest for anything else is not among them.
    """
    permissions.require_decide(actor, request.property)
    about = Q(object_type="request", object_ref=request.number)
    if request.guest_id is not None and request.is_verified:
        about |= Q(subjects__overlap=[request.guest_id], purpose=PURPOSE, purpose_ref=request.number)
    found = Event.objects.between(request.received_at, None).filter(about).newest()
    lines = Paginator(found, LINES_A_PAGE).get_page(page)
    audit.record_look(
        actions.REQUEST_LOG_VIEWED,
        who=rights.who(actor, request.property),
        object_type="request",
        object_ref=request.number,
        detail={"count": len(lines.object_list)},
    )
    return lines
