"""Home, the three lists, the search box, the purpose kept."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from audit.models import Event
from staff.models import Person, Property
from stays import services
from stays.models import Room
from stays.tests.desk_visits import at_desk, in_house, today
from stays.tests.factories import RoomFactory, expected, guest, make_person, make_property

pytestmark = pytest.mark.django_db


def due_today(clerk: Person, house: Property, name: str = "欧阳海棠") -> str:
    """An expected stay of today; its number."""
    day = today(house)
    facts = {"arrival_on": day, "departure_on": day + timedelta(days=1), "guest": guest(name)}
    return expected(clerk, house, at=timezone.now(), **facts).reference


@pytest.mark.parametrize(
    ("role", "page"),
    [
        ("front_desk", "/desk/"),
        ("finance", "/desk/search/"),
        ("privacy_officer", "/requests/"),
        ("manager", "/access-log/"),
        ("administrator", "/properties/"),
    ],
)
def test_home_leads_each_role_to_its_work(client: Client, house: Property, role: str, page: str) -> None:
    at_desk(client, make_person(house, role), house)
    assert client.get("/").headers["Location"] == page


def test_the_lists_show_what_is_due_here_and_nothing_else(client: Client, clerk: Person, house: Property) -> None:
    elsewhere = make_property()
    due_today(make_person(elsewhere, "front_desk"), elsewhere)
    reference = due_today(clerk, house)
    response = at_desk(client, clerk, house).get("/desk/")
    lists = response.context["lists"]
    assert [row.reference for row in lists.rows] == [reference]
    assert (lists.arrivals, lists.in_house, lists.departures) == (1, 0, 0)


def test_each_list_is_an_address(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room, departure_on=today(room.property))
    at_desk(client, clerk, room.property)
    shown = {name: client.get(f"/desk/?list={name}").context["lists"].rows for name in ("in_house", "departures")}
    assert {name: [row.reference for row in rows] for name, rows in shown.items()} == {
        "in_house": [stay.reference],
        "departures": [stay.reference],
    }


def test_an_unknown_list_or_page_is_the_first(client: Client, clerk: Person, house: Property) -> None:
    response = at_desk(client, clerk, house).get("/desk/?list=all&page=x")
    assert (response.status_code, response.context["chosen"], response.context["page"].number) == (200, "arrivals", 1)


def test_a_longer_list_asks_the_database_no_more_often(client: Client, clerk: Person, house: Property) -> None:
    at_desk(client, clerk, house)
    due_today(clerk, house)
    client.get("/desk/")
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get("/desk/")
    for name in ("单雨桐", "仇采薇"):
        due_today(clerk, house, name)
    with CaptureQueriesContext(connection) as three:
        client.get("/desk/")
    assert len(three) == len(one)


def test_who_does_not_work_the_desk_sees_no_list(client: Client, house: Property) -> None:
    at_desk(client, make_person(house, "manager"), house)
    assert [client.get(page).status_code for page in ("/desk/", "/desk/search/", "/stays/walk-in/")] == [403, 403, 403]


def test_search_finds_by_name_and_keeps_the_term_out_of_the_address(
    client: Client, clerk: Person, house: Property
) -> None:
    reference = due_today(clerk, house, "单雨桐")
    response = at_desk(client, clerk, house).post("/desk/search/", {"term": "shanyutong"})
    assert [row.reference for row in response.context["found"].current] == [reference]
    assert client.get("/desk/search/?term=shanyutong").context["form"].is_bound is False


def test_a_term_that_is_too_long_is_refused_beside_the_box(client: Client, clerk: Person, house: Property) -> None:
    response = at_desk(client, clerk, house).post("/desk/search/", {"term": "x" * 101})
    assert ("found" in response.context, list(response.context["form"].errors)) == (False, ["term"])


def test_past_stays_are_shown_only_for_a_purpose_given(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room, departure_on=today(room.property))
    services.check_out_guest(actor=clerk, stay=stay, at=timezone.now(), unpaid_reason="")
    at_desk(client, clerk, room.property)
    asked = client.post("/desk/search/", {"term": stay.reference}).context["found"]
    shown = client.post("/desk/search/", {"term": stay.reference, "past": "1", "purpose": "guest_service"})
    assert (asked.past_count, asked.past) == (1, [])
    assert [row.reference for row in shown.context["found"].past] == [stay.reference]


def test_a_past_purpose_without_its_case_is_refused_and_shows_nothing(
    client: Client, clerk: Person, house: Property
) -> None:
    at_desk(client, clerk, house)
    response = client.post("/desk/search/", {"term": "zz", "past": "1", "purpose": "dispute"})
    assert list(response.context["purpose_form"].errors) == ["purpose_ref"]
    assert Event.objects.filter(action="purpose.refused").count() == 1


def test_who_has_no_purpose_says_first_what_for(client: Client, house: Property) -> None:
    at_desk(client, make_person(house, "second_approver"), house)
    response = client.post("/desk/search/", {"term": "shan"})
    assert ("found" in response.context, response.context["asks_first"]) == (False, True)


def test_the_purpose_is_kept_for_the_session(client: Client, clerk: Person, house: Property) -> None:
    at_desk(client, clerk, house)
    client.get("/desk/")
    begun = client.session["purpose"]["purpose"]
    client.post("/desk/purpose/", {"purpose": "bill", "purpose_ref": ""})
    assert (begun, client.session["purpose"]) == ("guest_service", {"purpose": "bill", "ref": ""})


def test_a_purpose_that_needs_a_case_is_not_kept_without(client: Client, clerk: Person, house: Property) -> None:
    response = at_desk(client, clerk, house).post("/desk/purpose/", {"purpose": "safety"})
    assert list(response.context["form"].errors) == ["purpose_ref"]


def test_a_case_of_a_stay_is_not_kept_for_the_session(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    case = services.open_desk_case(actor=clerk, property=room.property, kind="safety", stay=stay, at=timezone.now())
    why = {"purpose": "safety", "purpose_ref": case.number}
    response = at_desk(client, clerk, room.property).post("/desk/purpose/", why)
    assert list(response.context["form"].errors) == ["purpose_ref"]


def test_the_pages_speak_chinese_too(client: Client, clerk: Person, room: Room) -> None:
    at_desk(client, clerk, room.property)
    clerk.language = "zh-hans"
    clerk.save(update_fields=["language"])
    RoomFactory(property=room.property)
    pages = ("/desk/", "/desk/search/", "/stays/walk-in/", "/stays/new/", "/rooms/", "/cases/", "/desk/purpose/")
    languages = [(response.status_code, response["Content-Language"]) for response in map(client.get, pages)]
    assert languages == [(200, "zh-hans")] * len(pages)


def test_the_day_beside_the_house_is_the_business_day_of_its_lists(
    client: Client, clerk: Person, house: Property, settings: Settings
) -> None:
    settings.BUSINESS_DAY_TURNS_AT_HOUR = 24
    day = today(house)
    page = at_desk(client, clerk, house).get("/desk/")
    assert f"<strong>{house.name_en}</strong>\n      {day.isoformat()}" in page.content.decode()
