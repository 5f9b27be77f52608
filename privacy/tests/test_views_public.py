"""The public pages: they look nothing up, and whatever is wrong gets one and the same answer."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from privacy.models import Delivery, Request
from privacy.tests.factories import guest, lead, make_request
from privacy.tests.requesting import assert_nameless, held, papers
from privacy.tests.visits import at_desk, in_house, of, reasons, taken_in, verified
from privacy.views.following import OPEN_FOR
from staff.models import Person, Property
from stays.models import Room

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_limits_used_up() -> None:
    """Tests share an address."""
    cache.clear()


def asked_for(house: Property, **typed: Any) -> dict[str, Any]:
    """What somebody types on the public page."""
    plain = {"kind": "deletion", "acts_as": "self", "property": house.pk, "name": "欧阳海棠", "form": "one"}
    return plain | typed


def followed(client: Client, house: Property, **facts: Any) -> Request:
    """A request from the web that is open on the public page of this browser."""
    taken = taken_in(house, None, **facts)
    client.post("/follow/", {"number": taken.request.number, "code": taken.follow_code})
    return taken.request


def test_anybody_asks_and_gets_number_and_code_once(client: Client, house: Property) -> None:
    typed = asked_for(house, words="Erase it all.", document_tail="1233", arrival_on="2026-11-01")
    given = client.post("/ask/", typed)
    asked = Request.objects.get()
    assert (asked.channel, asked.taken_in_by, asked.guest_id, asked.stay_id) == ("web", None, None, None)
    text = given.content.decode()
    assert [value in text for value in (asked.number, given.context["code"], "1233")] == [True, True, False]
    again = client.get("/ask/done/").content.decode()
    assert [value in again for value in (asked.number, given.context["code"])] == [True, False]


def test_a_room_number_is_sealed_with_the_rest(client: Client, house: Property) -> None:
    given = client.post("/ask/", asked_for(house, room_number="0812", arrival_on="2026-11-01"))
    asked = Request.objects.get()
    assert held(papers(asked).filter(category="draft")) == {"arrival_on": "2026-11-01", "room_number": "0812"}
    assert "0812" not in given.content.decode()
    assert_nameless(asked)


def test_a_form_sent_twice_is_one_request(client: Client, house: Property) -> None:
    client.post("/ask/", asked_for(house))
    assert client.post("/ask/", asked_for(house)).headers["Location"] == "/ask/done/"
    assert Request.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"name": ""}, ["name"]),
        ({"kind": "appeal"}, ["kind"]),
        ({"property": "0"}, ["property"]),
        ({"document_tail": "12"}, ["document_tail"]),
        ({"card_last4": "12345"}, ["card_last4"]),
        ({"arrival_on": "soon"}, ["arrival_on"]),
        ({"email": "nowhere"}, ["email"]),
        ({"name": "a\u202eb"}, ["name"]),
        ({"stay_reference": "x" * 17}, ["stay_reference"]),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    client: Client, house: Property, typed: dict[str, str], wrong: list[str]
) -> None:
    page = client.post("/ask/", asked_for(house, words="Erase it all.") | typed)
    assert list(page.context["form"].errors) == wrong
    assert ("Erase it all." in page.content.decode(), Request.objects.count()) == (True, 0)


def test_the_answer_is_the_same_whether_or_not_there_is_a_stay(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room)
    texts = []
    for number, reference in enumerate((stay.reference, "2026-999999")):
        page = client.post("/ask/", asked_for(room.property, stay_reference=reference, form=str(number)))
        text = page.content.decode()
        for told in (page.context["number"], page.context["code"], page.wsgi_request.META.get("CSRF_COOKIE", "-")):
            text = text.replace(told, "")
        texts.append([line for line in text.splitlines() if "csrf" not in line.lower() and "request-id" not in line])
    assert texts[0] == texts[1]
    assert list(Request.objects.values_list("stay", "guest")) == [(None, None)] * 2


def test_too_many_posts_from_one_address_are_not_looked_at(client: Client, house: Property) -> None:
    answers = [client.post("/ask/", asked_for(house, name="")).status_code for _each in range(11)]
    assert answers == [200] * 10 + [429]


def test_whatever_is_wrong_with_number_or_code_reads_the_same(client: Client, house: Property) -> None:
    taken = taken_in(house, None)
    wrong = [("R-2020-000001", taken.follow_code), (taken.request.number, "0000-0000-0000"), ("nonsense", "x")]
    told = [reasons(client.post("/follow/", {"number": number, "code": code})) for number, code in wrong]
    assert (
        told == [["This number and code do not open anything, or no longer."]] * 3
        or len({str(each) for each in told}) == 1
    )
    assert "followed" not in client.session


def test_one_follows_ones_own_request(client: Client, house: Property) -> None:
    client.cookies["django_language"] = "en"
    asked = followed(client, house, words="Erase it all.")
    page = client.get("/follow/")
    text = page.content.decode()
    assert page.context["asked"] == asked
    assert [value in text for value in (asked.number, asked.due_on.isoformat(), "欧阳海棠")] == [True, True, False]


def test_another_browser_follows_nothing(client: Client, house: Property) -> None:
    followed(client, house)
    other = Client()
    assert [other.post(f"/follow/{deed}/").headers["Location"] for deed in ("add", "withdraw", "rate", "appeal")] == [
        "/follow/"
    ] * 4
    assert "asked" not in other.get("/follow/").context


def test_the_page_closes_by_itself_and_by_hand(client: Client, house: Property) -> None:
    followed(client, house)
    session = client.session
    session["followed"]["until"] -= OPEN_FOR.total_seconds()
    session.save()
    assert "asked" not in client.get("/follow/").context
    followed(client, house)
    client.post("/follow/", {"leave": "1"})
    assert "asked" not in client.get("/follow/").context


def test_a_new_session_key_begins_with_it(client: Client, house: Property) -> None:
    client.post("/ask/", asked_for(house))
    before = client.session.session_key
    followed(client, house)
    assert client.session.session_key != before


def test_one_adds_withdraws_rates_and_appeals(client: Client, house: Property) -> None:
    asked = followed(client, house)
    client.post("/follow/add/", {"text": "I stayed in May."})
    assert "I stayed in May." in client.get("/follow/").content.decode()
    client.post("/follow/withdraw/")
    client.post("/follow/rate/", {"rating": "4", "comment": "quick"})
    asked.refresh_from_db()
    assert (asked.state, asked.result, asked.rating) == ("closed", "withdrawn", 4)
    given = client.post("/follow/appeal/", {"words": "I changed my mind."})
    appeal = Request.objects.get(appeal_of=asked)
    assert (given.context["number"], given.context["code"] in given.content.decode()) == (appeal.number, True)


def test_what_is_sent_wrongly_is_kept(client: Client, house: Property) -> None:
    followed(client, house)
    page = client.post("/follow/add/", {"text": "a\u202eb I stayed in May."})
    assert (len(reasons(page)), "I stayed in May." in page.content.decode()) == (1, True)


def test_a_code_is_asked_for_with_one_answer_for_all(client: Client, clerk: Person, room: Room) -> None:
    in_house(clerk, room)
    told = []
    for name in ("欧阳海棠", "Nobody Known"):
        followed(client, room.property, name=name)
        page = client.post("/follow/code/", follow=True)
        told.append([str(message) for message in page.context["messages"]])
    assert told[0] == told[1] != []


def test_a_code_that_is_wrong_is_answered_like_one_that_is_right(client: Client, house: Property) -> None:
    followed(client, house)
    answers = [client.post("/follow/code/check/", {"code": code}) for code in ("123456", "12")]
    assert [answer.status_code for answer in answers] == [302, 200]


def test_steps_that_tell_of_a_record_are_not_shown(client: Client, officer: Person, house: Property) -> None:
    asked = followed(client, house)
    office = at_desk(Client(), officer, house)
    office.post(of(asked, "verify/"), {"name": "欧阳海棠"})
    codes = {step.code for step in client.get("/follow/").context["file"].steps}
    assert ("request.check_failed" in codes, "request.received" in codes) == (False, True)


def test_a_link_shows_a_button_and_opens_once(
    client: Client, officer: Person, clerk: Person, room: Room, mailoutbox: Any
) -> None:
    stay = in_house(clerk, room, lead(1, guest=guest(email="hai@example.com")))
    asked = verified(room.property, stay=stay)
    office = at_desk(Client(), officer, room.property)
    office.post(of(asked, "letters/new/"), {"kind": "need_more"})
    letter = asked.letters.get()
    office.post(of(asked, "link/"), {"letter": letter.pk, "kind": "letter"})
    page = next(word for word in mailoutbox[0].body.split() if "/answer/" in word)
    looked = [client.get(page).status_code for _each in range(2)]
    assert (looked, Delivery.objects.get().opened_at) == ([200, 200], None)
    opened = client.post(page)
    assert [file["name"][-4:] for file in opened.context["files"]] == [".pdf"]
    assert client.post(page).status_code == 404


def test_an_unknown_link_looks_like_any_other_until_it_is_opened(client: Client) -> None:
    assert client.get("/answer/nothing/").status_code == 200
    assert client.post("/answer/nothing/").status_code == 404


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_public_pages_are_in_both_languages(client: Client, house: Property, language: str) -> None:
    client.cookies["django_language"] = language
    make_request(house, at=timezone.now() - timedelta(days=1))
    for page in ("/ask/", "/follow/", "/answer/x/"):
        assert client.get(page).headers["Content-Language"] == language
