"""May I tell the caller? What is said is compared blindly; without proof nobody learns whether anybody is here.

Proof is the guest's name and a tail companions do not know: of the document or the card (policy.md, *Identity*). A
confidential stay is confirmed to nobody, whatever the caller knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db.models import Q

from audit import services as audit
from audit.models import Event
from staff import permissions as rights
from staff.models import Person, Property
from stays import actions
from stays.models import BillLine, RoomUse, Stay
from stays.services.bills import unpaid_of
from stays.services.looking_up import keys
from stays.services.recording import lead_of
from vault import services as vault

PROVES: Final = frozenset({"document_tail", "card_last4"})
FACTS: Final = ("name", *sorted(PROVES))
MOST_FAILURES: Final = 3
LOCKED_FOR: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Told:
    """What the guest may be told on the telephone: when, and the bill. Never the room."""

    stay: Stay
    lines: tuple[BillLine, ...]
    unpaid: Mapping[str, Decimal]


def ask_caller(
    *, actor: Person, property: Property, asked_for: str, facts: Mapping[str, str], at: datetime
) -> Told | None:
    """Compare what a caller says with the guest of a stay number or room; None is: neither confirm nor deny.

    ``facts``: of ``FACTS``, those that were said. After three failures nothing is compared for a day. Raises
    ``NotAllowed``; ValueError on an unknown fact.
    """
    rights.require(actor, "work_desk", property)
    if unknown := set(facts).difference(FACTS):
        raise ValueError(f"no such fact: {', '.join(sorted(unknown))}")
    stay = _stay(actor, property, asked_for, at)
    lead = lead_of(stay) if stay else None
    if stay is None or lead is None or not _is_proved(stay, lead, facts, at):
        _record(actions.CALLER_NOT_PROVED, actor, property, stay, lead, facts)
        return None
    _record(actions.CALLER_RECOGNISED, actor, property, stay, lead, facts)
    lines = tuple(stay.bill_lines.all())
    return Told(stay, lines, unpaid_of(lines))


def _stay(actor: Person, house: Property, asked_for: str, at: datetime) -> Stay | None:
    """A stay of this house by number; or who lives in a room, or left it on this business day."""
    text = keys.plain(asked_for)
    seen = Stay.objects.visible_to(actor).unrestricted(at).at(house).select_related("property")
    if reference := keys.as_reference(text):
        return seen.filter(reference=reference).first()
    turned = house.local(at) - timedelta(days=1)
    lived = RoomUse.objects.filter(room__property=house, room__number__iexact=text)
    here = Q(pk__in=lived.filter(state=RoomUse.State.IN_HOUSE).values("stay"))
    left = Q(pk__in=lived.filter(state=RoomUse.State.ENDED).values("stay"), departed_at__gte=turned)
    return seen.filter(here | left).order_by("departed_at").last() if text else None


def _is_proved(stay: Stay, lead: UUID, facts: Mapping[str, str], at: datetime) -> bool:
    """All that was said is right, and it proves something; compared in every case, so that time tells nothing."""
    right = vault.match_facts(lead, facts) if facts else {}
    is_enough = "name" in right and bool(PROVES.intersection(right))
    return is_enough and all(right.values()) and not stay.confidential and not _is_locked(stay, at)


def _is_locked(stay: Stay, at: datetime) -> bool:
    rows = Event.objects.about("stay", stay.reference).between(at - LOCKED_FOR, None)
    return rows.filter(action=actions.CALLER_NOT_PROVED).count() >= MOST_FAILURES


def _record(
    action: str, actor: Person, house: Property, stay: Stay | None, lead: UUID | None, facts: Mapping[str, str]
) -> None:
    audit.record_look(
        action,
        who=rights.who(actor, house),
        object_type="stay",
        object_ref=stay.reference if stay else "",
        subjects=[lead] if lead else [],
        fields=sorted(facts),
    )
