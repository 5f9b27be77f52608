"""The log of a request in sentences, and the requester's contact in plain for half a minute."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import Event
from audit.services import Why
from privacy import services
from privacy.models import Request
from privacy.tests.factories import make_request, seal_requester, subjects_of
from privacy.tests.office import answers, on_duty
from privacy.tests.visits import at_desk, in_house, of, taken_in
from staff.models import Person, Property
from stays import services as desk
from stays.models import Room
from vault.models import Envelope

pytestmark = pytest.mark.django_db

PHONE = "13900001234"


def sentences(client: Client, asked: Request) -> list[str]:
    return [told.sentence for told in client.get(of(asked, "log/")).context["lines"]]


def named(person: Person) -> str:
    """As the log calls a colleague to who reads it in English."""
    return f"{person.latin_name or person.name} ({person.staff_number})"


def last_row(action: str) -> dict[str, Any]:
    event = Event.objects.filter(action=action).latest("id")
    names = ("actor", "outcome", "purpose", "purpose_ref", "object_type", "object_ref", "subjects", "fields",
             "explained_by", "detail")  # fmt: skip
    return {name: getattr(event, name) for name in names}


# The log


def test_what_was_done_is_told_newest_first(officer: Person, clerk: Person, house: Property) -> None:
    taken = taken_in(house, clerk, kind="complaint")
    services.open_follow(number=taken.request.number, code=taken.follow_code, at=timezone.now())
    services.start_review(request=taken.request, actor=officer, at=timezone.now())
    number = taken.request.number
    assert sentences(on_duty(officer, house), taken.request) == [
        f"{named(officer)} began to review request {number}",
        f"Request {number} was followed on the public page",
        f"{named(clerk)} took in request {number}",
    ]


def test_what_comes_from_the_public_page_is_the_requesters(officer: Person, house: Property) -> None:
    asked = taken_in(house, None, kind="complaint").request
    services.withdraw_request(request=asked, actor=None, at=timezone.now())
    assert sentences(on_duty(officer, house), asked) == [
        f"The requester withdrew request {asked.number}",
        f"The requester took in request {asked.number}",
    ]


def test_looks_at_the_guest_for_the_request_belong_to_it_and_others_do_not(
    officer: Person, clerk: Person, room: Room
) -> None:
    stay = in_house(clerk, room)
    asked = make_request(room.property, state="in_review", stay=stay, at=timezone.now())
    other = make_request(room.property, state="in_review", stay=stay, at=timezone.now())
    for request in (asked, other):
        why = Why(purpose="request", ref=request.number)
        desk.open_stay(stay, actor=officer, why=why, at=timezone.now())
    [told] = sentences(on_duty(officer, room.property), asked)
    assert told.endswith(f"opened stay {stay.reference}, for guest request ({asked.number})")


def test_reading_it_is_a_line(officer: Person, clerk: Person, house: Property) -> None:
    asked = taken_in(house, clerk).request
    sentences(on_duty(officer, house), asked)
    assert last_row("request.log_viewed") == {
        "actor": officer.pk, "outcome": "ok", "purpose": "", "purpose_ref": "", "object_type": "request",
        "object_ref": asked.number, "subjects": [], "fields": [], "explained_by": "", "detail": {"count": 1},
    }  # fmt: skip


def test_a_long_log_has_pages(officer: Person, clerk: Person, house: Property) -> None:
    asked, client = taken_in(house, clerk).request, on_duty(officer, house)
    for _each in range(50):
        client.get(of(asked))
    first, second = (client.get(of(asked, f"log/?page={page}")) for page in (1, 2))
    assert (len(first.context["lines"]), first.context["older"]) == (50, "page=2")
    assert [len(second.context["lines"]), second.context["older"]] == [2, ""]


# The contact of who asks


@pytest.fixture
def asked(officer: Person, house: Property) -> Request:
    """A request with a phone, worked on by the officer."""
    request = make_request(house, at=timezone.now(), officer=officer)
    seal_requester(request, phone=PHONE)
    return request


def test_the_page_is_masked_until_it_is_asked_for(client: Client, officer: Person, asked: Request) -> None:
    at_desk(client, officer, asked.property)
    text = client.get(of(asked)).content.decode()
    assert [PHONE[:7] in text, "1234" in text, of(asked, "reveal/phone/") in text] == [False, True, True]
    shown = client.post(of(asked, "reveal/phone/"))
    assert (PHONE[-8:] in shown.content.decode().replace(" ", ""), shown.headers["Refresh"]) == (
        True, f"30; url={of(asked)}",
    )  # fmt: skip
    assert last_row("request.contact_revealed") == {
        "actor": officer.pk, "outcome": "ok", "purpose": "request", "purpose_ref": asked.number,
        "object_type": "request", "object_ref": asked.number, "subjects": [asked.requester_id], "fields": ["phone"],
        "explained_by": "E3", "detail": {},
    }  # fmt: skip


def test_as_a_fragment_it_counts_down(client: Client, officer: Person, asked: Request) -> None:
    at_desk(client, officer, asked.property)
    fragment = client.post(of(asked, "reveal/phone/"), headers={"HX-Request": "true"}).content.decode()
    assert ['data-seconds="30"' in fragment, "<html" in fragment] == [True, False]


@pytest.mark.parametrize("field", ["email", "name", "address"])
def test_what_is_not_there_is_not_found(client: Client, officer: Person, asked: Request, field: str) -> None:
    page = at_desk(client, officer, asked.property).post(of(asked, f"reveal/{field}/"))
    assert page.status_code == 404


def test_what_has_expired_is_not_found(client: Client, officer: Person, asked: Request) -> None:
    Envelope.objects.filter(subject=asked.requester_id).update(erased_at=timezone.now(), ciphertext=b"")
    page = at_desk(client, officer, asked.property).post(of(asked, "reveal/phone/"))
    assert page.status_code == 404


def test_who_may(
    clerk: Person, officer: Person, approver: Person, manager: Person, stranger: Person, asked: Request
) -> None:
    people = (clerk, officer, approver, manager, stranger)
    assert answers(of(asked, "log/"), asked.property, *people) == [403, 200, 200, 403, 404]
    posted = answers(of(asked, "reveal/phone/"), asked.property, *people, method="post")
    assert posted == [403, 200, 200, 403, 404]
    assert Event.objects.filter(action="request.contact_revealed").count() == 2


def test_nobody_sees_the_guest_through_it(officer: Person, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    asked = make_request(room.property, state="in_review", stay=stay, at=timezone.now())
    assert Envelope.objects.filter(subject=subjects_of(stay)[0], category="contact").exists()
    page = on_duty(officer, room.property).post(of(asked, "reveal/phone/"))
    assert page.status_code == 404
