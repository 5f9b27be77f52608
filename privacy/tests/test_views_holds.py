"""The pages of holds."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from privacy.models import Hold
from privacy.tests.factories import make_hold, make_person
from privacy.tests.visits import at_desk, reasons, today
from staff.models import Person
from stays.models import Stay

pytestmark = pytest.mark.django_db


def typed(stay: Stay, **more: object) -> dict[str, object]:
    """An internal hold on the stay for a month."""
    day = today(stay.property) + timedelta(days=30)
    plain = {"on": "stay", "kind": "internal", "reason": "dispute", "review_on": day, "until": day}
    plain |= {"stay": stay.reference}
    return plain | more


def test_a_hold_is_placed_and_approved_by_another(
    client: Client, officer: Person, approver: Person, stay: Stay
) -> None:
    at_desk(client, officer, stay.property).post("/holds/new/", typed(stay))
    hold = Hold.objects.get()
    assert client.post(f"/holds/{hold.number}/approve/").status_code == 409
    at_desk(client, approver, stay.property).post(f"/holds/{hold.number}/approve/")
    hold.refresh_from_db()
    assert (hold.placed_by, hold.approved_by, hold.stay) == (officer, approver, stay)


def test_a_hold_is_released_by_two(client: Client, officer: Person, approver: Person, stay: Stay) -> None:
    hold = make_hold(stay.property, placed_by=officer, stay=stay, at=timezone.now())
    at_desk(client, officer, stay.property).post(f"/holds/{hold.number}/ask-release/")
    assert client.post(f"/holds/{hold.number}/release/").status_code == 409
    at_desk(client, approver, stay.property).post(f"/holds/{hold.number}/release/")
    hold.refresh_from_db()
    assert (hold.release_asked_by, hold.released_by) == (officer, approver)


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({"stay": ""}, ["stay"]),
        ({"stay": "2026-999999"}, ["stay"]),
        ({"on": "asked", "asked": "R-2026-999999"}, ["asked"]),
        ({"on": "asked"}, ["asked"]),
        ({"on": "guest", "asked": "R-2026-999999"}, ["asked"]),
        ({"on": "guest"}, ["stay"]),
        ({"on": "guest", "place": "2"}, ["place"]),
        ({"on": "room", "room": "9999", "first_on": "2026-01-01", "last_on": "2026-01-02"}, ["room"]),
        ({"on": "room"}, ["room", "first_on", "last_on"]),
        ({"on": "nothing"}, ["on"]),
        ({"reason": "court_order"}, ["reason"]),
        ({"until": ""}, ["until"]),
        ({"review_on": "2001-01-01"}, ["review_on"]),
        ({"confidential": "on"}, ["officers"]),
        ({"kind": "authority", "reason": "court_order"}, ["authority"]),
        ({"kind": "authority", "reason": "court_order", "authority": "法院"}, ["document_number"]),
    ],
)
def test_what_is_wrong_is_said_beside_it(
    client: Client, officer: Person, stay: Stay, more: dict[str, str], wrong: list[str]
) -> None:
    page = at_desk(client, officer, stay.property).post("/holds/new/", typed(stay) | more)
    assert (list(page.context["form"].errors), Hold.objects.count()) == (wrong, 0)
    assert reasons(page) != []


def test_a_confidential_hold_is_there_for_its_officers_only(
    client: Client, officer: Person, approver: Person, stay: Stay
) -> None:
    other = make_person(stay.property, "privacy_officer")
    more = {
        "kind": "authority",
        "reason": "freeze_notice",
        "authority": "市公安局",
        "document_number": "2026-17",
        "confidential": "on",
    }
    at_desk(client, officer, stay.property).post("/holds/new/", typed(stay) | more | {"officers": [approver.pk]})
    hold = Hold.objects.get()
    answers = {}
    for person in (officer, approver, other):
        at_desk(client, person, stay.property)
        listed = hold.number in client.get("/holds/").content.decode()
        answers[person.pk] = (listed, client.get(f"/holds/{hold.number}/").status_code)
    assert list(answers.values()) == [(True, 200), (True, 200), (False, 404)]


def test_the_number_of_an_authoritys_document_is_not_shown(client: Client, officer: Person, stay: Stay) -> None:
    more = {"kind": "authority", "reason": "court_order", "authority": "市法院", "document_number": "京0105-77"}
    at_desk(client, officer, stay.property).post("/holds/new/", typed(stay) | more)
    assert "京0105-77" not in client.get(f"/holds/{Hold.objects.get().number}/").content.decode()


def test_the_hold_of_another_house_is_not_there(client: Client, stranger: Person, officer: Person, stay: Stay) -> None:
    hold = make_hold(stay.property, placed_by=officer, stay=stay)
    house = stranger.groups.get().post.property
    assert at_desk(client, stranger, house).get(f"/holds/{hold.number}/").status_code == 404
