"""Seals the demonstration's guests and writes their stays, many at a time, by the same functions as the desk."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from psycopg2.extras import DateTimeTZRange

from stays.demo.people import DemoGuest
from stays.demo.plans import Plan
from stays.models import BillLine, Note, Notice, Occupant, Registration, RoomUse, Stay
from stays.review import is_minor, is_overseas
from stays.services import figures, holding, references
from stays.services.checking_in import REPORT_WITHIN
from stays.services.party import register_content
from stays.typed import GuestData, OccupantData, PaymentData
from vault import services as vault
from vault.categories import Category
from vault.models import Subject

Say = Callable[[str], None]
RATE = Decimal(468)
REQUESTS = (
    "高楼层，安静的房间",
    "加一个枕头",
    "晚到，约 23 点",
    "Extra towels, please",
    "靠近电梯",
    "Late check-out if possible",
)


@dataclass(slots=True)
class Written:
    """What is being written, by place in the plans."""

    stays: list[Stay] = field(default_factory=list)
    registers: dict[tuple[UUID, UUID], UUID] = field(default_factory=dict)
    payments: dict[UUID, UUID] = field(default_factory=dict)


def write_guests(guests: Sequence[DemoGuest]) -> list[UUID]:
    """Seal names and contacts and index everybody; the subjects in the order of the guests."""
    subjects = vault.new_subjects(len(guests))
    sealings = []
    for subject, each in zip(subjects, guests, strict=True):
        sealings.append(vault.Sealing(subject, Category.NAME, each.guest.names))
        if each.guest.has_contact:
            sealings.append(vault.Sealing(subject, Category.CONTACT, each.guest.contact))
    vault.seal_many(sealings)
    vault.index_many([_indexing(subject, each) for subject, each in zip(subjects, guests, strict=True)], are_new=True)
    return subjects


def write_stays(
    plans: Sequence[Plan], guests: Sequence[DemoGuest], subjects: Sequence[UUID], notice: Notice, at: datetime
) -> int:
    """Write every stay with all that check-in and check-out leave behind; returns how many."""
    written = Written(stays=Stay.objects.bulk_create(_stay(plan, at) for plan in plans))
    _seal_of_stays(written, plans, guests, subjects)
    occupants = _write_occupants(written, plans, subjects, notice)
    RoomUse.objects.bulk_create(filter(None, map(_room_use, plans, written.stays)))
    _write_registrations(occupants, plans, guests, at)
    _write_bills(written, plans, at)
    _write_notes(written, plans, subjects)
    _write_guardians(written, plans, guests)
    _count(written, plans, guests)
    _note_seen(plans, subjects)
    return len(plans)


def _note_seen(plans: Sequence[Plan], subjects: Sequence[UUID]) -> None:
    newest: dict[UUID, date] = {}
    for plan in plans:
        for guest in plan.guests:
            newest[subjects[guest]] = max(plan.arrival_on, newest.get(subjects[guest], plan.arrival_on))
    vault.note_seen(newest)


def _indexing(subject: UUID, each: DemoGuest) -> vault.Indexing:
    guest = each.guest
    return vault.Indexing(
        subject,
        names=[name for name in (guest.name, guest.latin_name) if name],
        phones=[guest.phone] if guest.phone else [],
        documents=[each.document.document_number],
    )


def _stay(plan: Plan, at: datetime) -> Stay:
    """The stay of a plan. Whom the agency sends for a day that is to come are a group."""
    is_group = plan.status == Stay.Status.EXPECTED and plan.origin == Stay.Origin.AGENCY
    return Stay(
        reference=references.next_stay_reference(plan.house, plan.arrived_at or at),
        property=plan.house,
        status=plan.status,
        origin=plan.origin,
        arrival_on=plan.arrival_on,
        departure_on=plan.departure_on,
        arrived_at=plan.arrived_at,
        departed_at=plan.departed_at,
        confidential=plan.confidential,
        party_size=len(plan.guests),
        group=f"SH-{plan.arrival_on:%m%d}" if is_group else "",
    )


def _seal_of_stays(
    written: Written, plans: Sequence[Plan], guests: Sequence[DemoGuest], subjects: Sequence[UUID]
) -> None:
    """Register of everybody who came, payment of every stay that began."""
    sealings: list[vault.Sealing] = []
    for plan, stay in zip(plans, written.stays, strict=True):
        if plan.arrived_at is None:
            continue
        for guest in plan.guests:
            content = _register(guests[guest])
            sealings.append(vault.Sealing(subjects[guest], Category.REGISTER, content, belongs_to=stay.pk))
        content = _payment(guests[plan.guests[0]].guest, plan).content
        sealings.append(vault.Sealing(subjects[plan.guests[0]], Category.PAYMENT, content, belongs_to=stay.pk))
    for sealing, envelope in zip(sealings, vault.seal_many(sealings), strict=True):
        stay_id = sealing.belongs_to
        if sealing.category == Category.REGISTER and stay_id:
            written.registers[stay_id, sealing.subject] = envelope
        elif stay_id:
            written.payments[stay_id] = envelope


def _register(each: DemoGuest) -> dict[str, str]:
    return register_content(OccupantData(each.guest, each.document))


def _payment(guest: GuestData, plan: Plan) -> PaymentData:
    by_card = plan.origin != Stay.Origin.CORPORATE
    return PaymentData(
        method="card" if by_card else "company",
        payer=guest.name or guest.latin_name,
        card_last4=f"{plan.arrival_on.toordinal() % 10_000:04d}" if by_card else "",
        deposit=Decimal(500) if by_card else None,
        invoice_title="" if by_card else "示例科技有限公司",
    )


def _write_occupants(
    written: Written, plans: Sequence[Plan], subjects: Sequence[UUID], notice: Notice
) -> list[tuple[Occupant, int, int]]:
    """Everybody of every party; returns each row with the places of its plan and its guest."""
    made = [
        (_occupant(written, plan, stay, subjects[guest], place, notice), number, guest)
        for number, (plan, stay) in enumerate(zip(plans, written.stays, strict=True))
        for place, guest in enumerate(plan.guests, start=1)
    ]
    Occupant.objects.bulk_create([row for row, _plan, _guest in made])
    return made


def _occupant(written: Written, plan: Plan, stay: Stay, subject: UUID, place: int, notice: Notice) -> Occupant:
    came = plan.arrived_at is not None
    return Occupant(
        stay=stay,
        subject_id=subject,
        register_envelope_id=written.registers.get((stay.pk, subject)),
        role=Occupant.Role.LEAD if place == 1 else Occupant.Role.COMPANION,
        position=place,
        came_at=plan.arrived_at,
        left_at=plan.departed_at,
        notice=notice if came else None,
        notice_shown_at=plan.arrived_at,
    )


def _room_use(plan: Plan, stay: Stay) -> RoomUse | None:
    if plan.room is None:
        return None
    if plan.arrived_at and plan.departed_at:
        during, state = DateTimeTZRange(plan.arrived_at, plan.departed_at), RoomUse.State.ENDED
    elif plan.arrived_at:
        during, state = holding.time_from(plan.house, plan.arrived_at, plan.departure_on), RoomUse.State.IN_HOUSE
    else:
        planned = holding.planned_time(plan.house, plan.arrival_on, plan.departure_on)
        during, state = planned, RoomUse.State.EXPECTED
    return RoomUse(stay=stay, room=plan.room, during=during, state=state)


def _write_registrations(
    occupants: Sequence[tuple[Occupant, int, int]], plans: Sequence[Plan], guests: Sequence[DemoGuest], at: datetime
) -> None:
    """Reported and acknowledged, but for those who arrived in the last day: some wait, one has failed."""
    reports: list[Registration] = []
    for row, number, guest in occupants:
        came_at = plans[number].arrived_at
        if came_at is None:
            continue
        kind = Registration.Kind.OVERSEAS if is_overseas(guests[guest].document) else Registration.Kind.DOMESTIC
        state, receipt = Registration.State.ACKNOWLEDGED, f"R{came_at:%y%m%d}{len(reports):05d}"
        if at - came_at < timedelta(hours=36) and len(reports) % 3 == 0:
            state, receipt = Registration.State.PENDING, ""
        due_at = came_at + REPORT_WITHIN[kind]
        reports.append(Registration(occupant=row, kind=kind, state=state, due_at=due_at, receipt=receipt))
    Registration.objects.bulk_create(reports)


def _write_bills(written: Written, plans: Sequence[Plan], at: datetime) -> None:
    lines = []
    for number, (plan, stay) in enumerate(zip(plans, written.stays, strict=True)):
        if plan.arrived_at is None:
            continue
        line = _Line(stay, plan.arrived_at, written.payments.get(stay.pk))
        if plan.origin != Stay.Origin.CORPORATE:
            lines.append(line.of(BillLine.Kind.DEPOSIT, Decimal(500), settled_at=plan.arrived_at))
        if plan.departed_at or number % 3 == 0:
            nights = max(1, (min(plan.departure_on, plan.house.today(at)) - plan.arrival_on).days)
            lines.append(line.of(BillLine.Kind.ROOM, RATE * nights, settled_at=plan.departed_at))
        if number % 5 == 0:
            lines.append(line.of(BillLine.Kind.MEAL, Decimal(88), settled_at=plan.departed_at))
    BillLine.objects.bulk_create(lines)


@dataclass(slots=True)
class _Line:
    """Makes the bill lines of one stay."""

    stay: Stay
    posted_at: datetime
    payment: UUID | None

    def of(self, kind: str, amount: Decimal, *, settled_at: datetime | None) -> BillLine:
        """One amount, posted at arrival."""
        return BillLine(
            stay=self.stay,
            kind=kind,
            amount=amount,
            posted_at=self.posted_at,
            settled_at=settled_at,
            payment_envelope_id=self.payment,
        )


def _write_notes(written: Written, plans: Sequence[Plan], subjects: Sequence[UUID]) -> None:
    places = [place for place, plan in enumerate(plans) if plan.status == Stay.Status.IN_HOUSE][::5]
    sealings = [
        vault.Sealing(
            subjects[plans[place].guests[0]],
            Category.NOTE,
            {"text": REQUESTS[number % len(REQUESTS)], "salt": ""},
            belongs_to=written.stays[place].pk,
        )
        for number, place in enumerate(places)
    ]
    Note.objects.bulk_create(
        Note(stay=written.stays[place], envelope_id=envelope, kind=Note.Kind.REQUEST)
        for place, envelope in zip(places, vault.seal_many(sealings), strict=True)
    )


def _write_guardians(written: Written, plans: Sequence[Plan], guests: Sequence[DemoGuest]) -> None:
    """Of every minor who came: the lead guest of the party, as a subject of their own."""
    with_minor = [
        place
        for place, plan in enumerate(plans)
        if plan.arrived_at and any(is_minor(guests[guest].document, plan.arrival_on) for guest in plan.guests)
    ]
    subjects = vault.new_subjects(len(with_minor), kind=Subject.Kind.GUARDIAN)
    sealings = []
    for place, subject in zip(with_minor, subjects, strict=True):
        guardian, stay = guests[plans[place].guests[0]].guest, written.stays[place]
        sealings.append(vault.Sealing(subject, Category.NAME, guardian.names, belongs_to=stay.pk))
        sealings.append(vault.Sealing(subject, Category.CONTACT, {"phone": guardian.phone}, belongs_to=stay.pk))
    vault.seal_many(sealings)


def _count(written: Written, plans: Sequence[Plan], guests: Sequence[DemoGuest]) -> None:
    counts: dict[Any, figures.Counts] = defaultdict(Counter)
    for plan, stay in zip(plans, written.stays, strict=True):
        if plan.arrived_at:
            registered = [_register(guests[guest]) for guest in plan.guests]
            counts[plan.house].update(figures.arrival_counts(stay, registered, at=plan.arrived_at))
        if plan.departed_at:
            counts[plan.house].update(figures.departure_counts(stay, at=plan.departed_at))
    for house, counted in counts.items():
        figures.add_counts(house, counted)
