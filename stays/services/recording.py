"""The row of a deed on a stay: it names everybody of the party."""

from typing import Any
from uuid import UUID

from audit import services as audit
from staff import permissions as rights
from staff.models import Person
from stays.models import Occupant, Stay


def record_deed(action: str, stay: Stay, *, actor: Person | None, **facts: Any) -> None:
    """Record a deed on a stay, inside its transaction. Without an actor it is the system's.

    ``facts``: fields, detail, note_commit, as ``audit.record`` takes them.
    """
    system = audit.Who(role=audit.SYSTEM.role, property=stay.property_id)
    audit.record(
        action,
        who=rights.who(actor, stay.property) if actor else system,
        object_type="stay",
        object_ref=stay.reference,
        subjects=party_of(stay),
        **facts,
    )


def party_of(stay: Stay) -> list[UUID]:
    """The subjects of the party."""
    return list(Occupant.objects.filter(stay=stay).values_list("subject_id", flat=True))


def lead_of(stay: Stay) -> UUID:
    """The subject in whose name the stay is. Raises ``Occupant.DoesNotExist``."""
    subject: UUID = stay.occupants.get(role=Occupant.Role.LEAD).subject_id
    return subject
