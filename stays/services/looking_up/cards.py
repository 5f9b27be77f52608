"""The registration card the guest signs."""

from datetime import datetime
from typing import Final

from audit.services import Why
from staff import permissions as rights
from staff.models import Person
from stays import actions, permissions
from stays.models import Stay
from stays.purposes import require_purpose
from stays.refusals import RevealRefused, StepUpMissing
from stays.services.looking_up.explaining import explain_stay
from stays.services.looking_up.pages import rooms_of
from stays.typed import CardPage
from vault import services as vault
from vault.categories import FIELDS, Category

# What stands on the hotel's copy: of the document's number its end.
MASKED: Final = tuple("document_tail" if name == "document_number" else name for name in FIELDS[Category.REGISTER])


def print_card(
    stay: Stay, *, actor: Person, why: Why, stepped_up: bool, at: datetime, in_full: bool = False
) -> CardPage:
    """What the card prints of everybody of the party: the register, nothing of contact or payment.

    ``in_full``: the guest's own copy; on the hotel's the document's number is masked.

    Graded like a reveal of identity. Raises ``NotAllowed``, ``RevealRefused``, ``StepUpMissing``, ``PurposeRefused``.
    """
    rights.require(actor, "work_desk", stay.property)
    grade = permissions.reveal_grade(actor, Category.REGISTER, stay, at)
    if grade == permissions.NOT_ALLOWED:
        raise RevealRefused(object_type="stay", object_ref=stay.reference)
    if grade == permissions.STEP_UP and not stepped_up:
        raise StepUpMissing(object_type="stay", object_ref=stay.reference)
    why = require_purpose(actor=actor, house=stay.property, why=why, stay=stay)
    party = list(stay.occupants.filter(register_envelope__isnull=False).select_related("notice"))
    opened = vault.open_envelopes(
        [each.register_envelope_id for each in party if each.register_envelope_id],
        action=actions.CARD_PRINTED,
        who=rights.who(actor, stay.property),
        why=explain_stay(actor, stay, [occupant.subject_id for occupant in party], why, at=at),
        object_type="stay",
        object_ref=stay.reference,
        fields=FIELDS[Category.REGISTER] if in_full else MASKED,
    )
    people = [opened[each.register_envelope_id] for each in party if each.register_envelope_id in opened]
    return CardPage(
        stay=stay,
        rooms=rooms_of(stay),
        house=stay.property,
        occupants=tuple({name: person.get(name) for name in FIELDS[Category.REGISTER]} for person in people),
        notice=party[0].notice if party else None,
        in_full=in_full,
    )
