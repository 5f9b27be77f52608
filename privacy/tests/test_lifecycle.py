"""Officers, review, pauses, the one extension, duplicates, and the end where nothing is decided."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from privacy import refusals, services
from privacy.models import Request
from privacy.services import clock
from privacy.tests.factories import AT, TODAY, make_profile, make_property, make_request, seal_requester
from privacy.tests.requesting import as_log_row, log_row, steps
from staff.models import Person, Property
from staff.permissions import NotAllowed
from stays.models import Stay

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=4)
WORDS = "请告诉我进展 13900001234"


@pytest.fixture
def request_(house: Property) -> Request:
    """A request just received, of a requester who left name and phone."""
    made = make_request(house)
    seal_requester(made)
    return made


DEEDS: dict[str, Callable[[Request, Person], Any]] = {
    "assign": lambda request, by: services.assign_officer(request=request, actor=by, officer=by, at=AT),
    "review": lambda request, by: services.start_review(request=request, actor=by, at=AT),
    "pause": lambda request, by: services.pause_request(request=request, actor=by, reason="identity", at=AT),
    "resume": lambda request, by: services.resume_request(request=request, actor=by, at=AT),
    "extend": lambda request, by: services.extend_request(request=request, actor=by, reason="complex", at=AT),
    "duplicate": lambda request, by: services.mark_duplicate(request=request, of=request, actor=by, at=AT),
    "withdraw": lambda request, by: services.withdraw_request(request=request, actor=by, at=AT),
    "unverified": lambda request, by: services.close_unverified(request=request, actor=by, at=AT),
    "message": lambda request, by: services.send_message(request=request, actor=by, text=WORDS, at=AT),
    "task": lambda request, by: services.add_task(
        request=request, actor=by, kind="other", owner=by, due_on=TODAY, at=AT
    ),
    "renew": lambda request, by: services.renew_follow_code(request=request, actor=by, at=AT),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_only_who_decides_here_works_on_requests(
    deed: str, request_: Request, clerk: Person, manager: Person, stranger: Person
) -> None:
    for person in (clerk, manager, stranger):
        with pytest.raises(NotAllowed):
            DEEDS[deed](request_, person)
    assert steps(request_) == []


@pytest.mark.parametrize("deed", [deed for deed in DEEDS if deed != "renew"])
def test_nothing_is_done_on_a_closed_request(deed: str, house: Property, officer: Person) -> None:
    closed = make_request(house, state="closed", result="withdrawn")
    with pytest.raises(refusals.WrongState):
        DEEDS[deed](closed, officer)
    assert steps(closed) == []


# Officer and review


def test_a_request_is_given_to_an_officer(request_: Request, officer: Person, approver: Person) -> None:
    assert services.assign_officer(request=request_, actor=officer, officer=approver, at=AT).officer == approver
    assert log_row("request.officer_assigned", request_) == as_log_row(
        officer, request_, detail={"officer": approver.pk}
    )


def test_it_is_given_to_nobody_who_does_not_decide_here(
    request_: Request, officer: Person, clerk: Person, stranger: Person
) -> None:
    for person in (clerk, stranger):
        with pytest.raises(refusals.PersonElsewhere) as refused:
            services.assign_officer(request=request_, actor=officer, officer=person, at=AT)
        assert refused.value.field == "officer"


def test_nothing_is_reviewed_unverified(request_: Request, officer: Person) -> None:
    with pytest.raises(refusals.NotVerified):
        services.start_review(request=request_, actor=officer, at=AT)


def test_a_complaint_is_reviewed_without_proof(house: Property, officer: Person) -> None:
    complaint = make_request(house, kind="complaint")
    assert services.start_review(request=complaint, actor=officer, at=AT).state == "in_review"


def test_who_begins_the_review_is_the_officer(stay: Stay, officer: Person, approver: Person) -> None:
    request = make_request(stay.property, state="verifying", stay=stay, verified_at=AT)
    done = services.start_review(request=request, actor=officer, at=AT)
    assert (done.state, done.officer) == ("in_review", officer)
    row = as_log_row(officer, request, subjects=[request.guest_id])
    assert log_row("request.review_started", request) == row
    with pytest.raises(refusals.WrongState):
        services.start_review(request=request, actor=approver, at=AT)


# The clock


def test_a_pause_stops_the_clock_and_its_end_adds_the_days(request_: Request, officer: Person) -> None:
    due_on = request_.due_on
    paused = services.pause_request(request=request_, actor=officer, reason="requester", at=AT)
    assert (paused.paused_at, paused.days_left(TODAY + timedelta(days=9))) == (AT, 30)
    resumed = services.resume_request(request=request_, actor=officer, at=LATER)
    assert (resumed.paused_at, resumed.paused_days, resumed.due_on) == (None, 4, due_on + timedelta(days=4))
    assert log_row("request.paused", request_) == as_log_row(officer, request_, detail={"reason": "requester"})
    assert log_row("request.resumed", request_) == as_log_row(officer, request_, detail={"days": 4})


def test_pauses_add_up(request_: Request, officer: Person) -> None:
    for start in (0, 10):
        paused_at = AT + timedelta(days=start)
        services.pause_request(request=request_, actor=officer, reason="identity", at=paused_at)
        last = services.resume_request(request=request_, actor=officer, at=paused_at + timedelta(days=3))
    assert (last.paused_days, last.due_on) == (6, request_.due_on + timedelta(days=6))


def test_a_period_in_months_ends_on_a_working_day_after_a_pause(house: Property, officer: Person) -> None:
    house.jurisdiction = "EU"
    house.save(update_fields=["jurisdiction"])
    request = make_request(house, due_on=date(2026, 6, 12))
    services.pause_request(request=request, actor=officer, reason="identity", at=AT)
    resumed = services.resume_request(request=request, actor=officer, at=AT + timedelta(days=1))
    assert resumed.due_on == date(2026, 6, 15)


def test_pausing_twice_and_resuming_what_runs_are_refused(request_: Request, officer: Person) -> None:
    with pytest.raises(refusals.NotPaused):
        services.resume_request(request=request_, actor=officer, at=AT)
    services.pause_request(request=request_, actor=officer, reason="identity", at=AT)
    with pytest.raises(refusals.AlreadyPaused):
        services.pause_request(request=request_, actor=officer, reason="identity", at=AT)


@pytest.mark.parametrize("deed", [services.pause_request, services.extend_request])
def test_a_reason_is_one_of_those_given(request_: Request, officer: Person, deed: Any) -> None:
    with pytest.raises(refusals.UnknownReason):
        deed(request=request_, actor=officer, reason="holiday", at=AT)


def test_a_request_is_extended_once(request_: Request, officer: Person) -> None:
    extended = services.extend_request(request=request_, actor=officer, reason="complex", at=AT)
    assert (extended.extended_at, extended.extension_reason) == (AT, "complex")
    assert extended.due_on == TODAY + timedelta(days=45)
    assert log_row("request.extended", request_) == as_log_row(officer, request_, detail={"reason": "complex"})
    with pytest.raises(refusals.AlreadyExtended):
        services.extend_request(request=request_, actor=officer, reason="complex", at=AT)


def test_an_extension_keeps_the_days_of_earlier_pauses(request_: Request, officer: Person) -> None:
    services.pause_request(request=request_, actor=officer, reason="identity", at=AT)
    services.resume_request(request=request_, actor=officer, at=LATER)
    extended = services.extend_request(request=request_, actor=officer, reason="old_records", at=LATER)
    assert extended.due_on == TODAY + timedelta(days=49)


def test_no_extension_where_the_law_knows_none(house: Property, officer: Person) -> None:
    house.jurisdiction = "HK"
    house.save(update_fields=["jurisdiction"])
    with pytest.raises(refusals.CannotExtend):
        services.extend_request(request=make_request(house), actor=officer, reason="complex", at=AT)


def test_an_overdue_request_is_not_extended(house: Property, officer: Person) -> None:
    late = make_request(house, due_on=TODAY - timedelta(days=1))
    with pytest.raises(refusals.TooLateToExtend):
        services.extend_request(request=late, actor=officer, reason="complex", at=AT)


def test_the_acknowledgement_is_due_on_the_next_working_day(house: Property) -> None:
    friday = make_request(house, at=AT + timedelta(days=3))
    assert clock.acknowledge_by(friday) == date(2026, 5, 18)
    make_profile(ack_working_days=2)
    assert clock.acknowledge_by(friday) == date(2026, 5, 19)


def test_a_request_is_acknowledged_once_by_the_system(request_: Request) -> None:
    for at in (AT, LATER):
        assert services.acknowledge_request(request=request_, at=at).acknowledged_at == AT
    assert log_row("request.acknowledged", request_) == as_log_row(None, request_, "system")


# Duplicates and the end


def test_a_duplicate_is_closed_and_linked(request_: Request, house: Property, officer: Person) -> None:
    other = make_request(house)
    done = services.mark_duplicate(request=request_, of=other, actor=officer, at=AT)
    assert (done.duplicate_of, done.state, done.result, done.closed_at) == (other, "closed", "withdrawn", AT)
    assert log_row("request.duplicate_marked", request_) == as_log_row(officer, request_, detail={"of": other.number})


def test_what_is_no_original_is_refused(request_: Request, house: Property, stay: Stay, officer: Person) -> None:
    original = make_request(house)
    duplicate = make_request(house, duplicate_of=original)
    elsewhere = make_request(make_property())
    for of in (request_, duplicate, elsewhere):
        with pytest.raises(refusals.BadDuplicate):
            services.mark_duplicate(request=request_, of=of, actor=officer, at=AT)
    with pytest.raises(refusals.BadDuplicate):
        services.mark_duplicate(request=original, of=request_, actor=officer, at=AT)
    one, another = make_request(house, stay=stay), make_request(house, state="in_review")
    with pytest.raises(refusals.BadDuplicate):
        services.mark_duplicate(request=one, of=another, actor=officer, at=AT)


def test_the_requester_takes_a_request_back(request_: Request) -> None:
    done = services.withdraw_request(request=request_, actor=None, at=AT)
    assert (done.state, done.result, done.closed_at) == ("closed", "withdrawn", AT)
    assert log_row("request.withdrawn", request_) == as_log_row(None, request_, "requester")


def test_the_office_takes_it_back_for_them_and_a_pause_ends(request_: Request, officer: Person) -> None:
    services.pause_request(request=request_, actor=officer, reason="identity", at=AT)
    assert services.withdraw_request(request=request_, actor=officer, at=AT).paused_at is None


def test_what_is_being_carried_out_is_not_taken_back(house: Property, officer: Person) -> None:
    request = make_request(house, state="executing")
    for actor in (None, officer):
        with pytest.raises(refusals.WrongState):
            services.withdraw_request(request=request, actor=actor, at=AT)


def test_unverified_is_closed_only_after_asking_once(request_: Request, officer: Person) -> None:
    with pytest.raises(refusals.MoreNotAsked):
        services.close_unverified(request=request_, actor=officer, at=AT)
    services.send_message(request=request_, actor=officer, text=WORDS, kind="need_more", at=AT)
    done = services.close_unverified(request=request_, actor=officer, at=LATER)
    assert (done.state, done.result) == ("closed", "unverified")
    assert log_row("request.closed", request_) == as_log_row(officer, request_, detail={"result": "unverified"})


def test_a_verified_request_is_not_closed_unverified(stay: Stay, officer: Person) -> None:
    request = make_request(stay.property, state="verifying", stay=stay, verified_at=AT)
    with pytest.raises(refusals.AlreadyVerified):
        services.close_unverified(request=request, actor=officer, at=AT)
