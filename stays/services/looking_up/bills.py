"""A bill: amounts and whether they are settled, and so a look at the guest who owes them. Who pays is for finance."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from audit import services as audit
from audit.services import Why
from staff import permissions as rights
from staff.models import Person
from stays import actions, permissions
from stays.models import BillLine, Occupant, Stay
from stays.purposes import require_purpose
from stays.services.bills import charges_of, unpaid_of
from stays.services.looking_up.explaining import explain_stay
from stays.typed import Sealed
from vault import services as vault
from vault.categories import Category
from vault.models import Envelope

PAYER: Final = ("payer", "invoice_title", "tax_number")


@dataclass(frozen=True, slots=True)
class BillPage:
    """The lines of a bill, oldest first, all charges, what is open, and for who may reveal it who pays, masked."""

    lines: tuple[BillLine, ...]
    charges: dict[str, Decimal]
    unpaid: dict[str, Decimal]
    payer: tuple[Sealed, ...]


def open_bill(stay: Stay, *, actor: Person, why: Why, at: datetime) -> BillPage:
    """The bill of a stay visible to the actor. Raises ``NotAllowed`` and ``PurposeRefused``."""
    permissions.require_any(actor, permissions.KEEPS_BILLS, stay.property)
    why = require_purpose(actor=actor, house=stay.property, why=why, stay=stay)
    leads = list(Occupant.objects.filter(stay=stay, role=Occupant.Role.LEAD).values_list("subject_id", flat=True))
    look: dict[str, Any] = {
        "action": actions.BILL_VIEWED,
        "who": rights.who(actor, stay.property),
        "why": explain_stay(actor, stay, leads, why, at=at),
        "object_type": "stay",
        "object_ref": stay.reference,
    }
    payer = _payer(stay, actor, look, at)
    if payer is None:
        audit.record_look(**look, subjects=leads)
    lines = tuple(stay.bill_lines.all())
    return BillPage(lines, charges_of(lines), unpaid_of(lines), payer or ())


def _payer(stay: Stay, actor: Person, look: dict[str, Any], at: datetime) -> tuple[Sealed, ...] | None:
    """Who pays, opened in the same look; None where nothing is sealed of it, or the actor may not reveal it."""
    grade = permissions.reveal_grade(actor, Category.PAYMENT, stay, at)
    live = Envelope.objects.filter(belongs_to=stay.pk, category=Category.PAYMENT, erased_at__isnull=True)
    ids = list(live.values_list("pk", flat=True)) if grade else []
    if not ids:
        return None
    opened = vault.open_envelopes(ids, fields=PAYER, **look)
    sealed = ((each, name) for each in opened.values() for name in PAYER if each.get(name).shown)
    return tuple(Sealed(name, each.get(name), each.envelope, Category.PAYMENT, grade) for each, name in sealed)
