"""The desk's page for a guest who asks about their record."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from privacy.models import Request
from privacy.tests.factories import document, make_person
from privacy.tests.visits import at_desk, in_house, reasons, taken_in
from staff.models import Person, Property
from stays.models import Room

pytestmark = pytest.mark.django_db
PAGE = "/requests/new/"
TYPED = {
    "kind": "deletion",
    "channel": "desk",
    "acts_as": "self",
    "language": "en",
    "name": "欧阳海棠",
    "phone": "13900001234",
    "words": "Please erase everything.",
    "form": "one",
}


def test_a_request_is_taken_in_and_its_code_is_shown_once(client: Client, clerk: Person, house: Property) -> None:
    given = at_desk(client, clerk, house).post(PAGE, TYPED)
    asked = Request.objects.get()
    assert (asked.taken_in_by, asked.channel, asked.stay) == (clerk, "desk", None)
    assert given.context["code"] in given.content.decode()
    again = client.get(f"/requests/{asked.number}/receipt/")
    assert (again.status_code, again.context["code"]) == (200, "")


def test_the_receipt_says_number_and_due_date_and_nothing_of_the_guest(
    client: Client, clerk: Person, house: Property
) -> None:
    text = at_desk(client, clerk, house).post(PAGE, TYPED).content.decode()
    asked = Request.objects.get()
    shown = [value in text for value in (asked.number, asked.due_on.isoformat(), "13900001234")]
    assert shown == [True, True, False]


def test_a_form_sent_twice_is_one_request(client: Client, clerk: Person, house: Property) -> None:
    at_desk(client, clerk, house).post(PAGE, TYPED)
    again = client.post(PAGE, TYPED)
    assert again.headers["Location"] == f"/requests/{Request.objects.get().number}/receipt/"


def test_from_a_stay_its_number_is_filled_in_and_nothing_else(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    text = at_desk(client, clerk, room.property).get(f"{PAGE}?stay={stay.reference}").content.decode()
    shown = [value in text for value in (stay.reference, "欧阳海棠", room.number)]
    assert shown == [True, False, False]
    client.post(PAGE, TYPED | {"stay": stay.reference.lower()})
    assert Request.objects.get().stay == stay


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"name": ""}, ["name"]),
        ({"kind": "appeal"}, ["kind"]),
        ({"channel": "web"}, ["channel"]),
        ({"stay": "2026-999999"}, ["stay"]),
        ({"phone": "call me"}, ["phone"]),
        ({"words": "x" * 2001}, ["words"]),
        ({"is_complex": "on"}, ["appointment_on", "appointment_time"]),
        ({"is_complex": "on", "appointment_on": "2001-01-01", "appointment_time": "10:00"}, ["appointment_on"]),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_typed_is_lost(
    client: Client, clerk: Person, house: Property, typed: dict[str, str], wrong: list[str]
) -> None:
    response = at_desk(client, clerk, house).post(PAGE, TYPED | typed)
    assert sorted(response.context["form"].errors) == wrong
    kept = "Please erase everything." if "words" not in typed else "13900001234"
    assert kept in response.content.decode()
    assert Request.objects.count() == 0


def test_a_complex_request_gets_an_appointment(client: Client, clerk: Person, house: Property) -> None:
    day = house.local(timezone.now() + timedelta(days=2)).date()
    when = {"is_complex": "on", "appointment_on": day.isoformat(), "appointment_time": "10:30"}
    text = at_desk(client, clerk, house).post(PAGE, TYPED | when).content.decode()
    assert f"{day.isoformat()} 10:30" in text
    assert Request.objects.get().appointments.count() == 1


def test_who_may_not_take_in_is_refused(client: Client, house: Property) -> None:
    answer = at_desk(client, make_person(house, "administrator"), house).post(PAGE, TYPED)
    assert (answer.status_code, Request.objects.count()) == (403, 0)


def test_the_document_is_noted_at_the_desk_and_tells_nothing(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    for number, is_right in ((document().document_number, True), ("11010119880214999X", False)):
        asked = taken_in(room.property, clerk, stay=stay).request
        at_desk(client, clerk, room.property)
        assert (
            f"/requests/{asked.number}/document/" in client.get(f"/requests/{asked.number}/receipt/").content.decode()
        )
        typed = {"document_type": "resident_id", "document_number": number}
        page = client.post(f"/requests/{asked.number}/document/", typed, follow=True)
        asked.refresh_from_db()
        told = [str(message) for message in page.context["messages"]]
        assert (asked.is_verified, page.redirect_chain) == (is_right, [(f"/requests/{asked.number}/receipt/", 302)])
        assert told == ["It is noted that you saw the document. The privacy officer goes on from here."]
        assert f"/requests/{asked.number}/document/" not in page.content.decode()
        again = client.post(f"/requests/{asked.number}/document/", typed)
        assert reasons(again) == [
            f"The privacy officer goes on with request {asked.number}. Nothing more is noted at the desk."
        ]


def test_only_who_took_it_in_notes_the_document(client: Client, clerk: Person, house: Property) -> None:
    asked = taken_in(house, make_person(house, "finance")).request
    assert at_desk(client, clerk, house).get(f"/requests/{asked.number}/document/").status_code == 404


def test_the_receipt_of_another_is_not_there(client: Client, clerk: Person, officer: Person, house: Property) -> None:
    asked = taken_in(house, officer).request
    assert at_desk(client, clerk, house).get(f"/requests/{asked.number}/receipt/").status_code == 404
