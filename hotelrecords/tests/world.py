"""Two hotels, one person of every role at the first, a clerk of the second, and a guest whose values are known.

For whole-system tests that ask pages through Django's client. Deeds are the product's own services.
"""

import time
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from allauth.account.internal.userkit import user_id_to_str
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from hotelrecords.tests.alerts import make_alert, make_change
from hotelrecords.tests.guests_requests import Requests, make_requests
from hotelrecords.tests.purges import make_purge
from hotelrecords.tests.registers import Registers, keep_registers
from hotelrecords.tests.rule_changes import make_rule_change
from staff import duties, second_factor
from staff.locking import BEGAN_KEY
from staff.middleware import ENROLLED_KEY
from staff.models import AccessReview, Alert, Duty, Person, Property
from staff.roles import FRONT_DESK, MANAGER, PRIVACY_OFFICER, ROLE_NAMES, group_name
from staff.services import found_property, open_shift, report_done
from staff.services.access_reviews import begin_access_review
from staff.services.sessions import SHIFT_KEY
from stays import services as stays
from stays.models import DeskCase, Notice, ReviewRule, Room, Stay
from stays.typed import ArrivalData, Booking, DocumentData, GuestData, OccupantData, PaymentData

BACKEND: Final = "allauth.account.auth_backends.AuthenticationBackend"
PROOFS, PROOFS_OF = "account_authentication_methods", "account_authentication_methods_user"
ANONYMOUS, ELSEWHERE = "anonymous", "elsewhere"
# Everybody who may ask: nobody signed in, each role of the first hotel, a clerk of the second.
ASKERS: Final = (ANONYMOUS, *ROLE_NAMES, ELSEWHERE)

GUEST: Final = GuestData("欧阳若兰", "OUYANG RUOLAN", "+8613812345678", "ruolan@example.com", "长宁路 1027 号 5 楼")
GONE_GUEST: Final = GuestData("司马光", "SIMA GUANG", "+8613900001111")
EXPECTED_GUEST: Final = GuestData("诸葛孔明", "ZHUGE KONGMING", "+8613700002222")
DOCUMENT: Final = DocumentData(
    "resident_id", "110101199003071233", "CHN", date(1990, 3, 7), "M", date(2035, 3, 7), "11"
)
PAYMENT: Final = PaymentData("card", "上官云珠", "4242", Decimal("500.00"), "云珠贸易有限公司", "91310000MA1K35XY7P")
REQUEST: Final = "靠窗的安静房间"
VISITOR_PAPERS: Final = {"document_type": "resident_id", "document_number": "110101199003075511"}


@dataclass
class World:
    """What there is, by the words of the desk."""

    here: Property
    there: Property
    people: dict[str, Person]
    colleague: Person
    room: Room
    in_house: Stay
    expected: Stay
    gone: Stay
    case: DeskCase
    at: datetime
    registers: Registers
    requests: Requests
    duty: Duty
    access_review: AccessReview
    alert: Alert
    sessions: dict[str, str] = field(default_factory=dict)

    def client(self, asker: str) -> Client:
        """The browser of one of ``ASKERS``, on duty, with a second proof given just now."""
        client = Client()
        if asker != ANONYMOUS:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[asker]
        return client

    def place_of(self, asker: str) -> Property:
        """Where they work."""
        return self.there if asker == ELSEWHERE else self.here

    @property
    def subject(self) -> UUID:
        """The guest in house."""
        subject: UUID = self.in_house.occupants.get(role="lead").subject_id
        return subject


def build() -> World:
    """Make the two hotels. A transaction is open, or the database is the test's own."""
    at = timezone.now()
    here, there = (found_property(code=code, name_en=code.title(), name_zh=code) for code in ("north", "south"))
    people = {role: hired(f"n-{role.replace('_', '-')}", here, role) for role in ROLE_NAMES}
    people[ELSEWHERE] = hired("s-desk", there, FRONT_DESK)
    Notice.objects.create(version=1, published_at=at, text_en="Notice", text_zh="告知")
    rooms = [add_room(here, number) for number in ("0801", "0802", "0803", "0804")]
    add_room(there, "0801")
    clerk = people[FRONT_DESK]
    in_house, gone = walk_in(clerk, here, rooms[0], at), departed(clerk, here, rooms[1], at)
    stays.register_visitor(actor=clerk, stay=in_house, name="司徒雷", **VISITOR_PAPERS, at=at)
    case = stays.open_desk_case(actor=clerk, property=here, kind=DeskCase.Kind.DISPUTE, stay=gone, at=at)
    officer = people[PRIVACY_OFFICER]
    registers = keep_registers(clerk=clerk, officer=officer, house=here, stay=in_house, at=at)
    requests = make_requests(clerk=clerk, officer=officer, house=here, stay=gone, at=at)
    make_purge(here, at)
    make_rule_change(officer, here, at)
    world = World(here, there, people, hired("n-colleague", here, FRONT_DESK), rooms[2], in_house,
                  expect(clerk, here, rooms[3], at), gone, case, at, registers, requests, a_duty(at),
                  begin_access_review(property=here, actor=people[MANAGER], at=at),
                  make_alert(clerk, people[MANAGER], here, at))  # fmt: skip
    make_change(people[MANAGER], here, at)
    for asker, person in people.items():
        world.sessions[asker] = on_duty(person, world.place_of(asker)).session.session_key or ""
    return world


def a_duty(at: datetime) -> Duty:
    """A duty of the whole house."""
    report_done(code=duties.BACKUP, at=at)
    return Duty.objects.get(code=duties.BACKUP)


def hired(staff_number: str, place: Property, *roles: str, enrolled: bool = True) -> Person:
    """A person with a second factor who holds these roles at the property."""
    person = Person.objects.create_user(staff_number, name="李伟", latin_name="LI Wei", kept_at=place, language="en")
    if enrolled:
        second_factor.add_totp(person, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", timezone.now())
    person.groups.add(*Group.objects.filter(name__in=[group_name(place.code, role) for role in roles]))
    return person


def signed_in(person: Person, *, enrolled: bool = True, fresh: bool = True) -> Client:
    """A browser in which the person has signed in; ``fresh``: with a second proof given just now."""
    client = Client()
    client.force_login(person, backend=BACKEND)
    session = client.session
    session[BEGAN_KEY] = time.time()
    if enrolled:
        session[ENROLLED_KEY] = True
        session[PROOFS_OF] = user_id_to_str(person)
        session[PROOFS] = [{"method": "mfa", "at": time.time() - (0 if fresh else 3600)}]
    session.save()
    return client


def on_duty(person: Person, place: Property, *, fresh: bool = True) -> Client:
    """A browser in which the person has opened a shift too."""
    client = signed_in(person, fresh=fresh)
    shift = open_shift(actor=person, property=place, terminal="Desk 1", address=None, at=timezone.now())
    session = client.session
    session[SHIFT_KEY] = str(shift.session_ref)
    session.save()
    return client


def add_room(place: Property, number: str, **facts: Any) -> Room:
    """A clean room for two."""
    given = {"floor": int(number[:-2]), "type": Room.Type.TWIN, "capacity": 2, **facts}
    return Room.objects.create(property=place, number=number, **given)


def ticks() -> frozenset[str]:
    """Every line a clerk can tick."""
    return frozenset(ReviewRule.objects.filter(kind=ReviewRule.Kind.MANUAL).values_list("code", flat=True))


def walk_in(
    clerk: Person,
    place: Property,
    room: Room,
    at: datetime,
    guest: GuestData = GUEST,
    number: str = DOCUMENT.document_number,
) -> Stay:
    """Somebody without a booking, checked in for two nights."""
    document = DocumentData("resident_id", number, "CHN", date(1990, 3, 7), "M", date(2035, 3, 7), "11")
    today = place.today(at)
    arrival = ArrivalData(
        occupants=(OccupantData(guest, document),),
        room=room,
        arrival_on=today,
        departure_on=today + timedelta(days=2),
        payment=PAYMENT,
        notice=Notice.objects.newest(),
        ticked=ticks(),
        special_request=REQUEST,
    )
    return stays.check_in_guest(actor=clerk, property=place, stay=None, arrival=arrival, at=at)


def departed(clerk: Person, place: Property, room: Room, at: datetime) -> Stay:
    """Somebody who came and left again."""
    stay = walk_in(clerk, place, room, at, GONE_GUEST, "110101198505054311")
    stays.check_out_guest(actor=clerk, stay=stay, at=at)
    return stay


def expect(clerk: Person, place: Property, room: Room, at: datetime) -> Stay:
    """A booking for today."""
    today = place.today(at)
    booking = Booking(
        EXPECTED_GUEST,
        arrival_on=today,
        departure_on=today + timedelta(days=1),
        origin=Stay.Origin.DIRECT,
        room=room,
        group="N-12",
    )
    return stays.expect_stay(actor=clerk, property=place, booking=booking, at=at)
