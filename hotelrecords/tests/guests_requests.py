"""What guests have asked for at the first hotel, for whole-system tests: requests in several states, and a hold."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from privacy import services
from privacy.models import Appointment, Certificate, Hold, Item, Letter, Request, Task
from privacy.services import certificates, holding, letters, requests
from privacy.tests.factories import make_request
from staff.models import Person, Property
from stays.models import Stay

REQUESTER = "韩梅梅"
REQUESTERS_PHONE = "+8613700009876"


@dataclass(frozen=True, slots=True)
class Requests:
    """One just taken in at the desk, with what hangs on it; one for a copy that was granted; a hold; a certificate."""

    asked: Request
    item: Item
    task: Task
    letter: Letter
    appointment: Appointment
    granted: Request
    hold: Hold
    certificate: Certificate


def make_requests(*, clerk: Person, officer: Person, house: Property, stay: Stay, at: datetime) -> Requests:
    """Taken in and worked on by the services of the office."""
    later = at + timedelta(days=1)
    asked = services.take_in_request(
        actor=clerk, property=house, kind="deletion", channel="desk", language="en", name=REQUESTER,
        phone=REQUESTERS_PHONE, is_complex=True, appointment_at=later, at=at,
    ).request  # fmt: skip
    due_on = house.today(at) + timedelta(days=7)
    guest = stay.occupants.get(role="lead").subject_id
    return Requests(
        asked=asked,
        item=Item.objects.create(
            request=asked, envelope=asked.pk, category="name", subject=guest, proposed="keep", chosen=""
        ),
        task=services.add_task(request=asked, actor=officer, kind="other", owner=officer, due_on=due_on, at=at),
        letter=letters.make_letter(request=asked, kind="need_more", actor=officer, at=at),
        appointment=asked.appointments.get(),
        granted=make_request(house, state="executing", kind="access", at=at, stay=stay),
        hold=holding.place_hold(
            actor=officer, property=house, kind="internal", reason="dispute", review_on=due_on,
            about=holding.About(stay=stay), until=at + timedelta(days=30), at=at,
        ),
        certificate=certificates.sign_certificate(
            property=house, request=asked, reason="deletion_asked", erased={asked.pk: "name"},
            who=requests.who(officer, house), at=at,
        ),
    )  # fmt: skip
