"""Checking in: an expected stay or a walk-in, everybody of the party at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from audit import services as audit
from staff import permissions as rights
from staff.models import Person, Property
from stays import actions, review
from stays.models import BillLine, Note, Occupant, Registration, ReviewRule, ReviewTick, Room, RoomUse, Stay
from stays.refusals import ReviewIncomplete, RoomElsewhere, WrongState
from stays.services import expecting, figures, holding, minors, rooms
from stays.services.party import Member, find_party, register_content, require_party
from stays.services.sealing import seal_arrival
from stays.typed import ArrivalData, PaymentData
from vault import services as vault
from vault.categories import Category

# 旅馆业治安管理办法 6(2): guests from outside the mainland within 24 h. Others at once; the alarm after 1 h is our own.
REPORT_WITHIN = {Registration.Kind.OVERSEAS: timedelta(hours=24), Registration.Kind.DOMESTIC: timedelta(hours=1)}

OCCUPANT_FIELDS = [
    "subject",
    "booked_as",
    "register_envelope",
    "role",
    "position",
    "came_at",
    "left_at",
    "notice",
    "notice_shown_at",
]


def check_in_guest(*, actor: Person, property: Property, stay: Stay | None, arrival: ArrivalData, at: datetime) -> Stay:
    """Check a party in; without ``stay`` as a walk-in. Everything in one transaction, or nothing.

    Raises ``NotAllowed``, ``BadParty``, ``SameGuestTwice``, ``BadDates``, ``WrongState``, ``RoomElsewhere``,
    ``RoomOutOfOrder``, ``RoomNotReady``, ``RoomTooSmall``, ``RoomTaken`` and ``ReviewIncomplete``.
    """
    rights.require(actor, "work_desk", property)
    require_party(arrival)
    expecting.require_dates(property, arrival.arrival_on, arrival.departure_on, at)
    with transaction.atomic():
        found = lock_stay(stay, {Stay.Status.EXPECTED}) if stay else None
        room = _lock_fit_room(found, property, arrival)
        members = find_party(found, arrival)
        ticks = require_reviewed(found, arrival, members, property, at)
        arrived = _arrive(found, property, arrival, at)
        if found:
            _give_up(found, members[0].occupant, at)
        during = holding.time_from(property, at, arrival.departure_on)
        holding.hold_room(stay=arrived, room=room, during=during, state=RoomUse.State.IN_HOUSE)
        _write_everything(actor, arrived, arrival, members, ticks, at)
    return arrived


def lock_stay(stay: Stay, allowed: set[Stay.Status]) -> Stay:
    """The stay as it is now, kept from others until the deed is done. Raises ``WrongState``."""
    locked = Stay.objects.select_for_update(of=("self",)).select_related("property").get(pk=stay.pk)
    if locked.status not in allowed:
        raise WrongState(
            reference=locked.reference,
            state=str(locked.get_status_display()),
            object_type="stay",
            object_ref=locked.reference,
        )
    return locked


def _lock_fit_room(stay: Stay | None, house: Property, arrival: ArrivalData) -> Room:
    if arrival.room.property_id != house.pk:
        raise RoomElsewhere(object_type="room", object_ref=str(arrival.room.pk))
    room = holding.lock_rooms_of(stay, arrival.room)[arrival.room.pk]
    rooms.require_fit(room, people=len(arrival.occupants), override=arrival.override)
    return room


def require_reviewed(
    stay: Stay | None,
    arrival: ArrivalData,
    members: Sequence[Member],
    house: Property,
    at: datetime,
    besides: Collection[str] = (),
) -> list[ReviewRule]:
    """The lines of the checklist that apply, all of them met; ``besides``: codes that are not asked for.

    Raises ``ReviewIncomplete``.
    """
    today = house.today(at)
    known = replace(arrival, occupants=tuple(member.person for member in members))
    facts = review.facts_of(known, today, returning=any(member.returning for member in members))
    lines = [line for line in review.applying(review.active_rules(), facts) if line.code not in besides]
    missing = review.open_lines(lines, known, today)
    if missing:
        raise ReviewIncomplete(missing, object_ref=stay.reference if stay else "")
    return lines


def _arrive(stay: Stay | None, house: Property, arrival: ArrivalData, at: datetime) -> Stay:
    arrived = stay or expecting.new_stay(house, arrival.origin, at)
    facts = {
        "status": Stay.Status.IN_HOUSE,
        "arrived_at": at,
        "arrival_on": arrival.arrival_on,
        "departure_on": arrival.departure_on,
        "party_size": len(arrival.occupants),
        "confidential": arrival.confidential,
    }
    for name, value in facts.items():
        setattr(arrived, name, value)
    arrived.save(**{"update_fields": list(facts)} if stay else {"force_insert": True})
    return arrived


def _give_up(stay: Stay, lead: Occupant | None, at: datetime) -> None:
    """End what was held for the expected stay, and its lead where another one leads now: rows are never overwritten."""
    holding.end_uses(stay, state=RoomUse.State.UNDONE, at=at)
    if lead is None or lead.role != Occupant.Role.LEAD:
        stay.occupants.filter(role=Occupant.Role.LEAD).update(role=Occupant.Role.COMPANION)


def _write_everything(
    actor: Person,
    stay: Stay,
    arrival: ArrivalData,
    members: list[Member],
    lines: Sequence[ReviewRule],
    at: datetime,
) -> None:
    booked = [row.subject_id for member in members if (row := member.occupant) and row.subject_id != member.subject]
    sealed = seal_arrival(stay, members, arrival)
    occupants = _write_occupants(stay, arrival, members, sealed.registers, at)
    register_occupants(occupants, members, at)
    _write_deposit(stay, arrival.payment, sealed.payment, at)
    Note.objects.bulk_create(_note(actor, stay, kind, envelope) for kind, envelope in sealed.notes)
    write_ticks(actor, stay, lines, at)
    shown = [member.person.document for member in members]
    minors.take_on(actor, stay, shown, done=minors.fulfilled(arrival), at=at)
    figures.count_arrival(stay, [register_content(member.person) for member in members], at=at)
    _record(actor, stay, arrival, members, sealed.commit)
    _lock_booked_away(actor, stay, booked)


def _write_occupants(
    stay: Stay, arrival: ArrivalData, members: Sequence[Member], registers: Mapping[UUID, UUID], at: datetime
) -> list[Occupant]:
    rows = []
    for place, member in enumerate(members, start=1):
        row = member.occupant or Occupant(stay=stay)
        if row.pk and row.subject_id != member.subject:
            row.booked_as_id = row.subject_id
        row.subject_id = member.subject
        row.register_envelope_id = registers.get(member.subject, row.register_envelope_id)
        row.role, row.position, row.came_at, row.left_at = member.person.role, place, at, None
        row.notice, row.notice_shown_at = arrival.notice, at if arrival.notice else None
        rows.append(row)
    _save_occupants(rows)
    return rows


def _save_occupants(rows: Sequence[Occupant]) -> None:
    for row in rows:
        if row.pk:
            row.save(update_fields=OCCUPANT_FIELDS)
    Occupant.objects.bulk_create([row for row in rows if not row.pk])


def register_occupants(rows: Sequence[Occupant], members: Sequence[Member], at: datetime) -> None:
    """One report each, unless one of an earlier, reversed check-in has gone out already."""
    earlier = [member.occupant.pk for member in members if member.occupant]
    live = Registration.objects.filter(occupant__in=earlier).exclude(state=Registration.State.WITHDRAWN)
    reported = set(live.values_list("occupant_id", flat=True)) if earlier else set()
    Registration.objects.bulk_create(
        _registration(row, member, at) for row, member in zip(rows, members, strict=True) if row.pk not in reported
    )


def _registration(row: Occupant, member: Member, at: datetime) -> Registration:
    overseas = review.is_overseas(member.person.document)
    kind = Registration.Kind.OVERSEAS if overseas else Registration.Kind.DOMESTIC
    return Registration(occupant=row, kind=kind, due_at=at + REPORT_WITHIN[kind])


def _write_deposit(stay: Stay, payment: PaymentData | None, envelope: UUID | None, at: datetime) -> None:
    if payment is None or not payment.deposit:
        return
    BillLine.objects.create(
        stay=stay,
        kind=BillLine.Kind.DEPOSIT,
        amount=payment.deposit,
        currency=payment.currency,
        posted_at=at,
        settled_at=at,
        payment_envelope_id=envelope,
    )


def _note(actor: Person, stay: Stay, kind: str, envelope: UUID) -> Note:
    """A request is the clerk's to see to; the reason of an exception needs nobody."""
    return Note(stay=stay, envelope_id=envelope, kind=kind, owner=actor if kind == Note.Kind.REQUEST else None)


def write_ticks(actor: Person, stay: Stay, lines: Sequence[ReviewRule], at: datetime) -> None:
    """Keep that the lines were met."""
    ReviewTick.objects.bulk_create(
        ReviewTick(stay=stay, rule=line, ticked_by=actor if line.kind == ReviewRule.Kind.MANUAL else None, at=at)
        for line in lines
    )


def _record(actor: Person, stay: Stay, arrival: ArrivalData, members: Sequence[Member], commit: bytes | None) -> None:
    detail = {
        "people": len(members),
        "returning": sum(member.returning for member in members),
        "notice": arrival.notice.version if arrival.notice else 0,
        "origin": stay.origin,
    }
    audit.record(
        actions.CHECKED_IN,
        who=rights.who(actor, stay.property),
        object_type="stay",
        object_ref=stay.reference,
        subjects=[member.subject for member in members],
        fields=_fields_given(arrival, members),
        detail=detail | ({"override": arrival.override} if arrival.override else {}),
        note_commit=commit,
    )


def _fields_given(arrival: ArrivalData, members: Sequence[Member]) -> list[str]:
    contents: list[dict[str, str]] = [arrival.payment.content] if arrival.payment else []
    for member in members:
        contents += [register_content(member.person), member.person.guest.contact]
    return sorted({name for content in contents for name, value in content.items() if value})


def _lock_booked_away(actor: Person, stay: Stay, booked: Sequence[UUID]) -> None:
    """A booked guest turned out to be one we know: what was sealed for the booking is a second copy.

    The stay leads to it no more but for its holds (``booked_as``), so the purge of the night erases it, or keeps what a
    hold keeps, of which the desk must not learn.
    """
    if booked:
        ids = list(vault.envelopes_of(booked, [Category.NAME, Category.CONTACT]).values())
        vault.restrict_envelopes(ids, until=vault.UNTIL_LIFTED, who=rights.who(actor, stay.property))
