"""The emergency roll call: nobody is asked what for, and nobody is left out."""

from datetime import datetime

from audit.services import Why
from staff import permissions as rights
from staff.models import Person, Property
from stays import actions
from stays.services.present import RollCall, named, names_of, present_in
from vault import services as vault

# audit.md, E9: a roll call explains itself.
WHY = Why(purpose="safety", explained_by="E9")
FIELDS = ("name",)


def call_roll(*, actor: Person, property: Property, at: datetime) -> RollCall:
    """Everybody in house with their names, in one look. Raises ``NotAllowed``."""
    rights.require(actor, "work_desk", property)
    people = present_in(property)
    opened = vault.open_envelopes(
        names_of(people),
        action=actions.ROLL_CALLED,
        who=rights.who(actor, property),
        why=WHY,
        object_type="list",
        object_ref="roll_call",
        fields=FIELDS,
        detail={"count": len(people)},
        with_restricted=True,
    )
    return RollCall(property, at, named(people, opened))
