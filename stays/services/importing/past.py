"""Stays that were over before this house kept its records here: brought in with the guest and their document."""

from datetime import date, datetime

from django.db import transaction
from psycopg2.extras import DateTimeTZRange

from staff import permissions as rights
from staff.models import Person, Property
from stays import actions
from stays.models import Occupant, Room, RoomUse, Stay
from stays.refusals import BadDates
from stays.services import expecting, figures, holding
from stays.services.importing.refusals import HereAlready
from stays.services.party import find_people, index_party, party_sealings, register_content
from stays.services.recording import record_deed
from stays.typed import OccupantData
from vault import services as vault
from vault.categories import Category


def record_past_stay(
    *,
    actor: Person,
    property: Property,
    guest: OccupantData,
    arrival_on: date,
    departure_on: date,
    room: Room | None,
    origin: str,
    at: datetime,
) -> Stay:
    """Write a stay that is over, and its guest, who is the one known by the same document.

    The times are those at which a room changes hands; the figures count it as they would have then. No report is due:
    the former system has sent it. Raises ``NotAllowed``, ``BadDates`` and ``HereAlready``.
    """
    rights.require(actor, "work_desk", property)
    during = holding.planned_time(property, arrival_on, departure_on)
    came_at, left_at = during.lower or at, min(during.upper or at, at)
    if arrival_on > departure_on or departure_on > property.today(at) or came_at > left_at:
        raise BadDates(object_type="property", object_ref=property.code)
    with transaction.atomic():
        stay = expecting.new_stay(property, origin, came_at)
        stay.status, stay.arrived_at, stay.departed_at = Stay.Status.CHECKED_OUT, came_at, left_at
        stay.arrival_on, stay.departure_on = arrival_on, departure_on
        stay.save(force_insert=True)
        _seal_lead(stay, guest)
        figures.count_arrival(stay, [register_content(guest)], at=came_at)
        figures.count_departure(stay, at=left_at)
        if room is not None:
            RoomUse.objects.create(
                stay=stay, room=room, during=DateTimeTZRange(came_at, left_at), state=RoomUse.State.ENDED
            )
        record_deed(actions.PAST_STAY_RECORDED, stay, actor=actor)
    return stay


def _seal_lead(stay: Stay, guest: OccupantData) -> None:
    members = find_people([guest])
    same = Stay.objects.at(stay.property).filter(arrival_on=stay.arrival_on, departure_on=stay.departure_on)
    if same.filter(occupants__subject=members[0].subject).exists():
        raise HereAlready
    sealings = party_sealings(stay, members)
    registers = {
        sealing.subject: envelope
        for sealing, envelope in zip(sealings, vault.seal_many(sealings), strict=True)
        if sealing.category == Category.REGISTER
    }
    lead = members[0].subject
    Occupant.objects.create(
        stay=stay,
        subject_id=lead,
        register_envelope_id=registers[lead],
        role=Occupant.Role.LEAD,
        came_at=stay.arrived_at,
        left_at=stay.departed_at,
    )
    index_party(stay, members)
