"""Expected stays: entered by hand one at a time, or many at once from a list."""

from collections.abc import Sequence
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
from stays.services import holding, references
from stays.typed import Booking, GuestData
from vault import services as vault
from vault.categories import Category


def expect_stay(*, actor: Person, property: Property, booking: Booking, at: datetime) -> Stay:
    """Enter a stay that is to come. Raises ``NotAllowed``, ``BadDates``, ``BadParty`` and ``RoomTaken``."""
    return expect_stays(actor=actor, property=property, bookings=[booking], at=at)[0]


def expect_stays(*, actor: Person, property: Property, bookings: Sequence[Booking], at: datetime) -> list[Stay]:
    """Enter stays that are to come, all or none, in as many statements as for one; each has its row of the log.

    Raises what ``expect_stay`` raises.
    """
    rights.require(actor, "work_desk", property)
    for booking in bookings:
        require_dates(property, booking.arrival_on, booking.departure_on, at)
        _require_party(booking.party_size, booking.room, property)
    with transaction.atomic():
        stays = _write_stays(property, bookings, at)
        _hold_rooms(stays, bookings)
        leads = _seal_guests(bookings)
        Occupant.objects.bulk_create(
            Occupant(stay=stay, subject_id=lead, role=Occupant.Role.LEAD)
            for stay, lead in zip(stays, leads, strict=True)
        )
        _record(actor, property, stays, leads, bookings)
    return stays


def new_stay(house: Property, origin: str, at: datetime) -> Stay:
    """A stay with its number, not saved yet."""
    return new_stays(house, [(origin, at)])[0]


def new_stays(house: Property, begun: Sequence[tuple[str, datetime]]) -> list[Stay]:
    """Stays with their numbers, by origin and the time at which each is begun; not saved yet."""
    numbers = references.next_stay_references(house, [at for _origin, at in begun])
    return [
        Stay(reference=number, property=house, origin=origin)
        for number, (origin, _at) in zip(numbers, begun, strict=True)
    ]


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


def _write_stays(house: Property, bookings: Sequence[Booking], at: datetime) -> list[Stay]:
    stays = new_stays(house, [(booking.origin, at) for booking in bookings])
    for stay, booking in zip(stays, bookings, strict=True):
        stay.status, stay.arrival_on, stay.departure_on = Stay.Status.EXPECTED, booking.arrival_on, booking.departure_on
        stay.party_size, stay.confidential, stay.group = booking.party_size, booking.confidential, booking.group
    return Stay.objects.bulk_create(stays)


def _hold_rooms(stays: Sequence[Stay], bookings: Sequence[Booking]) -> None:
    wanted = [(stay, booking, booking.room) for stay, booking in zip(stays, bookings, strict=True) if booking.room]
    if not wanted:
        return
    locked = holding.lock_rooms_of(None, *(room for _stay, _booking, room in wanted))
    holding.hold_rooms(
        [
            RoomUse(
                stay=stay,
                room=locked[room.pk],
                during=holding.planned_time(stay.property, booking.arrival_on, booking.departure_on),
                state=RoomUse.State.EXPECTED,
            )
            for stay, booking, room in wanted
        ]
    )


def _seal_guests(bookings: Sequence[Booking]) -> list[UUID]:
    """The subjects made for the guests, in their order."""
    subjects = vault.new_subjects(len(bookings))
    named = list(zip(subjects, bookings, strict=True))
    vault.seal_many([sealing for subject, booking in named for sealing in _sealings(subject, booking.guest)])
    vault.index_many([_found_by(subject, booking.guest) for subject, booking in named], are_new=True)
    vault.note_seen({subject: booking.arrival_on for subject, booking in named})
    return subjects


def _sealings(subject: UUID, guest: GuestData) -> list[vault.Sealing]:
    name = vault.Sealing(subject, Category.NAME, guest.names)
    return [name, vault.Sealing(subject, Category.CONTACT, guest.contact)] if guest.has_contact else [name]


def _found_by(subject: UUID, guest: GuestData) -> vault.Indexing:
    return vault.Indexing(subject, names=_filled(guest.name, guest.latin_name), phones=_filled(guest.phone))


def _filled(*values: str) -> list[str]:
    return [value for value in values if value]


def _record(
    actor: Person, house: Property, stays: Sequence[Stay], leads: Sequence[UUID], bookings: Sequence[Booking]
) -> None:
    audit.record_all(
        actions.STAY_EXPECTED,
        [
            {
                "object_type": "stay",
                "object_ref": stay.reference,
                "subjects": [lead],
                "fields": _given(booking.guest),
                "detail": {"party": stay.party_size},
            }
            for stay, lead, booking in zip(stays, leads, bookings, strict=True)
        ],
        who=rights.who(actor, house),
    )


def _given(guest: GuestData) -> list[str]:
    """The fields in which something was typed."""
    return [name for name, value in {**guest.names, **guest.contact}.items() if value]
