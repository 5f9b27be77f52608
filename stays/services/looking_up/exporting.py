"""A list of the desk as a file: what it is for is asked each time, and who has it stands in the log."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from audit import services as audit
from audit.services import Why
from staff import permissions as rights
from staff.models import Person, Property
from staff.sheets import BYTE_ORDER_MARK, csv_lines
from stays import actions
from stays.purposes import require_purpose
from stays.services.looking_up import rows
from stays.services.looking_up.explaining import explain_list
from stays.services.looking_up.lists import ORDER, stays_of
from stays.typed import StayRow
from vault import services as vault

COLUMNS: Final = ("stay", "room", "guest", "arrival", "departure", "people", "status", "origin")


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list as CSV. ``content`` is personal: it goes to the person who asked and nowhere else."""

    name: str
    content: bytes
    count: int


def export_list(*, actor: Person, property: Property, which: str, why: Why, at: datetime) -> ListFile:
    """One list of the business day, whole. A row stands in the log before the first byte, one after the last.

    Restricted stays are not in it, confidential ones under their pseudonym. Raises ``NotAllowed`` and
    ``PurposeRefused``; KeyError on an unknown list.
    """
    rights.require(actor, "work_desk", property)
    why = explain_list(actor, property, require_purpose(actor=actor, house=property, why=why))
    today = property.today(at)
    bare = rows.gather(stays_of(which, property, today).select_related("property").order_by(*ORDER[which]))
    about = {"who": rights.who(actor, property), "why": why, "object_type": "list", "object_ref": which}
    opened = vault.open_envelopes(
        rows.names_of(bare),
        action=actions.LIST_OPENED,
        fields=rows.FIELDS,
        detail={"count": len(bare)},
        **about,  # type: ignore[arg-type]
    )
    content = BYTE_ORDER_MARK + csv_lines([COLUMNS, *map(_cells, rows.shown(bare, opened))])
    digest = hashlib.sha256(content).hexdigest()
    audit.record_look(actions.LIST_EXPORTED, detail={"count": len(bare), "sha256": digest}, **about)
    return ListFile(f"{which}-{property.code}-{today.isoformat()}.csv", content, len(bare))


def _cells(row: StayRow) -> Sequence[str]:
    stay = row.stay
    dates = (stay.arrival_on.isoformat(), stay.departure_on.isoformat())
    return (row.reference, row.room, row.title, *dates, str(stay.party_size), stay.status, stay.origin)
