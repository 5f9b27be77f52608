"""Deciding: what the rows amount to, the second person, back to review, and closing."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from privacy import actions
from privacy.models import Letter, Request, Task
from privacy.refusals import (
    GroundMissing,
    ItemSettled,
    NotVerified,
    SamePerson,
    SheetIncomplete,
    UnknownReason,
    WrongState,
)
from privacy.services import deciding, executing, sheets
from privacy.tests.factories import State, checked_in, make_person, make_request
from privacy.tests.sheets import (
    BILL_OVER,
    LATER,
    approved,
    decided,
    in_review,
    log_row,
    log_rows,
)
from staff.permissions import NotAllowed
from vault import services as vault

pytestmark = pytest.mark.django_db


def send_letter(request, officer, kind=None):
    envelope = vault.seal(subject=request.requester_id, category="note", content={"text": "…"}, belongs_to=request.pk)
    facts = {"request": request, "kind": kind or request.decision, "language": "en", "made_at": LATER}
    return Letter.objects.create(**facts, made_by=officer, envelope=envelope, sent_at=LATER, way="in_person")


def choose_all(request, officer, chosen, at=LATER):
    for item in sheets.make_sheet(request=request, actor=officer, at=at):
        reason = "" if item.proposed == chosen else "guest_agrees"
        sheets.choose_item(item=item, actor=officer, chosen=chosen, reason=reason, at=at)


def test_erased_and_restricted_is_partly_and_waits_for_a_second_person(officer, request_):
    request = decided(request_, officer)
    assert (request.decision, request.state, request.decided_by, request.decided_at) == (
        "partly", State.AWAITING_SECOND, officer, LATER,
    )  # fmt: skip
    assert log_rows(actions.REQUEST_DECIDED) == [
        log_row(actions.REQUEST_DECIDED, officer, request, detail={"decision": "partly"})
    ]


def test_all_erased_is_granted(officer, request_):
    assert decided(request_, officer, BILL_OVER).decision == "granted"


def test_nothing_done_is_refused_and_needs_its_ground(clerk, officer, room):
    request = in_review(checked_in(clerk, room))
    for ground in ("", "we_like_it"):
        with pytest.raises(GroundMissing):
            decided(request, officer, refusal_ground=ground)
    refused = decided(request, officer, refusal_ground="still_needed")
    assert (refused.decision, refused.refusal_ground, refused.state) == (
        "refused", "still_needed", State.AWAITING_SECOND,
    )  # fmt: skip
    assert log_rows(actions.REQUEST_DECIDED)[0]["detail"] == {"decision": "refused", "ground": "still_needed"}


def test_a_refusal_without_a_ground_is_impossible_in_the_database(officer, request_):
    with pytest.raises(IntegrityError, match="request_refused_has_ground"), transaction.atomic():
        Request.objects.filter(pk=request_.pk).update(
            decision="refused", decided_by=officer, decided_at=LATER, state=State.AWAITING_SECOND
        )


def test_where_nothing_is_held_that_is_the_ground(officer, house):
    request = make_request(house, state=State.IN_REVIEW)
    assert decided(request, officer, refusal_ground="nothing_held").refusal_ground == "nothing_held"


def test_every_row_has_a_choice_first(officer, request_):
    sheets.make_sheet(request=request_, actor=officer, at=LATER)
    with pytest.raises(SheetIncomplete):
        deciding.decide_request(request=request_, actor=officer, at=LATER)


def test_restriction_granted_needs_no_second_person(officer, past):
    request = decided(in_review(past, kind="restriction"), officer)
    assert (request.decision, request.state) == ("granted", State.EXECUTING)


def test_restriction_of_a_part_is_partly(officer, past):
    request = in_review(past, kind="restriction")
    first, *rest = sheets.make_sheet(request=request, actor=officer, at=LATER)
    sheets.choose_item(item=first, actor=officer, chosen="keep", reason="still_in_use", at=LATER)
    sheets.choose_proposed(request=request, actor=officer, at=LATER)
    assert deciding.decide_request(request=request, actor=officer, at=LATER).decision == "partly"


@pytest.mark.parametrize("kind", ["access", "transfer", "correction", "explanation", "complaint"])
def test_kinds_without_a_sheet_are_decided_as_said(officer, past, kind):
    request = in_review(past, kind=kind)
    with pytest.raises(ValueError, match="not a valid"):
        deciding.decide_request(request=request, actor=officer, at=LATER)
    request = deciding.decide_request(request=request, actor=officer, decision="granted", at=LATER)
    assert (request.decision, request.state) == ("granted", State.EXECUTING)


def test_what_is_said_does_not_go_before_the_rows(officer, request_):
    assert decided(request_, officer, decision="granted").decision == "partly"


def test_a_guardians_request_waits_for_a_second_person(officer, past):
    request = in_review(past, kind="access", acts_as="guardian")
    decided_ = deciding.decide_request(request=request, actor=officer, decision="granted", at=LATER)
    assert decided_.state == State.AWAITING_SECOND


def test_a_relatives_request_wants_counsel_before_it_is_granted(officer, approver, past):
    request = in_review(past, kind="access", acts_as="relative")
    with pytest.raises(deciding.CounselMissing):
        deciding.decide_request(request=request, actor=officer, decision="granted", at=LATER)
    task = Task.objects.create(request=request, kind="counsel", owner=approver, due_on=LATER.date())
    with pytest.raises(deciding.CounselMissing):
        deciding.decide_request(request=request, actor=officer, decision="granted", at=LATER)
    task.done_at, task.done_by = LATER, approver
    task.save(update_fields=["done_at", "done_by"])
    decided_ = deciding.decide_request(request=request, actor=officer, decision="granted", at=LATER)
    assert decided_.state == State.AWAITING_SECOND


def test_an_appeal_is_decided_by_somebody_else(officer, approver, past):
    first = make_request(
        past.property, state=State.CLOSED, stay=past, result="refused", decided_by=officer, approved_by=approver,
        refusal_ground="no_ground",
    )  # fmt: skip
    appeal = in_review(past, kind="appeal", appeal_of=first)
    sheets.make_sheet(request=appeal, actor=officer, at=LATER)
    sheets.choose_proposed(request=appeal, actor=officer, at=LATER)
    for person in (officer, approver):
        with pytest.raises(SamePerson):
            deciding.decide_request(request=appeal, actor=person, at=LATER)
    another = make_person(past.property, "privacy_officer")
    assert deciding.decide_request(request=appeal, actor=another, at=LATER).state == State.AWAITING_SECOND


def test_an_appeal_of_an_appeal_is_of_the_same_kind_and_wants_fresh_eyes_throughout(officer, approver, past):
    """PIPL 50; policy.md, Requests: whoever decided or approved before, at any step, neither decides nor approves."""
    house = past.property
    third, fourth, fifth, sixth = (make_person(house, "privacy_officer") for _each in range(4))
    ended = {"state": State.CLOSED, "stay": past, "result": "refused", "refusal_ground": "no_ground"}
    first = make_request(house, decided_by=officer, approved_by=approver, **ended)
    second = make_request(house, kind="appeal", appeal_of=first, decided_by=third, approved_by=fourth, **ended)
    appeal = in_review(past, kind="appeal", appeal_of=second)
    sheets.make_sheet(request=appeal, actor=fifth, at=LATER)
    sheets.choose_proposed(request=appeal, actor=fifth, at=LATER)
    earlier = (officer, approver, third, fourth)
    for person in earlier:
        with pytest.raises(SamePerson):
            deciding.decide_request(request=appeal, actor=person, at=LATER)
    assert deciding.decide_request(request=appeal, actor=fifth, at=LATER).state == State.AWAITING_SECOND
    for person in (*earlier, fifth):
        with pytest.raises(SamePerson):
            deciding.approve_decision(request=appeal, actor=person, at=LATER)
    assert deciding.approve_decision(request=appeal, actor=sixth, at=LATER).approved_by == sixth


def test_wrong_role_house_state_and_unverified_decide_nothing(clerk, manager, stranger, officer, past, request_):
    for person in (clerk, manager, stranger):
        with pytest.raises(NotAllowed):
            deciding.decide_request(request=request_, actor=person, at=LATER)
    unverified = make_request(past.property, state=State.VERIFYING, stay=past)
    with pytest.raises(NotVerified):
        deciding.decide_request(request=unverified, actor=officer, at=LATER)
    decided(request_, officer)
    with pytest.raises(WrongState):
        deciding.decide_request(request=request_, actor=officer, at=LATER)
    with pytest.raises(IntegrityError, match="request_runs_verified_only"), transaction.atomic():
        Request.objects.filter(pk=unverified.pk).update(decision="granted")


# The second person


def test_another_person_approves(officer, approver, request_):
    request = deciding.approve_decision(request=decided(request_, officer), actor=approver, at=LATER)
    assert (request.state, request.approved_by) == (State.EXECUTING, approver)
    assert log_rows(actions.DECISION_APPROVED) == [
        log_row(
            actions.DECISION_APPROVED, approver, request, actor_role="second_approver", detail={"decision": "partly"}
        )
    ]


def test_neither_who_decided_nor_who_took_it_in_approves(officer, approver, past):
    request = decided(in_review(past, taken_in_by=approver), officer)
    for person in (officer, approver):
        with pytest.raises(SamePerson):
            deciding.approve_decision(request=request, actor=person, at=LATER)
        with pytest.raises(SamePerson):
            deciding.send_back(request=request, actor=person, reason="rule_wrong", at=LATER)


@pytest.mark.parametrize(
    ("field", "constraint"),
    [("decided_by", "request_approver_did_not_decide"), ("taken_in_by", "request_approver_did_not_take_in")],
)
def test_the_same_person_is_impossible_in_the_database(officer, approver, past, field, constraint):
    request = decided(in_review(past, taken_in_by=approver), officer)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Request.objects.filter(pk=request.pk).update(approved_by=getattr(request, field))


def test_a_deletion_is_not_carried_out_by_one_person_in_the_database(officer, request_):
    request = decided(request_, officer)
    with pytest.raises(IntegrityError, match="request_deletion_has_two"), transaction.atomic():
        Request.objects.filter(pk=request.pk).update(state=State.EXECUTING)


def test_approving_is_refused_to_others_and_in_other_states(clerk, stranger, approver, officer, request_):
    with pytest.raises(WrongState):
        deciding.approve_decision(request=request_, actor=approver, at=LATER)
    decided(request_, officer)
    for person in (clerk, stranger):
        with pytest.raises(NotAllowed):
            deciding.approve_decision(request=request_, actor=person, at=LATER)


def test_sent_back_it_is_undecided_and_says_why(officer, approver, request_):
    decided(request_, officer)
    with pytest.raises(UnknownReason):
        deciding.send_back(request=request_, actor=approver, reason="no", at=LATER)
    request = deciding.send_back(request=request_, actor=approver, reason="rule_wrong", at=LATER)
    request.refresh_from_db()
    assert (request.state, request.decision, request.decided_by, request.decided_at) == (
        State.IN_REVIEW, "", None, None,
    )  # fmt: skip
    assert log_rows(actions.DECISION_SENT_BACK) == [
        log_row(
            actions.DECISION_SENT_BACK, approver, request, actor_role="second_approver",
            detail={"reason": "rule_wrong", "decision": "partly"},
        )
    ]  # fmt: skip


def test_approved_and_not_carried_out_it_can_still_go_back(officer, request_):
    request = approved(request_, officer)
    back = deciding.send_back(request=request, actor=officer, reason="record_changed", at=LATER)
    assert (back.state, back.approved_by, back.decision) == (State.IN_REVIEW, None, "")


def test_what_was_carried_out_does_not_go_back(officer, request_):
    request = approved(request_, officer)
    executing.execute_decision(request=request, actor=officer, at=LATER)
    with pytest.raises(ItemSettled):
        deciding.send_back(request=request, actor=officer, reason="record_changed", at=LATER)


# Closing


def test_carried_out_and_answered_it_is_closed(officer, request_):
    request = approved(request_, officer)
    executing.execute_decision(request=request, actor=officer, at=LATER)
    send_letter(request, officer)
    closed = deciding.close_request(request=request, actor=officer, at=LATER + timedelta(days=1))
    assert (closed.state, closed.result, closed.closed_at) == (State.CLOSED, "partly", LATER + timedelta(days=1))
    assert log_rows(actions.REQUEST_CLOSED) == [
        log_row(actions.REQUEST_CLOSED, officer, request, detail={"result": "partly"})
    ]


def test_it_is_not_closed_before_it_is_done_and_the_letter_is_out(officer, request_):
    request = approved(request_, officer)
    letter = send_letter(request, officer)
    with pytest.raises(deciding.AnswerMissing):
        deciding.close_request(request=request, actor=officer, at=LATER)
    executing.execute_decision(request=request, actor=officer, at=LATER)
    Letter.objects.filter(pk=letter.pk).update(sent_at=None, way="")
    with pytest.raises(deciding.AnswerMissing):
        deciding.close_request(request=request, actor=officer, at=LATER)


def test_a_letter_of_another_outcome_closes_nothing(officer, past):
    request = decided(in_review(past, kind="restriction"), officer)
    executing.execute_decision(request=request, actor=officer, at=LATER)
    send_letter(request, officer, kind="partly")
    with pytest.raises(deciding.AnswerMissing):
        deciding.close_request(request=request, actor=officer, at=LATER)


def test_closing_is_refused_to_others_and_before_the_decision(clerk, stranger, officer, request_):
    for person in (clerk, stranger):
        with pytest.raises(NotAllowed):
            deciding.close_request(request=request_, actor=person, at=LATER)
    with pytest.raises(WrongState):
        deciding.close_request(request=request_, actor=officer, at=LATER)
