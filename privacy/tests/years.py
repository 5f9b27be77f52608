"""A house with years behind it, for simulating the purge night by night: every kind of record, in every state."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import connection

from privacy.models import Certificate, Consent, Hold
from privacy.tests.factories import make_hold, make_person, make_property, make_request
from staff.models import Person, Property
from stays.models import BillLine, DeskCase, Note, Notice, Occupant, Registration, Stay
from vault import services as vault

FIRST_NIGHT: Final = date(2029, 1, 1)
NIGHTS: Final = 365
# From when a departure ends something in the year: bills ten years ago, registers three, copies half a year.
OLD, THIRD_YEAR, RECENT = date(2018, 11, 1), date(2025, 11, 1), date(2028, 5, 1)
WINDOWS: Final = ((OLD, 400), (THIRD_YEAR, 420), (RECENT, 580))
NOON: Final = time(4, tzinfo=UTC)  # in Shanghai


@dataclass(slots=True)
class Years:
    """The house, who approves there, and what happens on later days of the year."""

    house: Property
    clerk: Person
    officer: Person
    notice: Notice
    later: dict[date, list[Callable[[], object]]] = field(default_factory=dict)

    def on(self, day: date, deed: Callable[[], object]) -> None:
        """Let something happen before the night of that day."""
        self.later.setdefault(day, []).append(deed)

    def at(self, day: date) -> datetime:
        """Half past three of that day on the house's clock: its night has come."""
        return datetime.combine(day, time(3, 30), self.house.zone)


@dataclass(slots=True)
class Party:
    """One stay to be written."""

    stay: Stay
    subject: UUID
    register: UUID | None = None
    payment: UUID | None = None
    note: UUID | None = None


def build(guests: int, *, seed: int = 4) -> Years:
    """A house with so many guests, their stays and what hangs on them, the same for every run but for ids."""
    house = make_property()
    years = Years(
        house=house,
        clerk=make_person(house, "front_desk"),
        officer=make_person(house, "privacy_officer"),
        notice=Notice.objects.create(version=1, published_at=years_ago(12), text_en="Notice", text_zh="告知"),
    )
    random = Random(seed)
    subjects = vault.new_subjects(guests)
    parties = [_party(random, house, subject, number) for number, subject in enumerate(_visits(random, subjects))]
    _seal(random, subjects, parties)
    _write(years, random, parties)
    _prefer(years, random, subjects)
    _visitors(random, parties)
    _guardians(random, parties)
    _certificates(years, random)
    _stand_in_the_way(years, random, parties)
    return years


def years_ago(count: int) -> datetime:
    """So many years before the first night."""
    return datetime(FIRST_NIGHT.year - count, 1, 1, tzinfo=UTC)


def _visits(random: Random, subjects: list[UUID]) -> list[UUID]:
    return [*subjects, *random.choices(subjects, k=len(subjects) // 2)]


def _party(random: Random, house: Property, subject: UUID, number: int) -> Party:
    start, length = random.choice(WINDOWS)
    left_on = start + timedelta(days=random.randrange(length))
    nights = random.randrange(1, 4)
    came = random.random() < 0.85
    stay = Stay(
        reference=f"S-{number:08d}", property=house, origin="direct", arrival_on=left_on - timedelta(days=nights),
        departure_on=left_on, status="checked_out" if came else random.choice(("cancelled", "no_show", "expected")),
    )  # fmt: skip
    if came:
        stay.arrived_at = datetime.combine(stay.arrival_on, NOON)
        stay.departed_at = datetime.combine(left_on, NOON)
    return Party(stay, subject)


def _seal(random: Random, subjects: list[UUID], parties: list[Party]) -> None:
    sealings = [vault.Sealing(subject, "name", {"name": "欧阳海棠"}) for subject in subjects]
    sealings += [vault.Sealing(subject, "contact", {"phone": "13900001234"}) for subject in subjects[::2]]
    vault.seal_many(sealings)
    came = [party for party in parties if party.stay.status == "checked_out"]
    title = {"invoice_title": "海棠贸易", "payer": "欧阳海棠", "card_last4": "4242", "method": "card"}
    registers = vault.seal_many([vault.Sealing(p.subject, "register", {"name": "欧阳海棠"}, p.stay.pk) for p in came])
    payments = vault.seal_many(
        [
            vault.Sealing(p.subject, "payment", title if random.random() < 0.5 else {"payer": "欧阳海棠"}, p.stay.pk)
            for p in came
        ]
    )
    noted = [party for party in parties if random.random() < 0.3]
    notes = vault.seal_many([vault.Sealing(p.subject, "note", {"text": "安静的房间"}, p.stay.pk) for p in noted])
    for party, register, payment in zip(came, registers, payments, strict=True):
        party.register, party.payment = register, payment
    for party, note in zip(noted, notes, strict=True):
        party.note = note


def _write(years: Years, random: Random, parties: list[Party]) -> None:
    Stay.objects.bulk_create([party.stay for party in parties], batch_size=5000)
    occupants = Occupant.objects.bulk_create(
        [Occupant(stay=p.stay, subject_id=p.subject, register_envelope_id=p.register, role="lead") for p in parties],
        batch_size=5000,
    )
    Registration.objects.bulk_create(
        [
            Registration(occupant=o, kind="domestic", state="acknowledged", due_at=p.stay.departed_at, receipt="R1")
            for o, p in zip(occupants, parties, strict=True)
            if p.register
        ],
        batch_size=5000,
    )
    BillLine.objects.bulk_create([_line(random, p) for p in parties if p.payment], batch_size=5000)
    Note.objects.bulk_create([Note(stay=p.stay, envelope_id=p.note, kind="request") for p in parties if p.note])


def _line(random: Random, party: Party) -> BillLine:
    left: Any = party.stay.departed_at
    posted = left - timedelta(days=random.randrange(3), hours=random.randrange(24))
    return BillLine(
        stay=party.stay, kind="room", amount=388, posted_at=posted, settled_at=left, payment_envelope_id=party.payment
    )


def _prefer(years: Years, random: Random, subjects: list[UUID]) -> None:
    """A fifth has preferences; a tenth agreed to marketing, some a short while ago."""
    fond = random.sample(subjects, len(subjects) // 5)
    vault.seal_many([vault.Sealing(subject, "preference", {"text": "荞麦枕头"}) for subject in fond])
    of = {"property": years.house, "notice": years.notice, "channel": "desk", "given_by": years.clerk}
    told = random.sample(subjects, len(subjects) // 10)
    given = [Consent(subject_id=s, about="preferences", given_at=years_ago(11), **of) for s in fond]
    given += [
        Consent(subject_id=s, about="marketing", given_at=years_ago(random.choice((1, 2, 11))), **of) for s in told
    ]
    Consent.objects.bulk_create(given)


def _visitors(random: Random, parties: list[Party]) -> None:
    """Noted with a stay in the months before the first night."""
    seen = random.sample(parties, len(parties) // 50)
    ids = [uuid4() for _each in seen]
    with connection.cursor() as cursor:
        for subject in ids:
            noted_at = years_ago(0) - timedelta(days=random.randrange(-200, 120), hours=random.randrange(24))
            cursor.execute(
                "INSERT INTO vault_subject (id, kind, created_at) VALUES (%s, 'visitor', %s)", [subject, noted_at]
            )
    vault.seal_many(
        [
            vault.Sealing(subject, "name", {"name": "司马光"}, party.stay.pk)
            for subject, party in zip(ids, seen, strict=True)
        ]
    )


def _guardians(random: Random, parties: list[Party]) -> None:
    came = [party for party in parties if party.register]
    young = random.sample(came, len(came) // 40)
    subjects = vault.new_subjects(len(young), kind="guardian")
    vault.seal_many(
        [
            vault.Sealing(subject, "contact", {"phone": "13700002222"}, party.stay.pk)
            for subject, party in zip(subjects, young, strict=True)
        ]
    )


def _certificates(years: Years, random: Random) -> None:
    Certificate.objects.bulk_create(
        Certificate(
            number=f"E-2025-{number:06d}", property=years.house, reason="test", payload={}, signature=b"-", key_id="-",
            made_at=years_ago(4) + timedelta(days=335 + random.randrange(400), hours=random.randrange(24)),
        )
        for number in range(40)
    )  # fmt: skip


def _stand_in_the_way(years: Years, random: Random, parties: list[Party]) -> None:
    """Unpaid, unreported, disputed, asked about, held; and what of it is settled in the course of the year."""
    came = [party for party in parties if party.register]
    rounds = min(20, len(came) // 12)
    some = iter(random.sample(came, rounds * 6))
    for _each in range(rounds):
        _unpaid(years, random, next(some))
        _disputed(years, random, next(some))
        _unreported(years, random, next(some))
        _asked(years, random, next(some))
        _held(years, random, next(some), confidential=False)
        _held(years, random, next(some), confidential=True)


def _day(random: Random) -> date:
    return FIRST_NIGHT + timedelta(days=random.randrange(NIGHTS))


def _unpaid(years: Years, random: Random, party: Party) -> None:
    lines = BillLine.objects.filter(stay=party.stay)
    lines.update(settled_at=None)
    years.on(_day(random), lambda: lines.update(settled_at=years_ago(0)))


def _disputed(years: Years, random: Random, party: Party) -> None:
    case = DeskCase.objects.create(
        number=f"C-{party.stay.reference}", property=years.house, stay=party.stay, kind="dispute", owner=years.clerk,
        opened_at=years_ago(1),
    )  # fmt: skip
    cases = DeskCase.objects.filter(pk=case.pk)
    years.on(_day(random), lambda: cases.update(state="closed", closed_at=years_ago(0)))


def _unreported(years: Years, random: Random, party: Party) -> None:
    reports = Registration.objects.filter(occupant__stay=party.stay)
    reports.update(state="failed")
    years.on(_day(random), lambda: reports.update(state="acknowledged"))


def _asked(years: Years, random: Random, party: Party) -> None:
    day = _day(random)
    years.on(day, lambda: make_request(years.house, state="verifying", at=years.at(day), guest_id=party.subject))


def _held(years: Years, random: Random, party: Party, *, confidential: bool) -> None:
    """By stay or by person, from some day on, for so many days."""
    day, days = _day(random), random.randrange(20, 170)
    of = {"stay": party.stay} if random.random() < 0.5 else {"subject_id": party.subject}

    def place() -> Hold:
        at = years.at(day) - timedelta(hours=1)
        return make_hold(
            years.house, placed_by=years.clerk, at=at, approved_by=years.officer, approved_at=at,
            until=at + timedelta(days=days), confidential=confidential, **of,
        )  # fmt: skip

    years.on(day, place)
