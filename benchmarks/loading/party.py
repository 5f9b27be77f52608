"""One chunk of guests with their stays, sealed by the vault and written with COPY."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from benchmarks.houses import STAYS_PER_GUEST, Slot
from benchmarks.loading import bulk, twin
from benchmarks.loading.desks import Desk
from benchmarks.people.guests import CHUNK, SEED, Guest, chunk
from vault import normalise
from vault import services as vault
from vault.categories import Category

# 14:00 and 12:00 in Shanghai
COMES, LEAVES = time(6, 0, tzinfo=UTC), time(4, 0, tzinfo=UTC)
STARTED = datetime.now(UTC)
METHODS = ("cash", "card", "wechat", "alipay", "company")
USE_STATE = {"expected": "expected", "in_house": "in_house", "checked_out": "ended"}
STAY = (
    "id", "reference", "property_id", "status", "origin", "arrival_on", "departure_on", "arrived_at", "departed_at",
    "confidential", "party_size",
)  # fmt: skip
OCCUPANT = (
    "id", "stay_id", "subject_id", "register_envelope_id", "role", "position", "came_at", "left_at", "notice_id",
    "notice_shown_at",
)  # fmt: skip
BILL = ("stay_id", "kind", "amount", "currency", "posted_at", "settled_at", "payment_envelope_id")


@dataclass(frozen=True, slots=True)
class Plan:
    """What every process knows before it begins."""

    desk: Desk
    slots: Sequence[Slot]
    today: date


@dataclass(slots=True)
class Filled:
    """A slot with its guest. ``serial`` counts the stays of the data set from 1."""

    slot: Slot
    house: int
    room: int
    guest: int
    serial: int
    stay: UUID
    register: UUID | None = None
    payment: UUID | None = None

    @property
    def came_at(self) -> datetime | None:
        if self.slot.status == "expected":
            return None
        return min(datetime.combine(self.slot.arrival_on, COMES), STARTED)

    @property
    def left_at(self) -> datetime | None:
        if self.slot.status != "checked_out":
            return None
        return min(datetime.combine(self.slot.departure_on, LEAVES), STARTED)


def write(plan: Plan, number: int, size: int) -> None:
    """Write a chunk: everything of ``size`` guests, in the transaction under way."""
    first = int(number * CHUNK * STAYS_PER_GUEST)
    mine = plan.slots[first : first + int(size * STAYS_PER_GUEST)]
    random = Random(f"{SEED}:{number}:stays")
    places = [*range(size), *(random.randrange(size) for _ in range(len(mine) - size))]
    serials = range(first + 1, first + 1 + len(mine))
    filled = [
        Filled(slot, plan.desk.houses[slot.house], plan.desk.rooms[slot.room], guest, serial, uuid4())
        for slot, guest, serial in zip(mine, places, serials, strict=True)
    ]
    write_guests(plan, random, chunk(number, size), filled)


def write_guests(plan: Plan, random: Random, guests: Sequence[Guest], filled: Sequence[Filled]) -> None:
    """Write these guests and their stays, sealed and in the twin."""
    subjects = vault.new_subjects(len(guests))
    payments = [_payment(random, guests[each.guest]) for each in filled]
    _seal(subjects, guests, filled, payments)
    vault.index_many(_index(subjects, guests, filled), are_new=True)
    _copy("stays_stay", STAY, (_stay(each) for each in filled))
    _copy("stays_occupant", OCCUPANT, (_occupant(plan, each, subjects[each.guest]) for each in filled))
    _copy("stays_roomuse", ("stay_id", "room_id", "during", "state"), map(_use, filled))
    _copy("stays_registration", ("occupant_id", "kind", "state", "due_at", "receipt"), _registrations(guests, filled))
    _copy("stays_billline", BILL, _bill(filled))
    _write_twin(subjects, guests, filled, payments)


def _copy(table: str, columns: Sequence[str], rows: Iterator[Sequence[Any]]) -> None:
    connection.ensure_connection()
    bulk.copy_rows(connection.connection, table, columns, rows)


def _seal(
    subjects: Sequence[UUID], guests: Sequence[Guest], filled: Sequence[Filled], payments: Sequence[dict[str, str]]
) -> None:
    about = zip(subjects, guests, strict=True)
    items = [sealing for subject, guest in about for sealing in _of_guest(subject, guest)]
    lodged = [(each, paid) for each, paid in zip(filled, payments, strict=True) if each.slot.status != "expected"]
    for each, paid in lodged:
        subject = subjects[each.guest]
        items.append(vault.Sealing(subject, Category.REGISTER, register(guests[each.guest]), each.stay))
        items.append(vault.Sealing(subject, Category.PAYMENT, paid, each.stay))
    made = vault.seal_many(items)[2 * len(guests) :]
    for place, (each, _paid) in enumerate(lodged):
        each.register, each.payment = made[2 * place], made[2 * place + 1]


def _of_guest(subject: UUID, guest: Guest) -> tuple[vault.Sealing, vault.Sealing]:
    names = {"name": guest.name, "latin_name": guest.latin_name}
    contact = {"phone": guest.phone, "email": guest.email, "address": guest.address}
    return vault.Sealing(subject, Category.NAME, names), vault.Sealing(subject, Category.CONTACT, contact)


def _index(subjects: Sequence[UUID], guests: Sequence[Guest], filled: Sequence[Filled]) -> list[vault.Indexing]:
    """A document is known of those who have arrived at least once."""
    shown = {each.guest for each in filled if each.register}
    return [
        vault.Indexing(
            subject,
            names=[name for name in (guest.name, guest.latin_name) if name],
            phones=[guest.phone],
            documents=[guest.document_number] if place in shown else [],
        )
        for place, (subject, guest) in enumerate(zip(subjects, guests, strict=True))
    ]


def register(guest: Guest) -> dict[str, str]:
    """The content of a register envelope."""
    return {
        "document_type": guest.document_type,
        "document_number": guest.document_number,
        "nationality": guest.nationality,
        "birth_date": guest.birth_date.isoformat(),
        "sex": "M" if guest.sex == "male" else "F",
        "expires_on": "",
        "name": guest.name,
        "latin_name": guest.latin_name,
        "region": guest.region[:2],
    }


def _payment(random: Random, guest: Guest) -> dict[str, str]:
    method = random.choice(METHODS)
    return {
        "method": method,
        "payer": guest.name,
        "card_last4": f"{random.randrange(10_000):04d}" if method == "card" else "",
        "deposit": str(random.choice((200, 300, 500))),
        "invoice_title": "",
        "tax_number": "",
    }


def _stay(each: Filled) -> tuple[Any, ...]:
    slot = each.slot
    reference = f"{slot.arrival_on.year}-{each.serial:06d}"
    origin = ("direct", "agency", "walk_in", "corporate")[each.serial % 4]
    dates = (slot.arrival_on, slot.departure_on, each.came_at, each.left_at)
    return (each.stay, reference, each.house, slot.status, origin, *dates, "f", 1)


def _occupant(plan: Plan, each: Filled, subject: UUID) -> tuple[Any, ...]:
    shown = (plan.desk.notice, each.came_at) if each.came_at else (None, None)
    return (each.serial, each.stay, subject, each.register, "lead", 1, each.came_at, each.left_at, *shown)


def _use(each: Filled) -> tuple[Any, ...]:
    since = datetime.combine(each.slot.arrival_on, COMES).isoformat()
    until = datetime.combine(each.slot.departure_on, LEAVES).isoformat()
    return (each.stay, each.room, f"[{since},{until})", USE_STATE[each.slot.status])


def _registrations(guests: Sequence[Guest], filled: Sequence[Filled]) -> Iterator[tuple[Any, ...]]:
    for each in filled:
        if each.came_at:
            kind, hours = ("domestic", 1) if guests[each.guest].is_chinese else ("overseas", 24)
            yield (each.serial, kind, "acknowledged", each.came_at + timedelta(hours=hours), f"R{each.serial}")


def _bill(filled: Sequence[Filled]) -> Iterator[tuple[Any, ...]]:
    for each in filled:
        if each.came_at:
            nights = (each.slot.departure_on - each.slot.arrival_on).days
            yield (each.stay, "room", 388 * nights, "CNY", each.came_at, each.left_at, each.payment)


def _write_twin(
    subjects: Sequence[UUID], guests: Sequence[Guest], filled: Sequence[Filled], payments: Sequence[dict[str, str]]
) -> None:
    newest: dict[int, date] = {}
    for each in filled:
        newest[each.guest] = max(each.slot.arrival_on, newest.get(each.guest, date.min))
    lines = (_twin_guest(s, g, newest[place]) for place, (s, g) in enumerate(zip(subjects, guests, strict=True)))
    _copy("twin.guest", twin.GUEST, lines)
    lodged = [(each, paid) for each, paid in zip(filled, payments, strict=True) if each.register]
    _copy("twin.register", twin.REGISTER, (_twin_register(each, subjects, guests) for each, _paid in lodged))
    _copy("twin.payment", twin.PAYMENT, ((each.stay, subjects[each.guest], *paid.values()) for each, paid in lodged))


def _twin_guest(subject: UUID, guest: Guest, newest: date) -> tuple[Any, ...]:
    names = (guest.name, guest.latin_name, normalise.name(guest.name), *twin.readings(guest))
    contact = (normalise.phone(guest.phone), guest.email, guest.address)
    return (subject, *names, *contact, guest.document_type, guest.document_number, newest)


def _twin_register(each: Filled, subjects: Sequence[UUID], guests: Sequence[Guest]) -> tuple[Any, ...]:
    content: dict[str, str | None] = {**register(guests[each.guest])}
    content["expires_on"] = None
    return (each.stay, subjects[each.guest], *(content[name] for name in twin.REGISTER[2:]))
