"""A request is taken in: number, clock, code, everything said sealed, nothing looked up."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Event
from privacy import refusals, services
from privacy.models import Appointment, Request
from privacy.services import secrets
from privacy.tests.factories import AT, TODAY, make_person, make_profile, make_property
from privacy.tests.requesting import (
    SAID,
    WORDS,
    as_log_row,
    assert_nameless,
    held,
    log_row,
    papers,
    steps,
    take_in,
)
from staff.models import Person, Property
from staff.permissions import NotAllowed
from stays.models import Stay
from vault.models import Subject

pytestmark = pytest.mark.django_db
TOLD = ["name", "phone", "email", "text"]


def test_a_request_gets_number_clock_and_code(clerk: Person, house: Property) -> None:
    taken = take_in(clerk, house)
    request = Request.objects.get(pk=taken.request.pk)
    assert (request.number[:7], len(request.number), request.state) == ("R-2026-", 13, "received")
    assert (request.due_on, request.taken_in_by, request.guest_id) == (TODAY + timedelta(days=30), clerk, None)
    assert request.follow_code_hash == secrets.follow_hash(taken.follow_code, request.pk)
    assert request.requester.kind == Subject.Kind.REQUESTER


def test_what_was_said_is_sealed_under_the_requester(clerk: Person, house: Property) -> None:
    request = take_in(clerk, house, stay_reference="2026-000001").request
    assert held(papers(request)) == {
        "name": SAID["name"],
        "phone": SAID["phone"],
        "email": SAID["email"],
        "text": WORDS,
        "stay_reference": "2026-000001",
    }
    assert set(papers(request).values_list("subject", flat=True)) == {request.requester_id}
    assert_nameless(request)


def test_the_log_names_what_was_given_and_nobody(clerk: Person, house: Property) -> None:
    request = take_in(clerk, house).request
    detail = {"kind": "deletion", "channel": "desk", "acts_as": "self"}
    row = as_log_row(clerk, request, "front_desk", subjects=[request.requester_id], fields=TOLD, detail=detail)
    assert log_row("request.received", request) == row
    assert steps(request) == ["request.received"]


def test_the_public_page_is_a_row_without_a_person(house: Property, stay: Stay) -> None:
    request = take_in(None, house, facts={"stay_reference": stay.reference, "document_tail": "1234"}).request
    detail = {"kind": "deletion", "channel": "web", "acts_as": "self"}
    fields = [*TOLD, "stay_reference", "document_tail"]
    row = as_log_row(None, request, "requester", subjects=[request.requester_id], fields=fields, detail=detail)
    assert log_row("request.received", request) == row
    assert (request.stay, request.guest_id, request.taken_in_by) == (None, None, None)


def test_the_public_page_looks_nothing_up(house: Property, stay: Stay) -> None:
    def asked(**facts: str) -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            take_in(None, house, name=facts.pop("name", SAID["name"]), facts=facts)
        said = [each["sql"] for each in queries.captured_queries if "SAVEPOINT" not in each["sql"]]
        return [re.split(" VALUES |'", sql)[0][:60] for sql in said]  # without what was said

    known = asked(stay_reference=stay.reference)
    assert asked(stay_reference="2026-999999", name="无此人") == known
    assert [sql for sql in known if "stays_" in sql or "vault_read" in sql or "search." in sql] == []


def test_a_request_from_a_stay_keeps_the_stay_and_no_guest(clerk: Person, house: Property, stay: Stay) -> None:
    request = take_in(clerk, house, stay=stay).request
    assert (request.stay, request.guest_id) == (stay, None)


def test_two_requests_have_two_requesters(clerk: Person, house: Property) -> None:
    first, second = take_in(clerk, house).request, take_in(clerk, house).request
    assert first.requester_id != second.requester_id
    assert int(second.number[7:]) == int(first.number[7:]) + 1


def test_the_clock_is_that_of_the_law_of_the_house(clerk: Person, house: Property) -> None:
    make_profile(answer_days=10)
    assert take_in(clerk, house).request.due_on == TODAY + timedelta(days=10)
    house.jurisdiction = "EU"
    assert take_in(clerk, house).request.due_on == date(2026, 6, 12)


def test_a_complaint_needs_no_earlier_request(clerk: Person, house: Property) -> None:
    request = take_in(clerk, house, kind="complaint").request
    assert (request.kind, request.appeal_of, services.is_verified_for(request)) == ("complaint", None, True)


def test_a_complex_request_gets_an_appointment(clerk: Person, house: Property) -> None:
    planned_at = AT + timedelta(days=2)
    request = take_in(clerk, house, is_complex=True, appointment_at=planned_at).request
    assert (request.is_complex, [each.at for each in Appointment.objects.filter(request=request)]) == (
        True,
        [planned_at],
    )
    assert steps(request) == ["request.received", "request.appointment_made"]


@pytest.mark.parametrize("planned_at", [None, AT, AT - timedelta(days=1)])
def test_no_appointment_or_a_past_one_is_refused(clerk: Person, house: Property, planned_at: Any) -> None:
    with pytest.raises(refusals.AppointmentMissing):
        take_in(clerk, house, is_complex=True, appointment_at=planned_at)


def test_how_an_appointment_went_is_noted_once(officer: Person, clerk: Person, house: Property) -> None:
    request = take_in(clerk, house).request
    made = services.make_appointment(request=request, actor=officer, planned_at=AT + timedelta(days=1), at=AT)
    assert services.note_appointment(appointment=made, actor=officer, kept=False, at=AT).kept is False
    assert log_row("request.appointment_kept", request) == as_log_row(officer, request, detail={"kept": 0})
    with pytest.raises(refusals.AppointmentSettled):
        services.note_appointment(appointment=made, actor=officer, kept=True, at=AT)


@pytest.mark.parametrize("role", ["front_desk", "finance", "privacy_officer", "second_approver", "manager"])
def test_who_meets_guests_takes_in(house: Property, role: str) -> None:
    person = make_person(house, role)
    assert take_in(person, house).request.taken_in_by == person


def test_others_do_not_take_in(house: Property, stranger: Person) -> None:
    for person in (stranger, make_person(house, "administrator")):
        with pytest.raises(NotAllowed):
            take_in(person, house)


def test_who_takes_in_does_not_see_the_request(clerk: Person, house: Property) -> None:
    request = take_in(clerk, house).request
    assert list(Request.objects.visible_to(clerk)) == []
    assert list(Request.objects.taken_in_by(clerk)) == [request]


def test_a_stay_of_another_house_is_refused(clerk: Person, house: Property, stay: Stay) -> None:
    elsewhere = make_property()
    with pytest.raises(refusals.StayNotHere):
        take_in(make_person(elsewhere, "front_desk"), elsewhere, stay=stay)
    assert Request.objects.count() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "appeal"},
        {"kind": "wish"},
        {"channel": "web"},
        {"channel": "fax"},
        {"acts_as": "king"},
        {"language": "fr"},
        {"name": "  "},
        {"words": "长" * 4001},
        {"facts": {"shoe_size": "44"}},
        {"facts": {"document_tail": "1" * 201}},
    ],
)
def test_what_no_form_lets_through_is_an_error(clerk: Person, house: Property, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        take_in(clerk, house, **wrong)
    assert (Request.objects.count(), Event.objects.filter(action="request.received").count()) == (0, 0)


def test_only_the_public_page_takes_in_without_a_person(house: Property) -> None:
    with pytest.raises(ValueError):
        take_in(None, house, channel="desk")
