"""Officers, review, pauses, the one extension, duplicates, messages, tasks, the end, and what comes after it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from audit.models import Event
from privacy import refusals, services
from privacy.models import Message, Request, Task
from privacy.services import clock
from privacy.tests.factories import AT, TODAY, make_person, make_profile, make_property, make_request, seal_requester
from privacy.tests.requesting import as_log_row, assert_nameless, held, log_row, papers, steps, take_in
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


@pytest.fixture
def reviewed(stay: Stay) -> Request:
    """A verified request in review."""
    return make_request(stay.property, state="in_review", stay=stay)


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


# Messages


def test_a_message_is_sealed_under_the_requester(request_: Request, officer: Person) -> None:
    message = services.send_message(request=request_, actor=officer, text=WORDS, kind="need_more", at=AT)
    assert (message.direction, message.kind, message.by) == ("out", "need_more", officer)
    assert held(papers(request_).filter(pk=message.envelope)) == {"text": WORDS}
    assert log_row("request.message_sent", request_) == as_log_row(officer, request_, detail={"kind": "need_more"})
    assert_nameless(request_)


def test_the_requester_and_the_desk_add_words(request_: Request, clerk: Person) -> None:
    services.receive_message(request=request_, actor=None, text=WORDS, at=AT)
    services.receive_message(request=request_, actor=clerk, text=WORDS, kind="question", at=AT)
    rows = Event.objects.filter(action="request.message_received").values_list("actor", "actor_role").order_by("id")
    assert list(rows) == [(None, "requester"), (clerk.pk, "front_desk")]
    assert list(Message.objects.values_list("direction", "kind")) == [("in", "added"), ("in", "question")]


def test_who_works_elsewhere_adds_nothing(request_: Request, stranger: Person) -> None:
    with pytest.raises(NotAllowed):
        services.receive_message(request=request_, actor=stranger, text=WORDS, at=AT)


@pytest.mark.parametrize("text", ["", "   ", "长" * 4001])
def test_a_message_has_words_and_not_too_many(request_: Request, officer: Person, text: str) -> None:
    with pytest.raises(refusals.WordsMissing):
        services.send_message(request=request_, actor=officer, text=text, at=AT)


def test_an_unknown_kind_of_message_is_an_error(request_: Request, officer: Person) -> None:
    with pytest.raises(ValueError):
        services.send_message(request=request_, actor=officer, text=WORDS, kind="added", at=AT)


# Tasks and counsel


def add_task(request: Request, actor: Person, owner: Person, **facts: Any) -> Task:
    plain = {"kind": "paper", "due_on": TODAY, "text": "卡片在二号柜", "about": "card:7", "at": AT}
    return services.add_task(request=request, actor=actor, owner=owner, **(plain | facts))


def test_a_task_is_given_and_done(reviewed: Request, officer: Person, clerk: Person, approver: Person) -> None:
    task = add_task(reviewed, officer, clerk)
    detail = {"task": task.pk, "kind": "paper", "owner": clerk.pk}
    row = as_log_row(officer, reviewed, subjects=[reviewed.guest_id], detail=detail)
    assert log_row("request.task_added", reviewed) == row
    done = services.finish_task(task=task, actor=clerk, second=approver, text="已粉碎", at=LATER)
    assert (done.done_at, done.done_by, done.second_by) == (LATER, clerk, approver)
    assert log_row("request.task_done", reviewed) == row | {"actor": clerk.pk, "actor_role": "front_desk"}
    with pytest.raises(refusals.TaskDone):
        services.finish_task(task=task, actor=clerk, second=approver, at=LATER)
    assert_nameless(reviewed)


def test_destroying_paper_takes_two_people_of_the_house(
    reviewed: Request, officer: Person, clerk: Person, stranger: Person
) -> None:
    task = add_task(reviewed, officer, clerk)
    for second, refusal in (
        (None, refusals.SecondMissing),
        (clerk, refusals.SamePerson),
        (stranger, refusals.PersonElsewhere),
    ):
        with pytest.raises(refusal):
            services.finish_task(task=task, actor=clerk, second=second, at=AT)
    assert services.finish_task(task=add_task(reviewed, officer, clerk, kind="other"), actor=clerk, at=AT).done_at == AT


def test_a_task_of_others_is_done_by_who_decides_only(
    house: Property, reviewed: Request, officer: Person, clerk: Person, stranger: Person
) -> None:
    task = add_task(reviewed, officer, clerk, kind="other")
    for person in (make_person(house, "front_desk"), stranger):
        with pytest.raises(NotAllowed):
            services.finish_task(task=task, actor=person, at=AT)
    assert services.finish_task(task=task, actor=officer, at=AT).done_by == officer


def test_a_task_is_for_somebody_here_and_not_for_yesterday(
    reviewed: Request, officer: Person, clerk: Person, stranger: Person
) -> None:
    with pytest.raises(refusals.PersonElsewhere):
        add_task(reviewed, officer, stranger)
    with pytest.raises(refusals.BadDueDate):
        add_task(reviewed, officer, clerk, due_on=TODAY - timedelta(days=1))
    with pytest.raises(ValueError):
        add_task(reviewed, officer, clerk, kind="counsel")


def ask_counsel(request: Request, actor: Person, counsel: Person, **facts: Any) -> Task:
    plain = {"text": "可以删除登记吗？", "due_on": TODAY + timedelta(days=3), "at": AT}
    return services.ask_counsel(request=request, actor=actor, counsel=counsel, **(plain | facts))


def test_counsel_is_asked_and_answers(reviewed: Request, officer: Person, approver: Person) -> None:
    task = ask_counsel(reviewed, officer, approver)
    detail = {"task": task.pk, "kind": "counsel", "owner": approver.pk}
    assert log_row("request.counsel_asked", reviewed) == as_log_row(
        officer, reviewed, subjects=[reviewed.guest_id], detail=detail
    )
    assert services.finish_task(task=task, actor=approver, text="不可以", at=AT).done_by == approver
    assert_nameless(reviewed)


def test_counsel_is_another_and_a_second_approver_here(
    house: Property, reviewed: Request, officer: Person, approver: Person, stranger: Person
) -> None:
    with pytest.raises(refusals.SamePerson):
        ask_counsel(reviewed, approver, approver)
    for person in (stranger, make_person(house, "privacy_officer")):
        with pytest.raises(refusals.PersonElsewhere):
            ask_counsel(reviewed, officer, person)
    with pytest.raises(refusals.WordsMissing):
        ask_counsel(reviewed, officer, approver, text=" ")
    with pytest.raises(refusals.BadDueDate):
        ask_counsel(reviewed, officer, approver, due_on=TODAY - timedelta(days=1))


# Afterwards


@pytest.fixture
def refused(stay: Stay, officer: Person) -> Request:
    """A verified request that was refused."""
    made = make_request(stay.property, state="closed", result="refused", stay=stay, verified_at=AT, decided_by=officer)
    seal_requester(made)
    return made


def test_a_closed_request_is_rated_once(refused: Request) -> None:
    services.rate_request(request=refused, rating=4, comment="很快 13900001234", at=AT)
    row = as_log_row(None, refused, "requester", subjects=[refused.guest_id], detail={"rating": 4})
    assert log_row("request.rated", refused) == row
    with pytest.raises(refusals.AlreadyRated):
        services.rate_request(request=refused, rating=5, at=AT)
    assert_nameless(refused)


@pytest.mark.parametrize("rating", [0, 6, -1])
def test_a_rating_is_one_to_five(refused: Request, rating: int) -> None:
    with pytest.raises(refusals.BadRating):
        services.rate_request(request=refused, rating=rating, at=AT)


def test_what_is_open_is_neither_rated_nor_appealed(request_: Request) -> None:
    with pytest.raises(refusals.WrongState):
        services.rate_request(request=request_, rating=3, at=AT)
    with pytest.raises(refusals.WrongState):
        services.appeal_request(request=request_, actor=None, words=WORDS, at=AT)


def test_an_appeal_is_a_case_of_its_own(refused: Request) -> None:
    appeal = services.appeal_request(request=refused, actor=None, words=WORDS, at=LATER).request
    assert (appeal.kind, appeal.appeal_of, appeal.state) == ("appeal", refused, "received")
    assert (appeal.guest_id, appeal.verified_at, appeal.due_on) == (
        refused.guest_id,
        AT,
        TODAY + timedelta(days=34),
    )
    assert appeal.requester_id != refused.requester_id
    told = {"name": "欧阳海棠", "phone": "13900001234", "email": "", "text": WORDS}
    assert held(papers(appeal)) == told
    row = as_log_row(None, refused, "requester", subjects=[refused.guest_id], detail={"by": appeal.number})
    assert log_row("request.appealed", refused) == row
    assert_nameless(appeal)


def test_an_appeal_is_decided_by_somebody_else(refused: Request, officer: Person, approver: Person) -> None:
    appeal = services.appeal_request(request=refused, actor=officer, words=WORDS, channel="phone", at=AT).request
    with pytest.raises(refusals.SamePerson):
        services.start_review(request=appeal, actor=officer, at=AT)
    with pytest.raises(refusals.SamePerson):
        services.assign_officer(request=appeal, actor=approver, officer=officer, at=AT)
    assert services.start_review(request=appeal, actor=approver, at=AT).officer == approver


def test_one_appeal_at_a_time(refused: Request, officer: Person, approver: Person) -> None:
    first = services.appeal_request(request=refused, actor=None, words=WORDS, at=AT).request
    with pytest.raises(refusals.AppealOpen):
        services.appeal_request(request=refused, actor=None, words=WORDS, at=AT)
    services.withdraw_request(request=first, actor=None, at=AT)
    assert services.appeal_request(request=refused, actor=None, words=WORDS, at=AT).request.appeal_of == refused


def test_an_appeal_is_taken_in_by_who_may(refused: Request, stranger: Person, clerk: Person) -> None:
    with pytest.raises(NotAllowed):
        services.appeal_request(request=refused, actor=stranger, words=WORDS, channel="desk", at=AT)
    with pytest.raises(ValueError):
        services.appeal_request(request=refused, actor=clerk, words=WORDS, at=AT)
    with pytest.raises(refusals.WordsMissing):
        services.appeal_request(request=refused, actor=clerk, words=" ", channel="desk", at=AT)


def test_what_was_never_verified_is_appealed_unverified(clerk: Person, house: Property, officer: Person) -> None:
    request = take_in(clerk, house).request
    services.send_message(request=request, actor=officer, text=WORDS, kind="need_more", at=AT)
    services.close_unverified(request=request, actor=officer, at=LATER)
    appeal = services.appeal_request(request=request, actor=None, words=WORDS, at=LATER).request
    assert (appeal.verified_at, appeal.guest_id) == (None, None)
    with pytest.raises(refusals.NotVerified):
        services.start_review(request=appeal, actor=officer, at=LATER)
