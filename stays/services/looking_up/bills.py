"""A bill: amounts and whether they are settled, and so a look at the guest who owes them."""

from datetime import datetime

from audit import services as audit
from audit.services import Why
from staff import permissions as rights
from staff.models import Person
from stays import actions, permissions
from stays.models import BillLine, Occupant, Stay
from stays.purposes import require_purpose
from stays.services.looking_up.explaining import explain_stay


def open_bill(stay: Stay, *, actor: Person, why: Why, at: datetime) -> tuple[BillLine, ...]:
    """The lines of a stay visible to the actor, oldest first. Raises ``NotAllowed`` and ``PurposeRefused``."""
    permissions.require_any(actor, permissions.KEEPS_BILLS, stay.property)
    why = require_purpose(actor=actor, house=stay.property, why=why, stay=stay)
    leads = list(Occupant.objects.filter(stay=stay, role=Occupant.Role.LEAD).values_list("subject_id", flat=True))
    audit.record_look(
        actions.BILL_VIEWED,
        who=rights.who(actor, stay.property),
        why=explain_stay(actor, stay, leads, why, at=at),
        object_type="stay",
        object_ref=stay.reference,
        subjects=leads,
    )
    return tuple(stay.bill_lines.all())
