"""Who asks: facts compared blindly, documents seen, mandates and proofs, failures and the lock."""

from datetime import timedelta
from typing import Any

import pytest

from audit.models import Event
from privacy import refusals, services
from privacy.models import Check, Request
from privacy.services import matching, requests
from privacy.tests.factories import (
    AT,
    TODAY,
    RoomFactory,
    checked_in,
    companion,
    lead,
    make_person,
    make_request,
    subjects_of,
)
from privacy.tests.requesting import (
    as_log_row,
    asked_online,
    assert_nameless,
    document_tail,
    held,
    log_row,
    papers,
    steps,
    take_in,
)
from staff.models import Person, Property
from staff.permissions import NotAllowed
from stays.models import Stay
from vault.models import Envelope, Subject
from vault.services import erase_envelopes, restrict_envelopes

pytestmark = pytest.mark.django_db
NAME = "欧阳海棠"


@pytest.fixture
def request_(stay: Stay, officer: Person) -> Request:
    """A request for deletion, taken in by telephone by the officer, of which no stay is known."""
    return take_in(officer, stay.property, channel="phone").request


def match(request: Request, actor: Person, stay: Stay | None = None, **facts: str) -> Check:
    """Compare these facts, and the number of the stay where one is given."""
    reference = stay.reference if stay else ""
    return services.match_guest(request=request, actor=actor, facts=facts, stay_reference=reference, at=AT)


def see_document(request: Request, actor: Person, number: str, at: Any = AT) -> Check:
    return services.note_document_seen(
        request=request, actor=actor, document_type="resident_id", document_number=number, at=at
    )


def number_of(stay: Stay) -> str:
    """The number of the lead guest's document."""
    envelope = Envelope.objects.filter(belongs_to=stay.pk, category="register", subject=subjects_of(stay)[0])
    return str(held(envelope)["document_number"])


# Facts


def test_facts_are_told_by_name_only(request_: Request, officer: Person, stay: Stay) -> None:
    check = match(request_, officer, stay, name=NAME, document_tail=document_tail(stay))
    told = ["name", "document_tail", "stay_reference"]
    assert (check.passed, check.matched, check.failed, check.by) == (True, told, [], officer)
    request_.refresh_from_db()
    assert (request_.guest_id, request_.verified_at, request_.state) == (subjects_of(stay)[0], None, "verifying")
    row = as_log_row(officer, request_, subjects=[request_.guest_id], fields=told, detail={"method": "facts"})
    assert log_row("request.check_passed", request_) == row
    assert_nameless(request_)


def test_a_wrong_fact_fails_and_is_counted(request_: Request, officer: Person, stay: Stay) -> None:
    check = match(request_, officer, stay, name=NAME, document_tail="0000")
    assert (check.passed, check.matched, check.failed) == (False, ["name", "stay_reference"], ["document_tail"])
    request_.refresh_from_db()
    assert (request_.guest_id, request_.failures, request_.state) == (None, 1, "verifying")
    row = as_log_row(officer, request_, fields=["document_tail"], detail={"method": "facts"})
    assert log_row("request.check_failed", request_) == row


def test_nobody_at_all_fails_like_a_wrong_fact(request_: Request, officer: Person, stay: Stay) -> None:
    services.match_guest(request=request_, actor=officer, facts={"name": "无此人"}, stay_reference="2026-999999", at=AT)
    check = Check.objects.get()
    assert (check.passed, check.matched, check.failed) == (False, [], ["name", "stay_reference"])


@pytest.mark.parametrize("key", [{"phone": "13900001234"}, {"phone": "+86 139 0000 1234"}, {}])
def test_a_guest_is_found_without_a_stay_number(
    request_: Request, officer: Person, stay: Stay, key: dict[str, str]
) -> None:
    assert match(request_, officer, name=NAME, document_tail=document_tail(stay), **key).passed is True
    request_.refresh_from_db()
    assert request_.guest_id == subjects_of(stay)[0]


def test_a_guest_is_found_by_document_number(request_: Request, officer: Person, stay: Stay) -> None:
    assert match(request_, officer, document_number=number_of(stay)).passed is True
    assert services.evidence_of(request_) == {"document_tail"}


def test_a_name_alone_finds_nobody(request_: Request, officer: Person, stay: Stay) -> None:
    check = match(request_, officer, name=NAME)
    assert (check.passed, check.matched, check.failed) == (False, ["name"], [])
    request_.refresh_from_db()
    assert (request_.guest_id, request_.failures) == (None, 0)


def test_of_a_party_the_one_who_fits_is_the_guest(clerk: Person, officer: Person, house: Property) -> None:
    stay = checked_in(clerk, RoomFactory(property=house), lead(1), companion(2))
    request = take_in(clerk, house, stay=stay).request
    second = Envelope.objects.get(belongs_to=stay.pk, category="register", subject=subjects_of(stay)[1])
    tail = str(held(Envelope.objects.filter(pk=second.pk))["document_number"])[-4:]
    assert match(request, officer, name="单雨桐", document_tail=tail).passed is True
    request.refresh_from_db()
    assert request.guest_id == subjects_of(stay)[1]


def test_two_who_fit_are_nobody(clerk: Person, officer: Person, house: Property) -> None:
    for sequence in (1, 2):
        checked_in(clerk, RoomFactory(property=house), lead(sequence))
    request = take_in(clerk, house).request
    check = match(request, officer, name=NAME, arrival_on=TODAY.isoformat())
    assert (check.passed, check.matched, check.failed) == (False, [], ["name", "arrival_on"])


def test_too_many_who_may_be_meant_are_nobody(
    clerk: Person, officer: Person, house: Property, monkeypatch: pytest.MonkeyPatch
) -> None:
    stays = [checked_in(clerk, RoomFactory(property=house), lead(sequence)) for sequence in (1, 2)]
    facts = {"name": NAME, "document_tail": document_tail(stays[0])}
    request = take_in(clerk, house).request
    monkeypatch.setattr(matching, "MOST_CANDIDATES", 1)
    assert match(request, officer, **facts).passed is False
    monkeypatch.setattr(matching, "MOST_CANDIDATES", 2)
    assert match(request, officer, **facts).passed is True


def test_a_guest_of_another_house_is_nobody(request_: Request, officer: Person, stranger: Person) -> None:
    elsewhere = checked_in(stranger_clerk(stranger), RoomFactory(property=stranger.kept_at), lead(9))
    check = match(request_, officer, elsewhere, name=NAME, document_tail=document_tail(elsewhere))
    assert (check.passed, check.matched) == (False, [])


def stranger_clerk(stranger: Person) -> Person:
    """A clerk of the stranger's house."""
    return make_person(stranger.kept_at, "front_desk")


def test_what_others_know_only_helps(request_: Request, officer: Person, stay: Stay) -> None:
    check = match(request_, officer, stay, name=NAME, room_number="9999", phone="13911112222")
    assert (check.passed, check.failed) == (True, ["room_number", "phone"])
    assert services.evidence_of(request_) == {"name", "stay_reference"}


@pytest.mark.parametrize(
    ("facts", "passed"),
    [
        ({"arrival_on": "2026-05-12", "departure_on": "2026-05-14"}, True),
        ({"arrival_on": "2026-05-12", "departure_on": "2026-05-15"}, False),
        ({"card_last4": "4242"}, True),
        ({"card_last4": "4243"}, False),
        ({"birth_date": "1988-02-14", "card_last4": "4242"}, True),
    ],
)
def test_facts_of_the_stay_and_the_card(
    request_: Request, officer: Person, stay: Stay, facts: dict[str, str], passed: bool
) -> None:
    assert match(request_, officer, stay, name=NAME, **facts).passed is passed


def test_a_restricted_guest_is_still_recognised(request_: Request, officer: Person, stay: Stay) -> None:
    facts = {"name": NAME, "document_tail": document_tail(stay)}
    ids = list(Envelope.objects.filter(subject=subjects_of(stay)[0]).values_list("pk", flat=True))
    restrict_envelopes(ids, until=AT + timedelta(days=900), who=requests.who(officer, stay.property))
    assert match(request_, officer, **facts).passed is True


def test_what_was_stated_when_asking_is_compared(officer: Person, stay: Stay) -> None:
    request = asked_online(stay)
    check = services.match_guest(request=request, actor=officer, at=AT)
    assert (check.passed, sorted(check.matched)) == (True, ["document_tail", "name", "phone", "stay_reference"])


def test_an_agents_own_name_is_not_the_guests(officer: Person, stay: Stay) -> None:
    stated = {"name": NAME, "document_tail": document_tail(stay)}
    request = asked_online(stay, acts_as="agent", name="王代理", phone="13811110000", facts=stated)
    check = services.match_guest(request=request, actor=officer, at=AT)
    assert (check.passed, sorted(check.matched)) == (True, ["document_tail", "name"])


def test_an_unknown_fact_is_an_error(request_: Request, officer: Person) -> None:
    with pytest.raises(ValueError):
        match(request_, officer, shoe_size="44")


# The task


def test_the_task_compares_a_submission_once_and_asks_for_the_code(stay: Stay) -> None:
    request = asked_online(stay)
    check = services.match_submission(request=request, at=AT)
    assert check is not None
    assert (check.passed, check.by) == (True, None)
    assert services.match_submission(request=request, at=AT) is None
    assert steps(request) == ["request.received", "request.check_passed", "request.code_asked"]
    fields = ["name", "phone", "document_tail", "stay_reference"]
    row = log_row("request.check_passed", request)
    assert sorted(row.pop("fields")) == sorted(fields)
    expected = as_log_row(None, request, "system", subjects=subjects_of(stay), detail={"method": "facts"})
    assert row == {name: value for name, value in expected.items() if name != "fields"}


def test_a_submission_of_nobody_ends_with_the_check(stay: Stay) -> None:
    request = asked_online(stay, name="无此人", phone="", facts={"stay_reference": "2026-999999"})
    check = services.match_submission(request=request, at=AT)
    assert check is not None
    assert (check.passed, steps(request)) == (False, ["request.received", "request.check_failed"])


def test_a_submission_taken_back_is_not_compared(stay: Stay) -> None:
    request = asked_online(stay)
    services.withdraw_request(request=request, actor=None, at=AT)
    assert services.match_submission(request=request, at=AT) is None
    assert Check.objects.count() == 0


def test_two_tails_verify_a_correction_at_once(stay: Stay) -> None:
    facts = {"document_tail": document_tail(stay), "card_last4": "4242"}
    request = asked_online(stay, kind="correction", facts=facts)
    services.match_submission(request=request, at=AT)
    request.refresh_from_db()
    assert (request.verified_at, request.guest_id) == (AT, subjects_of(stay)[0])
    row = log_row("request.verified", request)
    assert (row["fields"], row["actor_role"]) == (["card_last4", "document_tail", "name"], "system")
    assert Event.objects.filter(action="request.code_asked").count() == 0


# Documents


def test_the_document_of_the_guest_at_the_desk_verifies(clerk: Person, stay: Stay) -> None:
    request = take_in(clerk, stay.property, stay=stay).request
    check = see_document(request, clerk, number_of(stay))
    assert (check.method, check.passed, check.matched) == ("document", True, ["document_number", "document_seen"])
    request.refresh_from_db()
    assert (request.verified_at, request.guest_id) == (AT, subjects_of(stay)[0])
    row = as_log_row(clerk, request, "front_desk", subjects=subjects_of(stay))
    verified = row | {"fields": ["document_seen", "document_tail"]}
    assert log_row("request.verified", request) == verified


def test_only_type_and_last_four_are_kept(officer: Person, request_: Request, stay: Stay) -> None:
    number = number_of(stay)
    check = see_document(request_, officer, number)
    kept = held(papers(request_).filter(pk=check.envelope))
    assert kept == {"text": f"resident_id {number[-4:]}"}
    owner = Envelope.objects.get(pk=check.envelope).subject
    assert (owner.pk, owner.kind) == (request_.requester_id, Subject.Kind.REQUESTER)
    assert_nameless(request_)


def test_a_document_of_somebody_else_fails(officer: Person, request_: Request, stay: Stay) -> None:
    check = see_document(request_, officer, "11010119880214999X")
    request_.refresh_from_db()
    assert (check.passed, check.failed, request_.failures) == (False, ["document_number"], 1)


def test_who_did_not_take_it_in_and_does_not_decide_notes_no_document(
    request_: Request, clerk: Person, stranger: Person, stay: Stay
) -> None:
    for person in (clerk, stranger):
        with pytest.raises(NotAllowed):
            see_document(request_, person, number_of(stay))


def test_a_document_has_a_type_and_a_number(request_: Request, officer: Person) -> None:
    with pytest.raises(ValueError):
        see_document(request_, officer, " - ")


# Representatives


def agents(stay: Stay, officer: Person, **facts: Any) -> Request:
    """A request of a representative, the guest found by stay and name."""
    plain = {"acts_as": "agent", "name": "王代理", "kind": "correction"}
    request = take_in(officer, stay.property, channel="email", **(plain | facts)).request
    match(request, officer, stay, name=NAME)
    return request


def test_an_agent_shows_mandate_document_and_is_called_back(officer: Person, stay: Stay) -> None:
    request = agents(stay, officer)
    facts = {"request": request, "actor": officer, "at": AT}
    services.note_mandate(text="王代理，更正2026年5月登记", valid_until=TODAY, **facts)
    see_document(request, officer, "E12345678")
    assert services.asks_next(request) == ("callback",)
    services.note_callback(reached=True, **facts)
    request.refresh_from_db()
    assert (request.verified_at, request.guest_id) == (AT, subjects_of(stay)[0])
    assert_nameless(request)


def test_a_mandate_that_ran_out_and_a_call_nobody_took_lock_nothing(officer: Person, stay: Stay) -> None:
    request = agents(stay, officer)
    for _time in range(3):
        late = services.note_mandate(
            request=request, actor=officer, text="委托", valid_until=TODAY - timedelta(days=1), at=AT
        )
        called = services.note_callback(request=request, actor=officer, reached=False, at=AT)
    assert (late.passed, late.failed, called.passed, called.failed) == (False, ["mandate"], False, ["callback"])
    request.refresh_from_db()
    assert (request.failures, request.locked_until) == (0, None)


def test_an_agents_deletion_needs_the_guests_code(officer: Person, stay: Stay) -> None:
    request = agents(stay, officer, kind="deletion")
    services.note_mandate(request=request, actor=officer, text="委托", valid_until=TODAY, at=AT)
    see_document(request, officer, "E12345678")
    services.note_callback(request=request, actor=officer, reached=True, at=AT)
    request.refresh_from_db()
    assert (request.verified_at, services.asks_next(request)) == (None, ("code",))


def test_a_guardian_shows_document_and_relation(officer: Person, stay: Stay) -> None:
    request = agents(stay, officer, acts_as="guardian")
    see_document(request, officer, "E12345678")
    services.note_proof(request=request, actor=officer, proofs=["relation_proof"], text="出生证明", at=AT)
    request.refresh_from_db()
    assert request.verified_at == AT
    assert services.must_show(request).ways == (frozenset({"own_document", "relation_proof"}),)


def test_proof_without_a_guest_found_verifies_nobody(officer: Person, house: Property) -> None:
    request = take_in(officer, house, channel="letter", acts_as="lawyer", kind="access").request
    proofs = ["licence", "firm_letter", "court_order"]
    services.note_proof(request=request, actor=officer, proofs=proofs, at=AT)
    request.refresh_from_db()
    assert (services.evidence_of(request), request.verified_at) == (set(proofs), None)


def test_no_proof_suffices_for_somebody_else(officer: Person, stay: Stay) -> None:
    request = agents(stay, officer, acts_as="other")
    see_document(request, officer, "E12345678")
    assert (services.must_show(request).is_refused, services.asks_next(request)) == (True, ())


def test_an_unknown_proof_is_an_error(request_: Request, officer: Person) -> None:
    for proofs in ([], ["document_seen"], ["code"]):
        with pytest.raises(ValueError):
            services.note_proof(request=request_, actor=officer, proofs=proofs, at=AT)


# Failures, states, rights


def test_three_failures_lock_for_a_day(request_: Request, officer: Person, stay: Stay) -> None:
    for _time in range(3):
        match(request_, officer, stay, name=NAME, document_tail="0000")
    request_.refresh_from_db()
    assert (request_.failures, request_.locked_until) == (3, AT + timedelta(hours=24))
    right = {"name": NAME, "document_tail": document_tail(stay)}
    with pytest.raises(refusals.RequestLocked):
        match(request_, officer, stay, **right)
    after = AT + timedelta(hours=24)
    assert services.match_guest(request=request_, actor=officer, facts=right, at=after).passed is True


def test_after_the_lock_the_count_begins_again(request_: Request, officer: Person, stay: Stay) -> None:
    Request.objects.filter(pk=request_.pk).update(failures=3, locked_until=AT)
    match(request_, officer, stay, name=NAME, document_tail="0000")
    request_.refresh_from_db()
    assert (request_.failures, request_.locked_until) == (1, None)


def test_a_right_check_in_between_does_not_take_failures_back(request_: Request, officer: Person, stay: Stay) -> None:
    match(request_, officer, stay, name=NAME, document_tail="0000")
    match(request_, officer, stay, name=NAME)
    match(request_, officer, stay, name=NAME, card_last4="0000")
    request_.refresh_from_db()
    assert request_.failures == 2


CHECKS: dict[str, Any] = {
    "facts": lambda request, by: match(request, by, name=NAME),
    "document": lambda request, by: see_document(request, by, "E12345678"),
    "mandate": lambda request, by: services.note_mandate(
        request=request, actor=by, text="委托", valid_until=TODAY, at=AT
    ),
    "proof": lambda request, by: services.note_proof(request=request, actor=by, proofs=["licence"], at=AT),
    "callback": lambda request, by: services.note_callback(request=request, actor=by, reached=True, at=AT),
    "code": lambda request, by: services.check_code(request=request, code="123456", actor=by, at=AT),
}


@pytest.mark.parametrize("check", CHECKS)
def test_only_who_decides_here_checks(check: str, house: Property, clerk: Person, stranger: Person) -> None:
    request = make_request(house)
    for person in (clerk, stranger):
        with pytest.raises(NotAllowed):
            CHECKS[check](request, person)
    assert Check.objects.count() == 0


@pytest.mark.parametrize("check", CHECKS)
def test_what_is_closed_verified_or_locked_is_not_checked(check: str, house: Property, officer: Person) -> None:
    cases = {
        refusals.WrongState: make_request(house, state="closed", result="withdrawn"),
        refusals.AlreadyVerified: make_request(house, state="in_review"),
        refusals.RequestLocked: make_request(house, locked_until=AT + timedelta(hours=1)),
    }
    for refusal, request in cases.items():
        with pytest.raises(refusal):
            CHECKS[check](request, officer)
    assert Check.objects.count() == 0


def test_a_guest_who_was_erased_matches_nothing(request_: Request, officer: Person, stay: Stay) -> None:
    facts = {"name": NAME, "document_tail": document_tail(stay)}
    ids = list(Envelope.objects.filter(subject=subjects_of(stay)[0]).values_list("pk", flat=True))
    erase_envelopes(ids, reason="test", who=requests.who(officer, stay.property))
    check = match(request_, officer, stay, **facts)
    assert (check.passed, check.matched) == (False, ["stay_reference"])
