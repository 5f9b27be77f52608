"""A confidential hold leaves no trace for who is not named: whole pages with and without it are the same."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from privacy.models import Hold
from privacy.services import holding
from privacy.tests.factories import make_hold, make_person, make_request, subjects_of
from privacy.tests.visits import at_desk, of, verified
from staff import permissions as rights

pytestmark = pytest.mark.django_db

# What differs from one answer to the next without meaning anything.
CHANGING = (
    r'name="csrfmiddlewaretoken" value="[^"]+"',
    r"X-CSRFToken[^,}]+",
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
)


def page(client, address):
    """The whole page as the browser gets it."""
    answer = client.get(address)
    text = answer.content.decode()
    for what in CHANGING:
        text = re.sub(what, "", text)
    return answer.status_code, text


@pytest.fixture
def outsider(house):
    """Decides here, and is named nowhere."""
    return make_person(house, "privacy_officer")


@pytest.fixture
def request_(house, stay):
    return verified(house, stay=stay)


def secret_on(stay, officer, approver, at=None, **facts):
    at = at or timezone.now()
    plain = {"about": holding.About(stay=stay), "kind": "authority", "reason": "freeze_notice", "authority": "市公安局"}
    plain |= {"document_number": "2026-17", "review_on": stay.property.today(at) + timedelta(days=9)}
    plain |= {"confidential": True, "officers": [approver]}
    return holding.place_hold(actor=officer, property=stay.property, at=at, **(plain | facts))


def addresses(stay, request_):
    return [
        "/holds/",
        "/holds/?list=due",
        "/holds/?list=second",
        "/holds/?list=over",
        "/holds/?kind=authority",
        "/requests/",
        of(request_),
        f"/stays/{stay.reference}/",
        "/requests/figures/",
        "/requests/new/",
        "/holds/new/",
    ]


def test_every_page_of_the_office_is_the_same(client, officer, approver, outsider, stay, request_):
    make_hold(stay.property, placed_by=officer, stay=stay, at=timezone.now())
    at_desk(client, outsider, stay.property)
    asked = addresses(stay, request_)
    without = [page(client, address) for address in asked]
    hold = secret_on(stay, officer, approver)
    Hold.objects.filter(pk=hold.pk).update(review_on=stay.property.today(timezone.now()) - timedelta(days=1))
    assert [page(client, address) for address in asked] == without
    at_desk(client, approver, stay.property)
    assert [hold.number in page(client, address)[1] for address in ("/holds/", "/holds/?list=due", of(request_))] == [
        True, True, True,
    ]  # fmt: skip
    assert "1" in re.findall(r"Holds to look at again: (\d+)", page(client, "/requests/")[1])


@pytest.mark.parametrize("deed", ["", "review/", "renew/", "officers/"])
def test_its_pages_are_those_of_a_hold_that_does_not_exist(client, officer, approver, outsider, stay, deed):
    hold = secret_on(stay, officer, approver)
    at_desk(client, outsider, stay.property)
    there, nowhere = (page(client, f"/holds/{number}/{deed}") for number in (hold.number, "HC-999999"))
    assert there[0] == 404
    assert there[1].replace(hold.number, "") == nowhere[1].replace("HC-999999", "")


@pytest.mark.parametrize("deed", ["approve/", "ask-release/", "release/", "document/"])
def test_its_deeds_too(client, officer, approver, outsider, stay, deed):
    hold = secret_on(stay, officer, approver)
    at_desk(client, outsider, stay.property)
    assert client.post(f"/holds/{hold.number}/{deed}").status_code == 404


def test_the_numbers_of_the_others_show_no_gap(officer, approver, stay):
    facts = {"kind": "internal", "reason": "dispute", "until": timezone.now() + timedelta(days=30)}
    facts |= {"confidential": False, "officers": [], "authority": "", "document_number": ""}
    numbers = [secret_on(stay, officer, approver, **(facts if open_one else {})).number for open_one in (1, 0, 1)]
    assert [number.split("-")[0] for number in numbers] == ["H", "HC", "H"]
    assert int(numbers[2].split("-")[1]) - int(numbers[0].split("-")[1]) == 1


# The log


def test_the_managers_log_tells_nothing_of_it(client, officer, approver, manager, stay):
    at_desk(client, manager, stay.property)
    client.get(reverse("access_log"))
    without = lines(client)
    hold = secret_on(stay, officer, approver)
    holding.ask_release(hold=hold, actor=approver, at=timezone.now())
    assert Event.objects.filter(object_ref=hold.number).count() == 2
    assert [line for line in lines(client) if line not in without and "log" not in line] == []


def lines(client):
    """The sentences of the log, as the manager reads them."""
    answer = client.get(reverse("access_log"))
    return [str(told.sentence) for told in answer.context["lines"]]


def test_who_did_it_reads_it_among_their_own_lines(client, officer, approver, stay):
    hold = secret_on(stay, officer, approver)
    seen = {}
    for person in (officer, approver):
        at_desk(client, person, stay.property)
        told = client.get(reverse("own_lines")).context["lines"]
        seen[person.pk] = any(line.event and line.event.object_ref == hold.number for line in told)
    assert seen == {officer.pk: True, approver.pk: False}


def test_a_list_that_shows_it_counts_the_others_alone(client, officer, approver, stay):
    secret_on(stay, officer, approver)
    make_hold(stay.property, placed_by=officer, stay=stay, at=timezone.now())
    at_desk(client, officer, stay.property).get("/holds/")
    assert Event.objects.filter(action="holds.listed").latest("id").detail == {"count": 1}


def test_nothing_of_it_stands_under_guest_stay_or_request(client, officer, approver, stay, request_):
    before = Event.objects.about_subjects(subjects_of(stay)).count()
    hold = secret_on(stay, officer, approver)
    at_desk(client, approver, stay.property).get(f"/holds/{hold.number}/")
    client.post(f"/holds/{hold.number}/document/")
    rows = Event.objects.filter(object_ref=hold.number).order_by("id")
    assert {row.object_type for row in rows} == {"secret_hold"}
    assert (Event.objects.about_subjects(subjects_of(stay)).count(), request_.steps.count()) == (before, 0)


def test_the_named_open_the_documents_number_and_it_is_on_record(client, officer, approver, stay):
    hold = secret_on(stay, officer, approver, document_number="京0105-77")
    at_desk(client, approver, stay.property)
    plain = client.get(f"/holds/{hold.number}/").content.decode()
    shown = client.post(f"/holds/{hold.number}/document/").content.decode()
    assert ("京0105-77" in plain, "京0105-77" in shown) == (False, True)
    row = Event.objects.get(action="hold.document_opened")
    assert (row.actor, row.actor_role, row.object_ref, row.purpose) == (
        approver.pk, rights.who(approver, stay.property).role, hold.number, "authority",
    )  # fmt: skip


def test_on_whom_it_lies_is_asked_by_number_alone(client, officer, house, stay):
    asked = make_request(house, state="in_review", stay=stay, at=timezone.now())
    at_desk(client, officer, house)
    day = house.today(timezone.now()) + timedelta(days=9)
    plain = {"kind": "internal", "reason": "dispute", "review_on": day, "until": day}
    for typed in (
        {"on": "guest", "stay": stay.reference, "place": "1"},
        {"on": "guest", "asked": asked.number},
        {"on": "room", "room": stay.room_uses.get().room.number, "first_on": day, "last_on": day},
        {"on": "asked", "asked": asked.number},
    ):
        assert client.post("/holds/new/", plain | typed).status_code == 302
    made = Hold.objects.order_by("pk").values_list("subject", "stay", "room", "request")
    guest, room = subjects_of(stay)[0], stay.room_uses.get().room_id
    assert list(made) == [
        (guest, None, None, None), (guest, None, None, None), (None, None, room, None), (None, None, None, asked.pk),
    ]  # fmt: skip
