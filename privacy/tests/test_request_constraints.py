"""What the database refuses of requests, told in SQL: nothing runs unverified, four eyes, reasons."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from privacy.models import Request
from privacy.tests.factories import AT, TODAY, State, make_person, make_request
from privacy.tests.plain_sql import change, refusing
from staff.models import Person, Property
from vault.services import new_subject

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=1)
VERIFIED_ONLY = "request_runs_verified_only"


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("kind", Request.Kind.values)
def test_a_request_of_every_kind_can_be_in_every_state(house: Property, kind: str, state: str) -> None:
    made = make_request(house, kind=kind, state=state)
    assert Request.objects.values_list("kind", "state").get(pk=made.pk) == (kind, state)


NEEDS_IDENTITY = [kind for kind in Request.Kind.values if kind not in ("complaint", "explanation")]
RUNNING = {
    "in_review": {"state": "in_review"},
    "awaiting_second": {"state": "awaiting_second", "decision": "refused"},
    "executing": {"state": "executing", "decision": "refused"},
    "granted": {"state": "closed", "result": "granted", "closed_at": LATER},
    "partly": {"state": "closed", "result": "partly", "closed_at": LATER},
    "decided": {"decision": "granted"},
    "decided partly": {"decision": "partly"},
}


def seen(request: Request) -> dict[str, Any]:
    """Columns that answer for everything but who asks."""
    return {
        "refusal_ground": "no_ground",
        "decided_by_id": make_person(request.property, "privacy_officer"),
        "approved_by_id": make_person(request.property, "second_approver"),
        "decided_at": AT,
    }


@pytest.mark.parametrize("columns", RUNNING.values(), ids=RUNNING)
@pytest.mark.parametrize("kind", NEEDS_IDENTITY)
@pytest.mark.parametrize("channel", Request.Channel.values)
def test_nothing_runs_unverified(house: Property, kind: str, channel: str, columns: dict[str, Any]) -> None:
    request = make_request(house, kind=kind, channel=channel, state=State.VERIFYING)
    assert refusing(request, **seen(request), **columns) == VERIFIED_ONLY


@pytest.mark.parametrize("columns", RUNNING.values(), ids=RUNNING)
def test_a_duplicate_does_not_inherit_that_the_other_was_verified(house: Property, columns: dict[str, Any]) -> None:
    first = make_request(house, state=State.IN_REVIEW)
    second = make_request(house, state=State.VERIFYING, duplicate_of=first)
    assert refusing(second, **seen(second), **columns) == VERIFIED_ONLY


@pytest.mark.parametrize("columns", [{"verified_at": AT}, {"guest_id": None}], ids=["no guest", "no time"])
def test_verified_means_when_and_as_whom(house: Property, columns: dict[str, Any]) -> None:
    request = make_request(house, state=State.VERIFYING)
    as_whom = {} if "verified_at" in columns else {"guest_id": new_subject()}
    assert refusing(request, **(columns | as_whom), state="in_review") == VERIFIED_ONLY


def test_verification_cannot_be_taken_away_from_what_runs(house: Property) -> None:
    request = make_request(house, state=State.EXECUTING)
    assert refusing(request, verified_at=None) == VERIFIED_ONLY


def test_no_import_brings_in_what_runs_unverified(house: Property) -> None:
    with pytest.raises(IntegrityError, match=f'"{VERIFIED_ONLY}"'), transaction.atomic():
        Request.objects.bulk_create(
            [
                Request(
                    number="R-2026-000001",
                    property=house,
                    kind="access",
                    channel="letter",
                    requester_id=new_subject("requester"),
                    state="in_review",
                    received_at=AT,
                    due_on=TODAY,
                )
            ]
        )


@pytest.mark.parametrize("kind", ["complaint", "explanation"])
def test_complaints_and_questions_need_no_identity(house: Property, kind: str) -> None:
    assert refusing(make_request(house, kind=kind, state=State.VERIFYING), state="in_review") == ""


@pytest.mark.parametrize(
    ("state", "columns", "constraint"),
    [
        ("in_review", {"state": "closed", "closed_at": AT}, "request_closed_has_result"),
        ("in_review", {"state": "closed", "result": "withdrawn"}, "request_closed_has_result"),
        ("in_review", {"result": "withdrawn", "closed_at": AT}, "request_closed_has_result"),
        ("in_review", {"closed_at": AT}, "request_closed_has_result"),
        ("closed", {"state": "in_review"}, "request_closed_has_result"),
        ("in_review", {"state": "closed", "result": "refused", "closed_at": AT}, "request_refused_has_ground"),
        ("in_review", {"decision": "refused"}, "request_refused_has_ground"),
        ("in_review", {"state": "awaiting_second"}, "request_carried_out_was_decided"),
        ("in_review", {"state": "awaiting_second", "decision": "granted"}, "request_carried_out_was_decided"),
        ("in_review", {"paused_at": AT}, "request_paused_has_reason"),
        ("in_review", {"extended_at": AT}, "request_extended_has_reason"),
        ("awaiting_second", {"state": "executing"}, "request_deletion_has_two"),
        ("in_review", {"state": "closed", "result": "granted", "closed_at": AT}, "request_deletion_has_two"),
        ("closed", {"approved_by_id": None}, "request_deletion_has_two"),
        ("closed", {"rating": 6}, "request_rating_sane"),
        ("closed", {"rating": 0}, "request_rating_sane"),
        ("received", {"kind": "everything"}, "request_kind_known"),
        ("received", {"acts_as": "spouse"}, "request_acts_as_known"),
        ("received", {"language": "fr"}, "request_language_known"),
        ("received", {"state": "lost"}, "request_state_known"),
        ("received", {"decision": "maybe"}, "request_decision_known"),
    ],
)
def test_a_request_must_make_sense(house: Property, state: str, columns: dict[str, Any], constraint: str) -> None:
    assert refusing(make_request(house, state=state), **columns) == constraint


@pytest.mark.parametrize("result", ["withdrawn", "unverified"])
def test_a_request_may_end_without_being_verified(house: Property, result: str) -> None:
    request = make_request(house, state=State.VERIFYING)
    assert refusing(request, state="closed", result=result, closed_at=AT) == ""


def test_an_unverified_request_may_be_refused_with_its_reason(house: Property) -> None:
    request = make_request(house, state=State.VERIFYING)
    assert refusing(request, state="closed", result="refused", refusal_ground="no_standing", closed_at=AT) == ""


def test_who_decided_cannot_approve(house: Property, officer: Person) -> None:
    request = make_request(house, state=State.AWAITING_SECOND, decided_by=officer)
    assert refusing(request, approved_by_id=officer) == "request_approver_did_not_decide"


def test_who_took_it_in_cannot_approve(house: Property, officer: Person, approver: Person) -> None:
    request = make_request(house, state=State.AWAITING_SECOND, decided_by=officer, taken_in_by=approver)
    assert refusing(request, approved_by_id=approver) == "request_approver_did_not_take_in"


def test_nothing_undecided_is_approved(house: Property, approver: Person) -> None:
    request = make_request(house, state=State.IN_REVIEW)
    assert refusing(request, approved_by_id=approver) == "request_approver_did_not_decide"


def test_a_third_person_may_approve(house: Property, clerk: Person, officer: Person, approver: Person) -> None:
    request = make_request(house, state=State.AWAITING_SECOND, decided_by=officer, taken_in_by=clerk)
    assert refusing(request, approved_by_id=approver) == ""


def test_a_request_is_neither_its_own_duplicate_nor_appeal(house: Property) -> None:
    request = make_request(house)
    assert refusing(request, duplicate_of_id=request.pk) == "request_not_its_own_duplicate"
    with pytest.raises(IntegrityError, match='"request_appeals_another"'), transaction.atomic():
        make_request(house, kind="deletion", appeal_of=request)
    assert make_request(house, kind="appeal", appeal_of=request).appeal_of == request


@pytest.mark.parametrize(
    "column", ["number", "property_id", "channel", "requester_id", "received_at", "taken_in_by_id", "appeal_of_id"]
)
def test_what_a_request_is_never_changes(house: Property, column: str) -> None:
    request = make_request(house)
    with pytest.raises(DatabaseError, match="permission denied"):
        change(request, **{column: getattr(request, column)})
