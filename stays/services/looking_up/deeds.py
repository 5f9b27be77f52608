"""The page in front of a deed: rooms, dates and what is open of a stay, and so a look at its party."""

from datetime import datetime

from audit import services as audit
from audit.services import Why
from staff import permissions as rights
from staff.models import Person
from stays import actions
from stays.models import Stay
from stays.purposes import require_purpose
from stays.services.looking_up.explaining import explain_stay


def look_before_deed(stay: Stay, *, actor: Person, why: Why, at: datetime) -> None:
    """Put on record that the actor sees the facts of the stay; nothing sealed is opened.

    Raises ``NotAllowed`` and ``PurposeRefused``.
    """
    rights.require(actor, "work_desk", stay.property)
    why = require_purpose(actor=actor, house=stay.property, why=why, stay=stay)
    party = list(stay.occupants.values_list("subject_id", flat=True))
    audit.record_look(
        actions.STAY_VIEWED,
        who=rights.who(actor, stay.property),
        why=explain_stay(actor, stay, party, why, at=at),
        object_type="stay",
        object_ref=stay.reference,
        subjects=party,
    )
