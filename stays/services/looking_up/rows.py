"""Rows of lists: gathered without opening anything, then opened in one look."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext

from audit.registry import listed
from stays.models import Occupant, RoomUse, Stay
from stays.typed import StayRow
from vault import services as vault
from vault.categories import Category
from vault.models import Envelope
from vault.values import Opened, Value

NO_NAME = Value("name", "")
FIELDS = ("name",)


@dataclass(slots=True)
class Bare:
    """A row before anything of it is opened."""

    stay: Stay
    lead: UUID | None = None
    rooms: list[str] = field(default_factory=list)


def gather(stays: Iterable[Stay]) -> list[Bare]:
    """The rows of these stays."""
    bare = {stay.pk: Bare(stay) for stay in stays}
    leads = Occupant.objects.filter(stay__in=bare, role=Occupant.Role.LEAD).order_by()
    for stay_id, subject in leads.values_list("stay_id", "subject_id"):
        bare[stay_id].lead = subject
    for stay_id, numbers in rooms_held(list(bare)).items():
        bare[stay_id].rooms = numbers
    return list(bare.values())


def room_of(bare: Bare) -> str:
    """The rooms of a row in words."""
    return listed(bare.rooms)


def names_of(bare: Iterable[Bare]) -> QuerySet[Envelope, UUID]:
    """What one look opens for all rows: the lead guests' names, of a confidential stay nothing."""
    leads = {row.lead for row in bare if row.lead and not row.stay.confidential}
    return vault.ids_of(leads, [Category.NAME])


def shown(bare: Iterable[Bare], opened: Mapping[UUID, Opened]) -> list[StayRow]:
    """The rows with what was opened for them."""
    names = {each.subject: each for each in opened.values() if each.category == Category.NAME}
    return [_row(each.stay, each.rooms, names.get(each.lead) if each.lead else None) for each in bare]


def _row(stay: Stay, rooms: Sequence[str], name: Opened | None) -> StayRow:
    if stay.confidential:
        return StayRow(stay=stay, name=NO_NAME, room=listed(rooms), pseudonym=pseudonym_of(stay))
    return StayRow(stay=stay, name=best_name(name), room=listed(rooms))


def pseudonym_of(stay: Stay) -> str:
    """What a confidential stay is called on lists and screens."""
    return gettext("Guest %(number)s") % {"number": stay.reference[-4:]}


def best_name(opened: Opened | None) -> Value:
    """The name, or the Latin name where there is no other."""
    if opened is None:
        return NO_NAME
    name = opened.get("name")
    return name if name.shown else opened.get("latin_name")


def rooms_held(stays: Sequence[UUID]) -> dict[UUID, list[str]]:
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
