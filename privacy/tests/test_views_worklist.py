"""The worklist and the page of one request."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import Event
from privacy import services
from privacy.models import Request
from privacy.services import sheets
from privacy.tests.factories import TODAY, make_hold, make_request, seal_requester
from privacy.tests.visits import at_desk, in_house, of, taken_in, verified
from staff.models import Person, Property
from stays.models import Room

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


def queries(client: Client, page: str) -> int:
    """How many queries the page takes, without what a test's own transaction adds."""
    with CaptureQueriesContext(connection) as seen:
        assert client.get(page).status_code == 200
    return sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")) for query in seen)


def test_the_shortest_time_left_comes_first(client: Client, officer: Person, house: Property) -> None:
    today = house.today(timezone.now())
    far, late, soon = (make_request(house, due_on=today + timedelta(days=days)) for days in (20, -2, 3))
    page = at_desk(client, officer, house).get("/requests/")
    assert list(page.context["page"]) == [late, soon, far]
    text = page.content.decode()
    assert f"2 days overdue · {late.due_on.isoformat()}" in text


def test_lists_hold_what_they_say(client: Client, officer: Person, house: Property) -> None:
    today = house.today(timezone.now())
    ahead = today + timedelta(days=9)
    mine = make_request(house, officer=officer, due_on=ahead)
    late = make_request(house, due_on=today - timedelta(days=1))
    verifying = make_request(house, state="verifying", due_on=ahead)
    closed = make_request(house, state="closed")
    at_desk(client, officer, house)
    lists = {
        name: list(client.get(f"/requests/?list={name}").context["page"]) for name in ("mine", "overdue", "closed")
    }
    assert lists == {"mine": [mine], "overdue": [late], "closed": [closed]}
    shown = client.get("/requests/?list=verifying")
    assert list(shown.context["page"]) == [verifying]
    assert (shown.context["found"].counts["open"], shown.context["found"].counts["received"]) == (3, 2)


def test_closed_requests_are_counted_no_further_than_the_next_page(
    client: Client, officer: Person, house: Property
) -> None:
    for _ in range(101):
        make_request(house, state="closed")
    at_desk(client, officer, house)

    def shown(page: str) -> tuple[int, int, bool]:
        found = client.get("/requests/", {"list": "closed", "page": page}).context["page"]
        return found.number, len(found), found.has_next()

    pages = {page: shown(page) for page in ("1", "2", "3", "9", "0", "many", "9" * 5000)}
    first, second, last = (1, 50, True), (2, 50, True), (3, 1, False)
    assert pages == {"1": first, "2": second, "3": last, "9": last, "0": first, "many": first, "9" * 5000: first}


def test_the_worklist_takes_as_many_queries_for_fifty_as_for_one(
    client: Client, officer: Person, house: Property
) -> None:
    make_request(house, officer=officer)
    at_desk(client, officer, house).get("/requests/")
    one = queries(client, "/requests/")
    for _each in range(49):
        make_request(house, officer=officer)
    assert (queries(client, "/requests/"), one <= MOST_QUERIES) == (one, True)


def test_pages_of_fifty(client: Client, officer: Person, house: Property) -> None:
    for _each in range(51):
        make_request(house)
    at_desk(client, officer, house)
    sizes = [len(client.get(f"/requests/?page={page}").context["page"].object_list) for page in ("1", "2", "x")]
    assert sizes == [50, 1, 50]


def test_looking_is_on_record(client: Client, officer: Person, house: Property) -> None:
    asked = taken_in(house, None).request
    at_desk(client, officer, house).get("/requests/")
    client.get(of(asked))
    rows = Event.objects.filter(actor=officer.pk, action__in=["requests.listed", "request.viewed"]).order_by("id")
    told = [(row.action, row.object_ref, row.purpose, row.fields) for row in rows]
    assert told == [
        ("requests.listed", "open", "", []),
        ("request.viewed", asked.number, "request", ["name", "phone", "email", "text"]),
    ]


@pytest.mark.parametrize("role", ["clerk", "manager"])
def test_who_does_not_decide_sees_nothing(client: Client, house: Property, role: str, request: Any) -> None:
    asked = make_request(house)
    at_desk(client, request.getfixturevalue(role), house)
    answers = [client.get(page).status_code for page in ("/requests/", of(asked), of(asked, "verify/"), "/holds/")]
    assert answers == [403] * 4


def test_the_request_of_another_house_is_not_there(client: Client, stranger: Person, house: Property) -> None:
    asked = make_request(house)
    at_desk(client, stranger, stranger.groups.get().post.property)
    deeds = ("", "assign/", "verify/", "pause/", "sheet/", "decide/", "execute/", "letters/new/", "correct/")
    assert {client.get(of(asked, deed)).status_code for deed in deeds} == {404}


def test_the_page_shows_who_asks_masked_and_their_words(client: Client, officer: Person, house: Property) -> None:
    words = "Please erase <b>everything</b>."
    asked = taken_in(house, None, phone="13900001234", email="hai@example.com", words=words).request
    text = at_desk(client, officer, house).get(of(asked)).content.decode()
    shown = [
        value in text for value in ("欧阳海棠", "erase &lt;b&gt;everything", "1234", "13900001234", "hai@example.com")
    ]
    assert shown == [True, True, True, False, False]


def test_the_page_takes_few_queries_however_long_the_case(
    client: Client, officer: Person, clerk: Person, room: Room
) -> None:
    house = room.property
    stay = in_house(clerk, room)
    asked = verified(house, stay=stay, officer=officer)
    seal_requester(asked, text="Please.")
    sheets.make_sheet(request=asked, actor=officer, at=timezone.now())
    at_desk(client, officer, house).get(of(asked))
    few = queries(client, of(asked))
    for number in range(5):
        services.send_message(request=asked, actor=officer, text=f"Message {number}", at=timezone.now())
        services.add_task(
            request=asked,
            actor=officer,
            kind="other",
            owner=officer,
            due_on=TODAY.replace(year=2030),
            at=timezone.now(),
        )
    assert (queries(client, of(asked)), few <= MOST_QUERIES) == (few, True)


def test_a_confidential_hold_is_not_on_the_page(client: Client, officer: Person, approver: Person, stay: Any) -> None:
    asked = make_request(stay.property, state="in_review", stay=stay, at=timezone.now())
    at = timezone.now() - timedelta(hours=1)
    facts = {"placed_by": approver, "kind": "authority", "until": None, "at": at, "stay": stay}
    plain = make_hold(stay.property, **facts)
    secret = make_hold(stay.property, **facts, confidential=True)
    text = at_desk(client, officer, stay.property).get(of(asked)).content.decode()
    assert [plain.number in text, secret.number in text] == [True, False]


def test_home_leads_the_officer_to_the_worklist(client: Client, officer: Person, house: Property) -> None:
    assert at_desk(client, officer, house).get("/").headers["Location"] == "/requests/"
    assert Request.objects.count() == 0
