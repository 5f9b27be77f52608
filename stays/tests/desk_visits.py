"""What tests of the desk's pages share: a clerk's browser, a form as a browser would send it."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from staff.models import Person, Property
from staff.tests.signing_in import sign_in
from stays.models import Notice, Room, Stay
from stays.tests.factories import NoticeFactory, checked_in, resident_id
from stays.typed import OccupantData


def at_desk(client: Client, person: Person, house: Property, **facts: Any) -> Client:
    """The browser of somebody on duty, in English."""
    person.language = "en"
    person.save(update_fields=["language"])
    return sign_in(client, person, house, **facts)


def today(house: Property) -> date:
    """The business day."""
    return house.today(timezone.now())


def walk_in_form(room: Room, *, sequence: int = 7, **typed: str) -> dict[str, str]:
    """What a clerk types for one guest and two nights; ``typed`` changes fields, their dashes as double underscores."""
    departure = today(room.property) + timedelta(days=2)
    filled = {
        "guest-TOTAL_FORMS": "1",
        "guest-INITIAL_FORMS": "1",
        "guest-MIN_NUM_FORMS": "1",
        "guest-MAX_NUM_FORMS": "20",
        "guest-0-document_type": "resident_id",
        "guest-0-document_number": resident_id(sequence),
        "guest-0-name": "欧阳海棠",
        "guest-0-nationality": "CHN",
        "contact-phone": "13900001234",
        "stay-departure_on": departure.isoformat(),
        "stay-room": str(room.pk),
        "payment-method": "cash",
        "payment-currency": "CNY",
        "review-notice_shown": "on",
        "about": "",
        "deed": "complete",
    }
    return filled | {name.replace("__", "-"): value for name, value in typed.items()}


def current_notice() -> Notice:
    """A notice to show."""
    return Notice.objects.newest() or NoticeFactory()


def in_house(clerk: Person, room: Room, *occupants: OccupantData, **facts: Any) -> Stay:
    """A stay that checked in just now."""
    facts = {"arrival_on": today(room.property), "departure_on": today(room.property) + timedelta(days=1)} | facts
    return checked_in(clerk, room, *occupants, at=timezone.now(), **facts)


def reasons(response: HttpResponse) -> list[str]:
    """The lines of the summary of errors, as the page's context holds them."""
    lines = response.context["lines"] if response.context and "lines" in response.context else []
    return [str(line["reason"]) for line in lines]
