"""Two officers at one request at the same moment: one does the deed, the other is told."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from privacy import services
from privacy.models import Check, Letter, OneTimeCode, Request, Step
from privacy.services.delivering import deliver_in_person
from privacy.services.letters import make_letter
from privacy.tests.factories import (
    AT,
    RoomFactory,
    checked_in,
    make_person,
    make_property,
    make_request,
    seal_requester,
)
from privacy.tests.requesting import take_in
from staff.models import Person, Property
from stays.tests.test_one_room_two_desks import at_once


def officers(house: Property, number: int = 2) -> list[Person]:
    return [make_person(house, "privacy_officer") for _each in range(number)]


def answers(*deeds: Callable[[], Any]) -> list[str]:
    return sorted(type(answer).__name__ for answer in at_once(*deeds))


def test_one_of_two_pauses(own_database: str) -> None:
    house = make_property()
    request = make_request(house)
    deeds = [
        lambda by=by: services.pause_request(request=request, actor=by, reason="identity", at=AT)
        for by in officers(house)
    ]
    assert answers(*deeds) == ["AlreadyPaused", "Request"]
    assert Step.objects.filter(code="request.paused").count() == 1


def test_one_of_two_resumes_and_the_days_count_once(own_database: str) -> None:
    house = make_property()
    request = make_request(house)
    one, other = officers(house)
    services.pause_request(request=request, actor=one, reason="identity", at=AT)
    deeds = [
        lambda by=by: services.resume_request(request=request, actor=by, at=AT + timedelta(days=3))
        for by in (one, other)
    ]
    assert answers(*deeds) == ["NotPaused", "Request"]
    request.refresh_from_db()
    assert request.paused_days == 3


def test_one_of_two_extends(own_database: str) -> None:
    house = make_property()
    request = make_request(house)
    deeds = [
        lambda by=by: services.extend_request(request=request, actor=by, reason="complex", at=AT)
        for by in officers(house)
    ]
    assert answers(*deeds) == ["AlreadyExtended", "Request"]
    before = request.due_on
    request.refresh_from_db()
    assert request.due_on == before + timedelta(days=15)


def test_two_requests_are_not_each_others_duplicate(own_database: str) -> None:
    house = make_property()
    first, second = make_request(house), make_request(house)
    one, other = officers(house)
    deeds = [
        lambda: services.mark_duplicate(request=first, of=second, actor=one, at=AT),
        lambda: services.mark_duplicate(request=second, of=first, actor=other, at=AT),
    ]
    assert answers(*deeds) == ["BadDuplicate", "Request"]
    assert Request.objects.filter(state="closed").count() == 1


def test_requests_at_once_have_numbers_of_their_own(own_database: str) -> None:
    house = make_property()
    deeds = [
        lambda by=by: take_in(by, house).request.number for by in (make_person(house, "front_desk") for _n in range(6))
    ]
    assert len(set(at_once(*deeds))) == 6


def test_a_code_works_once_for_two_who_tell_it(own_database: str) -> None:
    house = make_property()
    stay = checked_in(make_person(house, "front_desk"), RoomFactory(property=house))
    request = make_request(house, stay=stay)
    code = services.read_out_code(request=request, actor=officers(house, 1)[0], at=AT).code
    checks = at_once(*[lambda: services.check_code(request=request, code=code, at=AT)] * 2)
    assert sorted(check.passed for check in checks) == [False, True]
    assert (Check.objects.count(), OneTimeCode.objects.get().tries) == (2, 1)


def test_five_guesses_at_once_count_three_and_lock(own_database: str) -> None:
    house = make_property()
    request = make_request(house)
    outcomes = at_once(*[lambda: services.check_code(request=request, code="000000", at=AT)] * 5)
    request.refresh_from_db()
    assert ([outcome.passed for outcome in outcomes], request.failures) == ([False] * 5, 3)
    assert request.is_locked(AT)


def test_a_letter_leaves_the_house_once(own_database: str) -> None:
    house = make_property()
    stay = checked_in(make_person(house, "front_desk"), RoomFactory(property=house))
    request = make_request(house, stay=stay, kind="access", state="executing", decision="granted")
    seal_requester(request)
    one, other = officers(house)
    made = make_letter(request=request, kind="granted", actor=one, at=AT)
    handed = [(by, Letter.objects.get(pk=made.pk)) for by in (one, other)]
    deeds = [
        lambda by=by, letter=letter: deliver_in_person(
            request=request, actor=by, document_seen=True, letter=letter, at=AT
        )
        for by, letter in handed
    ]
    assert answers(*deeds) == ["LetterSent", "NoneType"]
    assert Step.objects.filter(code="request.delivered").count() == 1


def test_one_appeal_of_two(own_database: str) -> None:
    house = make_property()
    request = make_request(house, state="closed", result="withdrawn")
    deeds = [lambda: services.appeal_request(request=request, actor=None, words="不服", at=AT)] * 2
    assert answers(*deeds) == ["AppealOpen", "TakenIn"]
