"""Opening and closing a shift: who is on duty, where, at which terminal."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from staff import permissions
from staff.actions import SHIFT_CLOSED, SHIFT_OPENED
from staff.models import Person, Property, Shift


class NoPostHere(audit.Refused):
    """The person holds no post at the property."""

    action = SHIFT_OPENED
    status = 403
    message = _("You hold no post at this property. Its administrator can give you one.")


class ShiftAlreadyClosed(audit.Refused):
    """The shift has ended before."""

    action = SHIFT_CLOSED
    message = _("This shift is closed already.")


def open_shift(*, actor: Person, property: Property, terminal: str, address: str | None, at: datetime) -> Shift:
    """Open a shift and the log's session for it. Raises ``NoPostHere``."""
    with transaction.atomic():
        if not permissions.roles_at(actor, property):
            raise NoPostHere(object_type="property", object_ref=property.code)
        session_ref = audit.open_session(actor=actor.pk, property=property.pk, terminal=terminal, address=address)
        shift = Shift.objects.create(
            person=actor, property=property, terminal=terminal, session_ref=session_ref, opened_at=at
        )
        audit.record(
            SHIFT_OPENED,
            who=permissions.who(actor, property),
            object_type="shift",
            object_ref=str(session_ref),
        )
    return shift


def close_shift(*, shift: Shift, at: datetime) -> None:
    """Close the shift and the log's session. Raises ``ShiftAlreadyClosed``."""
    with transaction.atomic():
        locked = Shift.objects.select_for_update().select_related(None).get(pk=shift.pk)
        if locked.closed_at:
            raise ShiftAlreadyClosed(object_type="shift", object_ref=str(shift.session_ref))
        locked.closed_at = at
        locked.save(update_fields=["closed_at"])
        audit.close_session(shift.session_ref)
        audit.record(
            SHIFT_CLOSED,
            who=permissions.who(shift.person, shift.property),
            object_type="shift",
            object_ref=str(shift.session_ref),
        )
