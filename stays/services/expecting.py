"""Expected stays, entered by hand."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from audit import services as audit
from staff import permissions as rights
from staff.models import Person, Property
from stays import actions
from stays.models import Occupant, Room, RoomUse, Stay
from stays.models.stays import MAX_NIGHTS, MAX_PARTY
from stays.refusals import BadDates, BadParty, RoomElsewhere, RoomTooSmall
from stays.services import holding, references, rooms
from stays.typed import GuestData
from vault import services as vault
from vault.categories import Category


def expect_stay(
    *,
    actor: Person,
    property: Property,
    arrival_on: date,
    departure_on: date,
    room: Room | None,
    origin: str,
    guest: GuestData,
    party_size: int = 1,
    confidential: bool = False,
    group: str = "",
    at: datetime,
) -> Stay:
    """Enter a stay that is to come; ``group``: the number of the group it comes with.

    Raises ``NotAllowed``, ``BadDates``, ``BadParty`` and ``RoomTaken``.
    """
    rights.require(actor, "work_desk", property)
    require_dates(property, arrival_on, departure_on, at)
    _require_party(party_size, room, property)
    with transaction.atomic():
        stay = new_stay(property, origin, at)
        stay.status, stay.arrival_on, stay.departure_on = Stay.Status.EXPECTED, arrival_on, departure_on
        stay.party_size, stay.confidential, stay.group = party_size, confidential, group
        stay.save(force_insert=True)
        lead = _seal_guest(guest)
        vault.note_seen([lead], on=arrival_on)
        Occupant.objects.create(stay=stay, subject_id=lead, role=Occupant.Role.LEAD)
        if room is not None:
            during = holding.planned_time(property, arrival_on, departure_on)
            holding.hold_room(stay=stay, room=rooms.lock_room(room), during=during, state=RoomUse.State.EXPECTED)
        _record(actor, stay, lead, guest)
    return stay


def new_stay(house: Property, origin: str, at: datetime) -> Stay:
    """A stay with its number, not saved yet."""
    return Stay(reference=references.next_stay_reference(house, at), property=house, origin=origin)


def require_dates(house: Property, arrival_on: date, departure_on: date, at: datetime) -> None:
    """Raise ``BadDates`` unless arrival <= departure, at most 365 nights, and the departure is not past."""
    nights = (departure_on - arrival_on).days
    if not 0 <= nights <= MAX_NIGHTS or departure_on < house.today(at):
        raise BadDates(object_type="property", object_ref=house.code)


def _require_party(party_size: int, room: Room | None, house: Property) -> None:
    if not 1 <= party_size <= MAX_PARTY:
        raise BadParty
    if room is None:
        return
    if room.property_id != house.pk:
        raise RoomElsewhere(object_type="room", object_ref=str(room.pk))
    if party_size > room.capacity:
        raise RoomTooSmall(room)


def _seal_guest(guest: GuestData) -> UUID:
    subject = vault.new_subject()
    items = [vault.Sealing(subject, Category.NAME, guest.names)]
    if guest.has_contact:
        items.append(vault.Sealing(subject, Category.CONTACT, guest.contact))
    vault.seal_many(items)
    found_by = vault.Indexing(subject, names=_filled(guest.name, guest.latin_name), phones=_filled(guest.phone))
    vault.index_many([found_by], are_new=True)
    return subject


def _filled(*values: str) -> list[str]:
    return [value for value in values if value]


def _record(actor: Person, stay: Stay, lead: UUID, guest: GuestData) -> None:
    given = {**guest.names, **guest.contact}
    audit.record(
        actions.STAY_EXPECTED,
        who=rights.who(actor, stay.property),
        object_type="stay",
        object_ref=stay.reference,
        subjects=[lead],
        fields=[name for name, value in given.items() if value],
        detail={"party": stay.party_size},
    )
