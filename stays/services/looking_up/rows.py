"""Rows of lists: gathered without opening anything, then opened in one look."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.utils.translation import gettext

from stays.models import Occupant, RoomUse, Stay
from stays.typed import StayRow
from vault import services as vault
from vault.categories import Category
from vault.values import Opened, Value

NO_NAME = Value("name", "")
NO_PHONE = Value("phone", "")
FIELDS = ("name", "phone_tail")


@dataclass(slots=True)
class Bare:
    """A row before anything of it is opened."""

    stay: Stay
    lead: UUID | None = None
    companions: int = 0
    rooms: list[str] = field(default_factory=list)
    envelopes: dict[str, UUID] = field(default_factory=dict)


def gather(stays: Iterable[Stay]) -> list[Bare]:
    """The rows of these stays, with the ids of what is to be opened; of a confidential stay nothing is."""
    bare = {stay.pk: Bare(stay) for stay in stays}
    party = Occupant.objects.filter(stay__in=bare).values_list("stay_id", "subject_id", "role")
    for stay_id, subject, role in party:
        if role == Occupant.Role.LEAD:
            bare[stay_id].lead = subject
        else:
            bare[stay_id].companions += 1
    for stay_id, numbers in _rooms(list(bare)).items():
        bare[stay_id].rooms = numbers
    _find_envelopes(list(bare.values()))
    return list(bare.values())


def envelope_ids(bare: Iterable[Bare]) -> list[UUID]:
    """What one look opens for all rows."""
    return [envelope for row in bare for envelope in row.envelopes.values()]


def shown(bare: Iterable[Bare], opened: Mapping[UUID, Opened], today: date) -> list[StayRow]:
    """The rows with what was opened for them. ``today``: the business day of the desk that looks."""
    return [_row(each, opened, today) for each in bare]


def _row(bare: Bare, opened: Mapping[UUID, Opened], today: date) -> StayRow:
    stay = bare.stay
    name, phone = (opened.get(bare.envelopes.get(category, stay.pk)) for category in (Category.NAME, Category.CONTACT))
    return StayRow(
        stay=stay,
        name=best_name(name),
        phone=phone.get("phone") if phone else NO_PHONE,
        room=", ".join(bare.rooms),
        companions=bare.companions,
        due_out=stay.is_due_out(today),
        overdue=stay.is_overdue(today),
        pseudonym=gettext("Guest %(number)s") % {"number": stay.reference[-4:]} if stay.confidential else "",
    )


def best_name(opened: Opened | None) -> Value:
    """The name, or the Latin name where there is no other."""
    if opened is None:
        return NO_NAME
    name = opened.get("name")
    return name if name.shown else opened.get("latin_name")


def _rooms(stays: Sequence[UUID]) -> dict[UUID, list[str]]:
    """The rooms held now, or where none is, those lived in last."""
    uses = RoomUse.objects.filter(stay__in=stays).exclude(state=RoomUse.State.UNDONE).order_by("pk")
    held: dict[UUID, list[str]] = defaultdict(list)
    ended: dict[UUID, list[str]] = {}
    for stay, number, state in uses.values_list("stay_id", "room__number", "state"):
        if state == RoomUse.State.ENDED:
            ended[stay] = [number]
        else:
            held[stay].append(number)
    return ended | held


def _find_envelopes(bare: Sequence[Bare]) -> None:
    leads = {row.lead for row in bare if row.lead and not row.stay.confidential}
    found = vault.envelopes_of(list(leads), [Category.NAME, Category.CONTACT]) if leads else {}
    of_lead: dict[UUID, dict[str, UUID]] = defaultdict(dict)
    for (subject, category, _stay), envelope in found.items():
        of_lead[subject][category] = envelope
    for row in bare:
        if row.lead in leads:
            row.envelopes = of_lead[row.lead]
