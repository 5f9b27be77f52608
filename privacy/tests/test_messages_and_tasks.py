"""Words to and from the requester, tasks done by hand, and the question to counsel."""

from datetime import timedelta
from typing import Any

import pytest

from audit.models import Event
from privacy import refusals, services
from privacy.models import Message, Request, Task
from privacy.tests.factories import AT, TODAY, make_person, make_request, seal_requester
from privacy.tests.requesting import as_log_row, assert_nameless, held, log_row, papers
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
