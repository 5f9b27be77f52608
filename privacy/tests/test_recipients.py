"""Recipients are told: a task with the receipt for each report the public-security system holds (M37)."""

from datetime import timedelta

import pytest
from django.test import Client

from privacy.models import Request, Task
from privacy.services import executing
from privacy.services.ending_restrictions import finish_restrictions
from privacy.tests.factories import companion, lead
from privacy.tests.sheets import LATER, REGISTER_OVER, a_past_stay, approved, decided, in_review
from privacy.tests.visits import at_desk, of
from staff.models import Person
from stays.models import Registration, Room, Stay

pytestmark = pytest.mark.django_db


@pytest.fixture
def past(clerk: Person, room: Room) -> Stay:
    """A stay of two that is over; both were reported, the guest's report has its receipt."""
    stay = a_past_stay(clerk, room, lead(), companion())
    Registration.objects.update(state="sent")
    Registration.objects.filter(occupant__position=1).update(state="acknowledged", receipt="PSB-2026-7")
    return stay


def told(request: Request) -> list[tuple[str, object]]:
    return list(Task.objects.filter(request=request, kind="recipient").values_list("about", "due_on"))


def carried_out(stay: Stay, officer: Person, kind: str, at: object = LATER) -> Request:
    make = approved if kind == "deletion" else decided
    request = make(in_review(stay, kind=kind, officer=officer), officer, at)
    executing.execute_decision(request=request, actor=officer, at=at)
    return request


IN_A_WEEK = LATER.date() + timedelta(days=7)


@pytest.mark.parametrize("kind", ["deletion", "restriction"])
def test_a_restricted_register_entry_is_told_for_this_guest_only(officer: Person, past: Stay, kind: str) -> None:
    assert told(carried_out(past, officer, kind)) == [("PSB-2026-7", IN_A_WEEK)]


def test_an_erased_register_entry_is_told(officer: Person, past: Stay) -> None:
    request = carried_out(past, officer, "deletion", REGISTER_OVER)
    assert told(request) == [("PSB-2026-7", REGISTER_OVER.date() + timedelta(days=7))]


def test_told_again_when_the_restriction_ends_in_erasing(officer: Person, past: Stay) -> None:
    request = carried_out(past, officer, "deletion")
    finish_restrictions(at=REGISTER_OVER)
    assert [about for about, _due in told(request)] == ["PSB-2026-7"] * 2


def test_without_a_receipt_the_stay_is_named(officer: Person, past: Stay) -> None:
    Registration.objects.update(state="sent", receipt="")
    assert told(carried_out(past, officer, "restriction")) == [(past.reference, IN_A_WEEK)]


def test_what_was_never_reported_is_told_to_nobody(officer: Person, past: Stay) -> None:
    Registration.objects.update(state="failed", receipt="")
    assert told(carried_out(past, officer, "restriction")) == []


def test_the_request_shows_the_receipt(client: Client, officer: Person, past: Stay) -> None:
    request = carried_out(past, officer, "deletion")
    text = at_desk(client, officer, past.property).get(of(request)).content.decode()
    assert ["Tell a recipient" in text, "PSB-2026-7" in text, "item:" in text] == [True, True, False]
