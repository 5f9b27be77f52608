"""One-time codes to the contact on file: sent, asked for, read out, checked."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from audit.models import Event
from privacy import refusals, services
from privacy.models import Check, OneTimeCode, Request
from privacy.services import requests, secrets
from privacy.tests.factories import AT, RoomFactory, checked_in, guest, lead, make_person, make_request, subjects_of
from privacy.tests.requesting import as_log_row, asked_online, assert_nameless, log_row, steps, take_in
from staff.models import Person, Property
from staff.permissions import NotAllowed
from stays.models import Stay
from vault.models import Envelope
from vault.services import restrict_envelopes

pytestmark = pytest.mark.django_db
ON_FILE = "on-file@example.com"
MINUTE = timedelta(minutes=1)


class MailAway(BaseEmailBackend):
    """A mail server that cannot be reached."""

    def send_messages(self, email_messages: Any) -> int:
        raise ConnectionRefusedError


@pytest.fixture
def mailed(clerk: Person, house: Property) -> Stay:
    """A stay of a guest with an address of mail on file."""
    return checked_in(clerk, RoomFactory(property=house), lead(1, guest=guest(email=ON_FILE)))


@pytest.fixture
def request_(mailed: Stay) -> Request:
    """A request from the public page, its guest found, waiting for the code."""
    request = asked_online(mailed)
    services.match_submission(request=request, at=AT)
    request.refresh_from_db()
    return request


def told() -> str:
    """The code in the mail that went out last."""
    return next(line for line in mail.outbox[-1].body.splitlines() if line.isdigit())


def wrong(code: str) -> str:
    """Another code of six digits."""
    return f"{(int(code) + 1) % 10**6:06d}"


def check(request: Request, code: str, at: Any = AT) -> Check:
    return services.check_code(request=request, code=code, at=at)


# Sending


def test_a_code_goes_to_the_address_on_file_and_nowhere_else(request_: Request, officer: Person) -> None:
    sent = services.send_code(request=request_, actor=officer, at=AT)
    assert [each.to for each in mail.outbox] == [[ON_FILE]]
    assert (sent.expires_at, sent.tries, sent.used_at) == (AT + 10 * MINUTE, 0, None)
    assert len(told()) == 6
    row = as_log_row(officer, request_, subjects=[request_.guest_id], fields=["email"])
    assert log_row("request.code_sent", request_) == row
    assert_nameless(request_)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_mail_names_nobody_and_no_stay(request_: Request, mailed: Stay, officer: Person, language: str) -> None:
    Request.objects.filter(pk=request_.pk).update(language=language)
    services.send_code(request=request_, actor=officer, at=AT)
    letter = mail.outbox[-1]
    whole = (letter.subject + letter.body).replace(request_.number, "")
    secret = ["欧阳海棠", mailed.reference, ON_FILE, "13900001234", mailed.property.name_en, mailed.property.name_zh]
    assert [value for value in secret if value in whole] == []
    assert request_.number in letter.body
    assert letter.subject


def test_only_a_slow_salted_hash_is_kept(request_: Request, officer: Person) -> None:
    first = services.send_code(request=request_, actor=officer, at=AT)
    salt, _colon, digest = first.code_hash.partition(":")
    assert (len(salt), len(digest), told() in first.code_hash) == (32, 64, False)
    assert secrets.is_code(told(), first.code_hash) is True
    assert secrets.hashed(told()) != first.code_hash


def test_a_new_code_ends_the_one_before(request_: Request, officer: Person) -> None:
    services.send_code(request=request_, actor=officer, at=AT)
    first = told()
    services.send_code(request=request_, actor=officer, at=AT + MINUTE)
    assert check(request_, first, AT + 2 * MINUTE).passed is False
    assert check(request_, told(), AT + 2 * MINUTE).passed is True


def test_nobody_found_is_told_to_the_officer(house: Property, officer: Person) -> None:
    for deed in (services.send_code, services.read_out_code):
        with pytest.raises(refusals.NobodyMatched):
            deed(request=make_request(house), actor=officer, at=AT)


def test_without_an_address_on_file_the_officer_calls_back(stay: Stay, officer: Person) -> None:
    request = make_request(stay.property, stay=stay)
    with pytest.raises(refusals.NoMailOnFile):
        services.send_code(request=request, actor=officer, at=AT)
    assert OneTimeCode.objects.count() == 0


def test_five_codes_a_day_are_enough(request_: Request, officer: Person) -> None:
    for minute in range(5):
        services.send_code(request=request_, actor=officer, at=AT + minute * MINUTE)
    late = AT + 5 * MINUTE
    with pytest.raises(refusals.TooManyCodes):
        services.send_code(request=request_, actor=officer, at=late)
    services.send_code(request=request_, actor=officer, at=AT + timedelta(days=1, minutes=1))
    assert len(mail.outbox) == 6


def test_a_mail_server_that_is_away_leaves_no_code(request_: Request, officer: Person, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.MailAway"
    with pytest.raises(refusals.MailServerAway):
        services.send_code(request=request_, actor=officer, at=AT)
    assert (OneTimeCode.objects.count(), Event.objects.filter(action="request.code_sent").count()) == (0, 0)


@pytest.mark.parametrize("deed", [services.send_code, services.read_out_code])
def test_only_who_decides_here_sends_codes(
    request_: Request, clerk: Person, stranger: Person, deed: Callable[..., Any]
) -> None:
    for person in (clerk, stranger):
        with pytest.raises(NotAllowed):
            deed(request=request_, actor=person, at=AT)


def test_a_restricted_guest_still_gets_the_code(request_: Request, mailed: Stay, officer: Person) -> None:
    ids = list(Envelope.objects.filter(subject=subjects_of(mailed)[0]).values_list("pk", flat=True))
    restrict_envelopes(ids, until=AT + timedelta(days=900), who=requests.system_at(mailed.property))
    services.send_code(request=request_, actor=officer, at=AT)
    assert [each.to for each in mail.outbox] == [[ON_FILE]]


# Asked for on the public page


def test_asking_is_the_same_whether_or_not_a_stay_was_found(request_: Request, house: Property) -> None:
    nobodys = asked_online_by_nobody(house)
    for request in (request_, nobodys):
        services.ask_for_code(request=request, at=AT + MINUTE)
        services.ask_for_code(request=request, at=AT + MINUTE)
    asked = [[step for step in steps(each) if step == "request.code_asked"] for each in (request_, nobodys)]
    assert [len(each) for each in asked] == [3, 2]  # for the guest who was found the system asked before
    assert (mail.outbox, OneTimeCode.objects.count()) == ([], 0)


def asked_online_by_nobody(house: Property) -> Request:
    """A request of somebody who never stayed."""
    request = take_in(None, house, name="无此人", phone="", email="").request
    services.match_submission(request=request, at=AT)
    return request


def test_the_task_sends_what_was_asked_for(request_: Request) -> None:
    assert services.send_asked_code(request=request_, at=AT) is True
    assert [each.to for each in mail.outbox] == [[ON_FILE]]
    row = as_log_row(None, request_, "system", subjects=[request_.guest_id], fields=["email"])
    assert log_row("request.code_sent", request_) == row


def test_what_was_asked_for_once_is_sent_once(request_: Request) -> None:
    assert [services.send_asked_code(request=request_, at=AT) for _time in range(2)] == [True, False]
    assert (len(mail.outbox), OneTimeCode.objects.count()) == (1, 1)
    services.ask_for_code(request=request_, at=AT)
    assert services.send_asked_code(request=request_, at=AT) is True


def test_where_none_can_go_out_the_timeline_says_so(house: Property) -> None:
    request = asked_online_by_nobody(house)
    services.ask_for_code(request=request, at=AT)
    assert services.send_asked_code(request=request, at=AT) is False
    row = as_log_row(None, request, "system", detail={"reason": "NobodyMatched"})
    assert log_row("request.code_not_sent", request) == row
    assert services.PUBLIC_STEPS.isdisjoint(
        {"request.code_sent", "request.code_not_sent", "request.code_asked", "request.check_passed"}
    )


def test_a_mail_server_that_is_away_leaves_it_for_later(request_: Request, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.MailAway"
    assert services.send_asked_code(request=request_, at=AT) is False
    assert steps(request_)[-1] == "request.code_asked"


# Read out on the phone


def test_a_code_is_read_out_to_the_phone_on_file(stay: Stay, officer: Person) -> None:
    request = make_request(stay.property, stay=stay, officer=officer)
    shown = services.read_out_code(request=request, actor=officer, at=AT)
    assert (shown.phone.plain, len(shown.code), mail.outbox) == ("13900001234", 6, [])
    look = as_log_row(
        officer, request, purpose="request", purpose_ref=request.number, explained_by="E3",
        subjects=subjects_of(stay), fields=["phone"],
    )  # fmt: skip
    assert log_row("request.callback_number_opened", request) == look
    assert log_row("request.code_sent", request) == as_log_row(
        officer, request, subjects=subjects_of(stay), fields=["phone"]
    )
    assert (shown.code in repr(shown), "13900001234" in repr(shown)) == (False, False)
    assert check(request, shown.code).passed is True


def test_without_a_phone_there_is_no_call(request_: Request, mailed: Stay, house: Property, officer: Person) -> None:
    bare = checked_in(
        make_person(house, "front_desk"), RoomFactory(property=house), lead(5, guest=guest(phone="", email=ON_FILE))
    )
    with pytest.raises(refusals.NoPhoneOnFile):
        services.read_out_code(request=make_request(house, stay=bare), actor=officer, at=AT)
    assert OneTimeCode.objects.count() == 0


# Checking


def test_the_right_code_verifies(request_: Request, officer: Person) -> None:
    services.send_code(request=request_, actor=officer, at=AT)
    done = check(request_, told(), AT + 9 * MINUTE)
    assert (done.method, done.passed, done.matched, done.by) == ("code", True, ["code"], None)
    request_.refresh_from_db()
    assert request_.verified_at == AT + 9 * MINUTE
    shown = ["code", "document_tail", "name", "stay_reference"]
    row = as_log_row(None, request_, "requester", subjects=[request_.guest_id], fields=shown)
    assert log_row("request.verified", request_) == row


def test_however_it_is_typed(request_: Request, officer: Person) -> None:
    services.send_code(request=request_, actor=officer, at=AT)
    code = told()
    assert check(request_, f" {code[:3]} {code[3:]} ").passed is True


@pytest.mark.parametrize("minutes", [10, 60])
def test_a_code_that_ran_out_is_wrong(request_: Request, officer: Person, minutes: int) -> None:
    services.send_code(request=request_, actor=officer, at=AT)
    assert check(request_, told(), AT + minutes * MINUTE).passed is False


def test_a_code_works_once(stay: Stay, officer: Person) -> None:
    request = make_request(stay.property, stay=stay)
    code = services.read_out_code(request=request, actor=officer, at=AT).code
    assert [check(request, code).passed for _time in range(2)] == [True, False]


def test_after_five_tries_the_right_code_is_wrong(request_: Request, officer: Person) -> None:
    sent = services.send_code(request=request_, actor=officer, at=AT)
    OneTimeCode.objects.filter(pk=sent.pk).update(tries=4)
    check(request_, wrong(told()))
    assert check(request_, told()).passed is False
    sent.refresh_from_db()
    assert (sent.tries, sent.used_at) == (5, None)


def test_three_wrong_codes_lock_with_or_without_a_code(request_: Request, house: Property, officer: Person) -> None:
    services.send_code(request=request_, actor=officer, at=AT)
    nobodys = asked_online_by_nobody(house)
    code = wrong(told())
    for request in (request_, nobodys):
        outcomes = [(each.passed, each.matched, each.failed) for each in (check(request, code) for _time in range(3))]
        assert outcomes == [(False, [], ["code"])] * 3
        with pytest.raises(refusals.RequestLocked):
            services.check_code(request=request, code=told(), actor=officer, at=AT)


def test_a_requester_is_not_told_of_the_lock_and_no_code_is_right_in_it(request_: Request, officer: Person) -> None:
    services.send_code(request=request_, actor=officer, at=AT)
    outcomes = [check(request_, code).passed for code in [wrong(told())] * 3 + [told()] * 2]
    request_.refresh_from_db()
    assert (outcomes, request_.failures, request_.locked_until) == ([False] * 5, 3, AT + timedelta(days=1))
    services.send_code(request=request_, actor=officer, at=AT + timedelta(days=1, minutes=1))
    assert check(request_, told(), AT + timedelta(days=1, minutes=2)).passed is True


def test_the_same_slow_work_without_a_code(house: Property, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    slow = secrets._slow
    monkeypatch.setattr(secrets, "_slow", lambda code, salt: compared.append(code) or slow(code, salt))
    check(make_request(house), "123456")
    assert compared == ["123456"]


def test_nothing_is_the_hash_of_nobody() -> None:
    assert secrets.is_code("", secrets.NOBODYS) is False
