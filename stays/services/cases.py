"""Desk cases: what purposes name and blockers refer to."""

from datetime import datetime

from django.db import transaction

from audit import services as audit
from staff import permissions as rights
from staff.models import Person, Property
from stays import actions, permissions
from stays.models import DeskCase, Stay
from stays.refusals import CaseClosed, StayElsewhere
from stays.services import references


def open_desk_case(*, actor: Person, property: Property, kind: str, stay: Stay | None, at: datetime) -> DeskCase:
    """Open a case owned by the actor. Raises ``NotAllowed``, and ``StayElsewhere`` for another property's stay."""
    permissions.require_any(actor, permissions.KEEPS_CASES, property)
    if kind not in DeskCase.Kind.values:
        raise ValueError(f"no such kind of desk case: {kind}")
    if stay is not None and stay.property_id != property.pk:
        raise StayElsewhere(object_type="stay", object_ref=stay.reference)
    with transaction.atomic():
        number = references.next_case_number()
        case = DeskCase.objects.create(
            number=number, property=property, stay=stay, kind=kind, owner=actor, opened_at=at
        )
        _record(actions.CASE_OPENED, actor, case)
    return case


def close_desk_case(*, actor: Person, case: DeskCase, at: datetime) -> DeskCase:
    """Close a case; no purpose can name it any more. Raises ``NotAllowed`` and ``CaseClosed``."""
    permissions.require_any(actor, permissions.KEEPS_CASES, case.property)
    with transaction.atomic():
        locked = DeskCase.objects.select_for_update(of=("self",)).select_related("property").get(pk=case.pk)
        if locked.state == DeskCase.State.CLOSED:
            raise CaseClosed(object_type="case", object_ref=locked.number)
        locked.state, locked.closed_at = DeskCase.State.CLOSED, at
        locked.save(update_fields=["state", "closed_at"])
        _record(actions.CASE_CLOSED, actor, locked)
    return locked


def _record(action: str, actor: Person, case: DeskCase) -> None:
    audit.record(
        action,
        who=rights.who(actor, case.property),
        object_type="case",
        object_ref=case.number,
        detail={"kind": case.kind},
    )
