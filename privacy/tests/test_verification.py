"""Who asks: documents seen, mandates and proofs, failures and the lock."""

from datetime import timedelta
from typing import Any

import pytest

from privacy import refusals, services
from privacy.models import Check, Request
from privacy.tests.factories import (
    AT,
    TODAY,
    make_request,
    subjects_of,
)
from privacy.tests.requesting import (
    as_log_row,
    assert_nameless,
    document_tail,
    held,
    log_row,
    papers,
    take_in,
)
from staff.models import Person, Property
from staff.permissions import NotAllowed
from stays.models import Stay
from vault.models import Envelope, Subject

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
