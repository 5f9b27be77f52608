"""Groups at the desk: which are here or due, and the bookings of one, to be checked in together."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Q

from audit.services import Why
from staff import permissions as rights
from staff.models import Person, Property
from stays import actions
from stays.groups import Booking, GroupLine, GroupPage
from stays.models import Room, Stay
from stays.purposes import require_purpose
from stays.services.looking_up import rows
from stays.services.looking_up.explaining import explain_list
from stays.services.proposing import propose_rooms
from stays.typed import StayRow
from vault import services as vault
from vault.categories import Category

MOST_COMING: Final = 50


def list_groups(*, actor: Person, property: Property, at: datetime) -> list[GroupLine]:
    """The groups of which somebody is due or in house: numbers and counts, nobody is shown. Raises ``NotAllowed``."""
    rights.require(actor, "work_desk", property)
    due = Q(status=Stay.Status.EXPECTED, arrival_on__lte=property.today(at))
    here = Q(status=Stay.Status.IN_HOUSE)
    found = Stay.objects.at(property).unrestricted(at).filter(due | here).exclude(group="").order_by("group")
    counted = found.values("group").annotate(coming=Count("pk", filter=due), here=Count("pk", filter=here))
    return [GroupLine(*line) for line in counted.values_list("group", "coming", "here")]


def open_group(
    stays: Sequence[Stay],
    *,
    actor: Person,
    property: Property,
    why: Why,
    standing: Mapping[UUID, str] | None = None,
    at: datetime,
) -> GroupPage:
    """The bookings of one group, the first fifty of those to come with the rooms proposed; one look at a list.

    ``standing``: the numbers of the rooms that stand in the rows already, by stay.

    Raises ``NotAllowed`` and ``PurposeRefused``.
    """
    rights.require(actor, "work_desk", property)
    why = explain_list(actor, property, require_purpose(actor=actor, house=property, why=why))
    coming = [stay for stay in stays if stay.status == Stay.Status.EXPECTED]
    here = [stay for stay in stays if stay.status == Stay.Status.IN_HOUSE]
    bare = rows.gather([*coming[:MOST_COMING], *here])
    opened = vault.open_envelopes(
        rows.names_of(bare),
        action=actions.LIST_VIEWED,
        who=rights.who(actor, property),
        why=why,
        object_type="list",
        object_ref="group",
        fields=rows.FIELDS,
        detail={"count": len(bare)},
    )
    shown = rows.shown(bare, opened)
    rooms = propose_rooms(coming[:MOST_COMING], property=property, standing=standing, at=at)
    bookings = _bookings(bare, shown, rooms, len(coming[:MOST_COMING]))
    return GroupPage(stays[0].group, bookings, shown[len(bookings) :], len(coming) - len(bookings))


def _bookings(
    bare: Sequence[rows.Bare], shown: Sequence[StayRow], rooms: Mapping[UUID, Room], count: int
) -> list[Booking]:
    contacts = vault.envelopes_of([row.lead for row in bare if row.lead], [Category.CONTACT])
    reachable = {subject for subject, _category, _stay in contacts}
    return [
        Booking(row, rooms[row.stay.pk].number if row.stay.pk in rooms else "", one.lead in reachable)
        for one, row in zip(bare[:count], shown, strict=False)
    ]
