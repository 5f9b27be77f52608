"""Guests as journeys need them: those of the demonstration, read in plain, and new ones who do not exist."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from stdnum.cn import ric

from hotelrecords.tests.journeys import people
from staff.models import Person, Property
from stays import services
from stays.models import Notice, Registration, ReviewRule, Room, Stay
from stays.services.registering import answer_report
from stays.typed import ArrivalData, DocumentData, GuestData, OccupantData, PaymentData
from vault import services as vault
from vault.categories import Category

SHOWN = (Category.NAME, Category.CONTACT, Category.REGISTER)
BORN: Final = date(1984, 6, 3)


@dataclass(frozen=True)
class Guest:
    """The lead guest of a stay, in plain."""

    stay: Stay
    subject: UUID
    values: dict[str, str]

    def __getattr__(self, field: str) -> str:
        return self.values.get(field, "")

    @property
    def room(self) -> str:
        """The number of the room."""
        use = self.stay.room_uses.exclude(state="undone").select_related("room").last()
        return use.room.number if use else ""

    @property
    def is_local(self) -> bool:
        """With a name in characters, a resident ID card and a mobile phone."""
        return self.document_type == "resident_id" and bool(self.phone) and len(self.name) >= 2


def of(stays: QuerySet[Stay]) -> Iterator[Guest]:
    """The lead guests of these stays."""
    for stay in stays.select_related("property"):
        subject = stay.occupants.get(role="lead").subject_id
        yield Guest(stay, subject, opened(subject, stay.pk))


def opened(subject: UUID, stay: UUID) -> dict[str, str]:
    """What is sealed about the guest, and about the guest in this stay."""
    ids = {key: pk for key, pk in vault.envelopes_of([subject], SHOWN).items() if key[2] in (None, stay)}
    with transaction.atomic():
        found = vault.open_for_deed(list(ids.values())).values()
        return {name: str(value) for one in found for name, value in one.plain.items()}


def in_house(code: str = "harbour") -> Iterator[Guest]:
    """Local guests who live in a house now, not under a pseudonym."""
    stays = Stay.objects.filter(property__code=code, status="in_house", confidential=False).order_by("reference")
    return (guest for guest in of(stays) if guest.is_local)


def departed(code: str = "harbour") -> Iterator[Guest]:
    """Local guests who were in a house and are nowhere else now, nor expected."""
    stays = Stay.objects.filter(property__code=code, status="checked_out").order_by("reference")
    for guest in of(stays):
        elsewhere = Stay.objects.filter(occupants__subject=guest.subject, status__in=["expected", "in_house"])
        if guest.is_local and not elsewhere.exists():
            yield guest


def expected_first_time(code: str = "harbour") -> Iterator[Guest]:
    """Guests due today in a room held for them, who were never in a house before."""
    stays = Stay.objects.filter(property__code=code, status="expected", room_uses__isnull=False).order_by("reference")
    for guest in of(stays):
        if guest.phone and not Stay.objects.filter(occupants__subject=guest.subject).exclude(pk=guest.stay.pk).exists():
            yield guest


def open_wing(rooms: int) -> None:
    """So many free, clean rooms more in the harbour hotel."""
    house = Property.objects.get(code="harbour")
    Room.objects.bulk_create(
        Room(property=house, number=f"7{number:03d}", floor=7, type=Room.Type.TWIN, capacity=2)
        for number in range(1, rooms + 1)
    )


def who_left(years: int, who: GuestData, *, order: int, companion: str = "", words: str = "") -> Guest:
    """Somebody who was reported, paid and left the harbour hotel so many years ago, never there before or since.

    ``order``: of the resident ID number, even; the companion's is the next even one.
    """
    house, clerk = Property.objects.get(code="harbour"), Person.objects.get(staff_number=people.CLERK)
    came_at = timezone.now() - timedelta(days=366 * years)
    room = Room.objects.create(property=house, number=f"8{order:03d}", floor=8, type=Room.Type.TWIN, capacity=2)
    party = (who, *([GuestData(name=companion)] if companion else []))
    arrival = ArrivalData(
        occupants=tuple(_occupant(one, order + 2 * place) for place, one in enumerate(party)),
        room=room,
        arrival_on=house.today(came_at),
        departure_on=house.today(came_at) + timedelta(days=1),
        payment=PaymentData(method="card", payer=who.name, card_last4=f"{order:04d}"),
        notice=Notice.objects.newest(),
        ticked=frozenset(ReviewRule.objects.values_list("code", flat=True)),
        special_request=words,
    )
    stay = services.check_in_guest(actor=clerk, property=house, stay=None, arrival=arrival, at=came_at)
    for report in Registration.objects.filter(occupant__stay=stay):
        answer_report(actor=clerk, registration=report, receipt=f"SH-{report.pk}", at=came_at)
    services.check_out_guest(actor=clerk, stay=stay, at=came_at + timedelta(days=1))
    return next(of(Stay.objects.filter(pk=stay.pk)))


def _occupant(who: GuestData, order: int) -> OccupantData:
    """With a resident ID card, the first of a party as its lead."""
    document = DocumentData(
        document_type="resident_id",
        document_number=resident_number(BORN, order),
        nationality="CHN",
        birth_date=BORN,
        sex="F",
        region="31",
    )
    return OccupantData(who, document, role="lead" if who.has_contact else "companion")


def resident_number(born: date, order: int) -> str:
    """A resident ID number of nobody: no card is issued by a province itself. Odd orders are men's (GB 11643)."""
    body = f"310000{born:%Y%m%d}{order:03d}"
    return body + str(ric.calc_check_digit(body + "0"))


def machine_readable(number: str, surname: str, given: str, nationality: str, born: str, sex: str, until: str) -> str:
    """The two lines at the foot of a passport (ICAO 9303-4, TD3); dates as YYMMDD."""
    first = f"P<{nationality}{surname}<<{given}".replace(" ", "<").ljust(44, "<")
    number = number.ljust(9, "<")
    second = f"{number}{check(number)}{nationality}{born}{check(born)}{sex}{until}{check(until)}".ljust(42, "<")
    personal = check(second[28:42])
    whole = second[0:10] + second[13:20] + second[21:42] + personal
    return f"{first}\n{second}{personal}{check(whole)}"


def check(text: str) -> str:
    """The check digit of a field (ICAO 9303-3, 4.9): weights 7, 3, 1; letters count from 10."""
    worth = [0 if sign == "<" else int(sign, 36) for sign in text]
    return str(sum(value * (7, 3, 1)[place % 3] for place, value in enumerate(worth)) % 10)
