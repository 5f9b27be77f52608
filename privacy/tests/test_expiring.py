"""The end of a request's papers, and what the sweep finds due."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core import mail

from audit.models import Event
from privacy import services, tasks
from privacy.models import Check, Message, Request
from privacy.services import due, expiring
from privacy.tests.factories import (
    AT,
    TODAY,
    make_hold,
    make_person,
    make_property,
    make_request,
    make_rule,
    seal_requester,
    subjects_of,
)
from privacy.tests.requesting import as_log_row, asked_online, document_tail, held, log_row, papers, steps, take_in
from staff.models import Person, Property
from stays.models import Stay
from vault.models import Envelope, ErasureEntry

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FILE_ENDS = AT.replace(year=2029) + DAY


@pytest.fixture
def request_(stay: Stay, officer: Person) -> Request:
    """A request with stated facts, a document noted and a message."""
    request = asked_online(stay)
    seen = {"document_type": "resident_id", "document_number": "11010119880214999X"}
    services.note_document_seen(request=request, actor=officer, at=AT, **seen)
    services.send_message(request=request, actor=officer, text="请补充", kind="need_more", at=AT)
    return request


def withdraw(request: Request, at: Any = AT) -> None:
    services.withdraw_request(request=request, actor=None, at=at)


def categories(request: Request) -> list[str]:
    """Of the live papers of a request."""
    return sorted(papers(request).values_list("category", flat=True))


EVERYTHING = ["contact", "draft", "name", "note", "note", "note"]
WITHOUT_PROOF = ["contact", "name", "note", "note"]


def test_nothing_expires_while_the_case_is_open_and_young(request_: Request) -> None:
    assert services.expire_case_files(at=AT + 30 * DAY) == 0
    assert categories(request_) == EVERYTHING


def test_proof_ends_after_thirty_days(request_: Request, officer: Person) -> None:
    assert services.expire_case_files(at=AT + 31 * DAY) == 1
    assert categories(request_) == WITHOUT_PROOF
    check = Check.objects.get()
    assert (check.failed, papers(request_).filter(pk=check.envelope).exists()) == (["document_number"], False)
    assert log_row("request.file_expired", request_) == as_log_row(None, request_, "system", detail={"count": 2})
    assert services.expire_case_files(at=AT + 31 * DAY) == 0


def test_proof_ends_with_the_case(request_: Request) -> None:
    withdraw(request_, AT + DAY)
    assert services.expire_case_files(at=AT + DAY) == 1
    assert categories(request_) == WITHOUT_PROOF
    assert ErasureEntry.objects.get().reason == "case_file_expired"


def test_the_file_ends_three_years_after_and_the_decision_stays(request_: Request) -> None:
    withdraw(request_)
    services.expire_case_files(at=AT)
    assert services.expire_case_files(at=FILE_ENDS - DAY) == 0
    assert categories(request_) == WITHOUT_PROOF
    assert services.expire_case_files(at=FILE_ENDS) == 1
    request_.refresh_from_db()
    assert (categories(request_), request_.result, request_.follow_code_hash) == ([], "withdrawn", "")
    assert (Message.objects.count(), Check.objects.count(), "request.received" in steps(request_)) == (1, 1, True)


def test_papers_of_the_guest_are_left_alone(request_: Request, stay: Stay) -> None:
    before = set(Envelope.objects.filter(subject=subjects_of(stay)[0], erased_at__isnull=True))
    withdraw(request_)
    services.expire_case_files(at=FILE_ENDS)
    assert set(Envelope.objects.filter(subject=subjects_of(stay)[0], erased_at__isnull=True)) == before
    assert document_tail(stay) != ""


def test_an_open_appeal_keeps_the_file(request_: Request) -> None:
    withdraw(request_)
    appeal = services.appeal_request(request=request_, actor=None, words="不服", at=AT).request
    services.expire_case_files(at=FILE_ENDS)
    assert categories(request_) == WITHOUT_PROOF
    withdraw(appeal, FILE_ENDS)
    services.expire_case_files(at=FILE_ENDS)
    assert (categories(request_), held(papers(appeal))["name"]) == ([], "欧阳海棠")


@pytest.mark.parametrize("on", ["stay", "subject", "stay of the guest"])
def test_a_hold_keeps_the_file(stay: Stay, officer: Person, approver: Person, on: str) -> None:
    request = make_request(stay.property, stay=None if "guest" in on else stay, guest_id=subjects_of(stay)[0])
    services.send_message(request=request, actor=officer, text="请补充", at=AT)
    withdraw(request)
    held_on = {"subject_id": subjects_of(stay)[0]} if on == "subject" else {"stay": stay}
    hold = make_hold(stay.property, placed_by=officer, kind="authority", until=None, **held_on)
    assert services.expire_case_files(at=FILE_ENDS) == 0
    hold.release_asked_by, hold.released_by, hold.released_at = officer, approver, AT + DAY
    hold.save(update_fields=["release_asked_by", "released_by", "released_at"])
    assert services.expire_case_files(at=FILE_ENDS) == 1


def test_what_is_not_over_yet_does_not_stand_in_the_way(
    request_: Request, house: Property, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expiring, "AT_ONCE", 1)
    make_rule("HK-13", jurisdiction="HK", record="request_case", number=1, unit="days", start="closed")
    withdraw(request_)
    services.expire_case_files(at=AT)
    hong_kong = make_property()
    hong_kong.jurisdiction = "HK"
    hong_kong.save(update_fields=["jurisdiction"])
    other = make_request(hong_kong, at=AT + DAY)
    seal_requester(other)
    withdraw(other, AT + DAY)
    assert services.expire_case_files(at=AT + 3 * DAY) == 1
    assert (categories(request_), categories(other)) == (WITHOUT_PROOF, [])


def test_a_rule_of_the_house_goes_before_ours(request_: Request) -> None:
    facts = {"number": 1, "unit": "years", "start": "closed", "level": "own_policy", "in_force_from": None}
    make_rule("CN-RET-13", record="request_case", **facts)
    withdraw(request_)
    assert services.expire_case_files(at=AT.replace(year=2027) + DAY) == 1
    assert categories(request_) == []


def test_where_a_law_has_no_rule_ours_hold(request_: Request, house: Property) -> None:
    house.jurisdiction = "EU"
    house.save(update_fields=["jurisdiction"])
    assert services.expire_case_files(at=AT + 31 * DAY) == 1
    assert categories(request_) == WITHOUT_PROOF


# What is due


def test_a_submission_is_due_until_it_was_compared(stay: Stay) -> None:
    request = asked_online(stay)
    take_in(None, stay.property, kind="complaint")
    make_request(stay.property)
    assert due.submissions_to_match(AT) == [request.pk]
    services.match_submission(request=request, at=AT)
    assert due.submissions_to_match(AT) == []


def test_a_code_is_due_until_it_went_out_or_cannot(stay: Stay) -> None:
    request = asked_online(stay)
    services.ask_for_code(request=request, at=AT)
    assert due.codes_to_send(AT) == [request.pk]
    services.send_asked_code(request=request, at=AT)
    assert due.codes_to_send(AT) == []
    services.ask_for_code(request=request, at=AT + DAY)
    assert due.codes_to_send(AT) == [request.pk]


def test_an_acknowledgement_is_due_at_once(clerk: Person, house: Property) -> None:
    request = take_in(clerk, house).request
    assert due.acknowledgements_due(AT) == [request.pk]
    services.acknowledge_request(request=request, at=AT)
    assert (due.acknowledgements_due(AT), [each.kind for each in request.letters.all()]) == ([], ["acknowledge"])


def test_the_letter_of_an_extension_is_due(house: Property, officer: Person) -> None:
    request = make_request(house)
    assert due.extensions_to_tell(AT) == []
    services.extend_request(request=request, actor=officer, reason="complex", at=AT)
    assert due.extensions_to_tell(AT) == [request.pk]
    assert [services.tell_extension(request=request, at=AT) for _time in range(2)] == [True, False]
    assert (due.extensions_to_tell(AT), [each.kind for each in request.letters.all()]) == ([], ["extended"])


def test_nothing_is_told_of_an_extension_that_is_none(house: Property) -> None:
    assert services.tell_extension(request=make_request(house), at=AT) is False


def due_in(house: Property, days: int, **facts: Any) -> UUID:
    return make_request(house, due_on=TODAY + days * DAY, **facts).pk


def test_reminders_are_due_near_the_day_and_after_it(house: Property) -> None:
    late, near = due_in(house, -1), due_in(house, 3)
    due_in(house, 4)
    due_in(house, 1, paused_at=AT, pause_reason="identity")
    due_in(house, 1, state="closed", result="withdrawn")
    assert due.reminders_due(AT) == [(late, "overdue"), (near, "soon")]


def test_the_officer_is_reminded_once_for_each_stage(house: Property, officer: Person) -> None:
    officer.email, officer.language = "officer@hotel.example", "en"
    officer.save(update_fields=["email", "language"])
    request = make_request(house, officer=officer, due_on=date(2026, 5, 14))
    assert [services.remind_office(request=request, stage="soon", at=AT) for _time in range(2)] == [1, 0]
    assert due.reminders_due(AT) == []
    assert [(each.to, each.subject) for each in mail.outbox] == [
        (["officer@hotel.example"], f"Request {request.number} is due")
    ]
    assert "2026-05-14" in mail.outbox[0].body
    row = as_log_row(None, request, "system", detail={"stage": "soon", "count": 1})
    assert log_row("request.reminded", request) == row
    assert due.reminders_due(AT + 5 * DAY) == [(request.pk, "overdue")]


def test_without_an_officer_all_of_the_house_are_reminded(house: Property, stranger: Person) -> None:
    for number in (1, 2):
        person = make_person(house, "privacy_officer")
        person.email = f"officer-{number}@hotel.example"
        person.save(update_fields=["email"])
    assert services.remind_office(request=make_request(house), stage="overdue", at=AT) == 2
    assert sorted(each.to[0] for each in mail.outbox) == ["officer-1@hotel.example", "officer-2@hotel.example"]


def test_tasks_make_one_call_and_may_run_twice(stay: Stay) -> None:
    request = asked_online(stay)
    for _time in range(2):
        for task in (tasks.match_submission, tasks.send_asked_code, tasks.acknowledge_request, tasks.tell_extension):
            assert task.apply(args=[str(request.pk)]).successful()
        assert tasks.remind_office.apply(args=[str(request.pk), "soon"]).successful()
        for sweep in (tasks.expire_case_files, tasks.finish_restrictions, tasks.recheck_erasures):
            assert sweep.apply().successful()
    once = ["request.check_passed", "request.acknowledged", "request.reminded"]
    assert [steps(request).count(code) for code in once] == [1, 1, 1]


def test_the_sweep_rings_for_what_is_due(stay: Stay, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    request = asked_online(stay)
    services.ask_for_code(request=request, at=AT)
    rung: list[tuple[str, tuple[Any, ...]]] = []
    for name in ("match_submission", "send_asked_code", "acknowledge_request", "remind_office"):
        task = getattr(tasks, name)
        monkeypatch.setattr(task, "delay", lambda *args, name=name: rung.append((name, args)))
    tasks.find_what_is_due.apply()
    key = str(request.pk)
    first = [("match_submission", (key,)), ("send_asked_code", (key,)), ("acknowledge_request", (key,))]
    assert rung[:3] == first
    assert Event.objects.filter(action="request.check_passed").count() == 0
