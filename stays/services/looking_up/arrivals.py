"""The arrivals sheet: everybody due today, for the desk to tick off."""

from dataclasses import dataclass
from datetime import date, datetime

from audit.services import Why
from staff import permissions as rights
from staff.models import Person, Property
from stays import actions
from stays.models import Stay
from stays.purposes import require_purpose
from stays.services.looking_up import rows
from stays.services.looking_up.explaining import explain_list
from stays.typed import StayRow
from vault import services as vault


@dataclass(frozen=True, slots=True)
class Arrivals:
    """The expected stays of a business day, late ones included, by room and number."""

    house: Property
    day: date
    rows: tuple[StayRow, ...]


def print_arrivals(*, actor: Person, property: Property, why: Why, at: datetime) -> Arrivals:
    """Everybody due, in one look. Raises ``NotAllowed`` and ``PurposeRefused``."""
    rights.require(actor, "work_desk", property)
    why = explain_list(actor, property, require_purpose(actor=actor, house=property, why=why))
    day = property.today(at)
    bare = rows.gather(Stay.objects.arrivals(property, day).select_related("property").order_by("reference"))
    opened = vault.open_envelopes(
        rows.names_of(bare),
        action=actions.ARRIVALS_PRINTED,
        who=rights.who(actor, property),
        why=why,
        object_type="list",
        object_ref="arrivals",
        fields=rows.FIELDS,
        detail={"count": len(bare)},
    )
    found = sorted(rows.shown(bare, opened), key=lambda row: (not row.room, row.room, row.reference))
    return Arrivals(property, day, tuple(found))
