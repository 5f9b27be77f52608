"""Parties with a minor, and which of the five duties are open."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from audit.services import Why
from staff import permissions as rights
from staff.models import Person, Property
from stays import actions
from stays.models import MinorDuty, Stay
from stays.purposes import require_purpose
from stays.services.looking_up import rows
from stays.services.looking_up.explaining import explain_list
from stays.typed import StayRow
from vault import services as vault


@dataclass(frozen=True, slots=True)
class Watched:
    """A party with a minor, and what is owed, the most urgent first."""

    row: StayRow
    duties: tuple[MinorDuty, ...]


def list_minors(*, actor: Person, property: Property, why: Why, at: datetime) -> list[Watched]:
    """Parties with open duties, in one look at their lead names. Raises ``NotAllowed`` and ``PurposeRefused``."""
    rights.require(actor, "work_desk", property)
    why = explain_list(actor, property, require_purpose(actor=actor, house=property, why=why))
    owed: dict[UUID, list[MinorDuty]] = defaultdict(list)
    for duty in MinorDuty.objects.open_at(property).select_related("stay").order_by("due_at", "pk"):
        owed[duty.stay_id].append(duty)
    bare = rows.gather(Stay.objects.filter(pk__in=owed).select_related("property").marked(at))
    opened = vault.open_envelopes(
        rows.names_of(bare),
        action=actions.LIST_VIEWED,
        who=rights.who(actor, property),
        why=why,
        object_type="list",
        object_ref="minors",
        fields=rows.FIELDS,
        detail={"count": len(bare)},
    )
    watched = [Watched(row, tuple(owed[row.stay.pk])) for row in rows.shown(bare, opened)]
    return sorted(watched, key=lambda one: one.duties[0].due_at)
