"""Somebody more, or somebody less, in a party that is in house: each with a document and a report of their own."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.services import Refused
from staff import permissions as rights
from staff.models import Person
from stays import actions
from stays.models import Note, Notice, Occupant, Room, RoomUse, Stay
from stays.models.stays import MAX_PARTY
from stays.refusals import BadParty, RoomTooSmall, SameGuestTwice
from stays.services import figures, minors
from stays.services.checking_in import (
    OCCUPANT_FIELDS,
    lock_stay,
    register_occupants,
    require_reviewed,
    write_ticks,
)
from stays.services.notes import Words
from stays.services.party import Member, find_people, index_party, party_sealings, register_content
from stays.services.recording import lead_of, record_deed
from stays.services.rooms import OVERRIDES
from stays.typed import ArrivalData, GuestData, OccupantData
from vault import services as vault
from vault.categories import Category

# The lead guest can be reached: a companion needs no contact of their own.
ON_FILE: Final = frozenset({"fields_complete"})


class LeadStays(Refused):
    """The stay is in the lead guest's name."""

    action = actions.DEED_REFUSED
    message = _("The stay is in this guest's name: check the party out, or check the others in anew.")


class NotHere(Refused):
    """The person left before."""

    action = actions.DEED_REFUSED
    message = _("This guest has left already.")


@dataclass(frozen=True, slots=True)
class Joining:
    """Who comes along later, and what the desk saw to. ``override``: code of ``OVERRIDES`` where the room is too small;
    ``override_reason``: free words, sealed."""

    person: OccupantData
    notice: Notice | None = None
    ticked: frozenset[str] = frozenset()
    override: str = ""
    override_reason: str = field(default="", repr=False)
    guardian: GuestData | None = None


def add_companion(*, actor: Person, stay: Stay, joining: Joining, at: datetime) -> Occupant:
    """Let somebody join a party in house.

    Raises ``NotAllowed``, ``WrongState``, ``BadParty``, ``RoomTooSmall``, ``SameGuestTwice`` and ``NotInFreeText``.
    """
    rights.require(actor, "work_desk", stay.property)
    with transaction.atomic():
        joined = lock_stay(stay, {Stay.Status.IN_HOUSE})
        present = joined.occupants.filter(left_at__isnull=True).count()
        room = _room_with_place(joined, present + 1, joining.override)
        member = _find(joined, joining)
        arrival = _as_arrival(joined, room, joining)
        lines = require_reviewed(joined, arrival, [member], joined.property, at, besides=ON_FILE)
        register, reason = _seal(joined, member, joining)
        occupant = _write(joined, member, register, joining, at)
        register_occupants([occupant], [member], at)
        figures.count_guests(joined, [register_content(member.person)], at=at)
        write_ticks(actor, joined, lines, at)
        minors.take_on(actor, joined, [member.person.document], done=minors.fulfilled(arrival), at=at)
        joined.party_size = present + 1
        joined.save(update_fields=["party_size"])
        record_deed(
            actions.COMPANION_ADDED,
            joined,
            actor=actor,
            fields=sorted(name for name, value in register_content(member.person).items() if value),
            detail={"people": present + 1} | ({"override": joining.override} if joining.override else {}),
            note_commit=reason,
        )
    return occupant


def let_companion_leave(*, actor: Person, stay: Stay, occupant: Occupant, at: datetime) -> Occupant:
    """Note that a companion leaves before the party.

    Raises ``NotAllowed``, ``WrongState``, ``LeadStays`` and ``NotHere``.
    """
    rights.require(actor, "work_desk", stay.property)
    with transaction.atomic():
        left = lock_stay(stay, {Stay.Status.IN_HOUSE})
        gone = left.occupants.select_for_update(of=("self",)).get(pk=occupant.pk)
        about = {"object_type": "stay", "object_ref": left.reference}
        if gone.role == Occupant.Role.LEAD:
            raise LeadStays(**about)
        if gone.left_at is not None:
            raise NotHere(**about)
        gone.left_at = at
        gone.save(update_fields=["left_at"])
        left.party_size = left.occupants.filter(left_at__isnull=True).count()
        left.save(update_fields=["party_size"])
        record_deed(actions.COMPANION_LEFT, left, actor=actor, detail={"people": left.party_size})
    return gone


def _room_with_place(stay: Stay, people: int, override: str) -> Room:
    """The first room of the party, once there is place for so many in all of them, or a reason."""
    if people > MAX_PARTY:
        raise BadParty(object_type="stay", object_ref=stay.reference)
    held = Room.objects.filter(uses__stay=stay, uses__state=RoomUse.State.IN_HOUSE)
    rooms = list(held.select_related("property"))
    if people > sum(room.capacity for room in rooms) and override not in OVERRIDES:
        raise RoomTooSmall(rooms[0])
    return rooms[0]


def _find(stay: Stay, joining: Joining) -> Member:
    """Who it is; somebody of the party who left comes back to the same place."""
    [member] = find_people([joining.person])
    row = stay.occupants.filter(subject=member.subject).first()
    if row is not None and row.left_at is None:
        raise SameGuestTwice(object_type="stay", object_ref=stay.reference)
    member.occupant = row
    return member


def _as_arrival(stay: Stay, room: Room, joining: Joining) -> ArrivalData:
    """The companion as the check-in of one person; the lines of a walk-in were met by the party."""
    return ArrivalData(
        occupants=(joining.person,),
        room=room,
        arrival_on=stay.arrival_on,
        departure_on=stay.departure_on,
        origin=Stay.Origin.DIRECT,
        notice=joining.notice,
        ticked=joining.ticked,
        guardian=joining.guardian,
    )


def _seal(stay: Stay, member: Member, joining: Joining) -> tuple[UUID | None, bytes | None]:
    """Seal what is personal: the register envelope where it is new, the commitment to the reason of an exception."""
    sealings = party_sealings(stay, [member])
    words = Words.checked(Note.Kind.REASON, joining.override_reason) if joining.override_reason else None
    sealings += [words.sealing(stay, lead_of(stay))] if words else []
    sealings += minors.guardian_sealings(stay, joining.guardian) if joining.guardian else []
    made = {each.category: envelope for each, envelope in zip(sealings, vault.seal_many(sealings), strict=True)}
    if words:
        Note.objects.create(stay=stay, envelope_id=made[Category.NOTE], kind=words.kind)
    index_party(stay, [member])
    return made.get(Category.REGISTER), words.commit if words else None


def _write(stay: Stay, member: Member, register: UUID | None, joining: Joining, at: datetime) -> Occupant:
    row = member.occupant or Occupant(stay=stay, subject_id=member.subject, role=Occupant.Role.COMPANION)
    row.register_envelope_id = register or row.register_envelope_id
    row.position = row.position if row.pk else 1 + max(stay.occupants.values_list("position", flat=True), default=0)
    row.came_at, row.left_at = at, None
    row.notice, row.notice_shown_at = joining.notice, at if joining.notice else None
    row.save(update_fields=OCCUPANT_FIELDS if row.pk else None)
    return row
