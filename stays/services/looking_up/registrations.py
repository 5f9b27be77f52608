"""The queue of registrations to the police."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext

from audit.registry import listed
from audit.services import Why
from staff import permissions as rights
from staff.models import Person, Property
from stays import actions
from stays.models import Registration, Stay
from stays.models.registrations import RegistrationQuerySet
from stays.purposes import require_purpose
from stays.services.looking_up import rows
from stays.services.looking_up.explaining import explain_list
from vault import services as vault
from vault.categories import Category
from vault.values import Value

PAGE: Final = 50
TO_SEND, SENT, ACKNOWLEDGED = "to_send", "sent", "acknowledged"
STATES: Final = {
    TO_SEND: (Registration.State.PENDING, Registration.State.FAILED),
    SENT: (Registration.State.SENT,),
    ACKNOWLEDGED: (Registration.State.ACKNOWLEDGED,),
}


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report: whose, in which room. A confidential guest has a pseudonym. ``in_sight``: the desk may see the stay;
    of one that is restricted it sees neither page nor name."""

    report: Registration
    room: str
    name: Value
    pseudonym: str = ""
    in_sight: bool = True

    @property
    def title(self) -> str:
        """The name in plain, the pseudonym, or empty for a nameless guest."""
        return self.pseudonym or self.name.plain


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the reports in a state; how many there are in each, and how many are late."""

    rows: tuple[ReportRow, ...]
    counts: dict[str, int]
    late: int


def list_registrations(
    *, actor: Person, property: Property, which: str = TO_SEND, why: Why, at: datetime, page: int = 1
) -> Queue:
    """Reports in a state, those due first before the others, newest first once they are acknowledged; fifty a page.

    Raises ``NotAllowed`` and ``PurposeRefused``; KeyError on an unknown state.
    """
    rights.require(actor, "work_desk", property)
    why = explain_list(actor, property, require_purpose(actor=actor, house=property, why=why))
    here = Registration.objects.at(property)
    order = ("-acknowledged_at", "-pk") if which == ACKNOWLEDGED else ("due_at", "pk")
    first = max(page - 1, 0) * PAGE
    asked = here.filter(state__in=STATES[which]).select_related("occupant__stay").order_by(*order)
    reports = list(asked[first : first + PAGE])
    shown = {each.occupant.subject_id for each in reports if _is_named(each.occupant.stay, at)}
    opened = vault.open_envelopes(
        vault.ids_of(shown, [Category.NAME]),
        action=actions.LIST_VIEWED,
        who=rights.who(actor, property),
        why=why,
        object_type="list",
        object_ref="registrations",
        fields=rows.FIELDS,
        detail={"count": len(reports)},
    )
    names = {each.subject: rows.best_name(each) for each in opened.values()}
    return Queue(_rows(reports, names, at), _counts(here), here.late(at).count())


def _is_named(stay: Stay, at: datetime) -> bool:
    return not (stay.confidential or stay.is_restricted(at))


def _rows(reports: Sequence[Registration], names: dict[UUID, Value], at: datetime) -> tuple[ReportRow, ...]:
    rooms = rows.rooms_held([each.occupant.stay_id for each in reports])
    return tuple(_row(each, listed(rooms.get(each.occupant.stay_id, [])), names, at) for each in reports)


def _row(report: Registration, room: str, names: dict[UUID, Value], at: datetime) -> ReportRow:
    stay = report.occupant.stay
    if stay.is_restricted(at):
        return ReportRow(report, room, rows.NO_NAME, in_sight=False)
    if stay.confidential:
        pseudonym = gettext("Guest %(number)s") % {"number": stay.reference[-4:]}
        return ReportRow(report, room, rows.NO_NAME, f"{pseudonym} · {report.occupant.position}")
    return ReportRow(report, room, names.get(report.occupant.subject_id, rows.NO_NAME))


def _counts(here: RegistrationQuerySet) -> dict[str, int]:
    counted: dict[str, int] = here.aggregate(
        **{name: Count("pk", filter=Q(state__in=states)) for name, states in STATES.items()}
    )
    return counted
