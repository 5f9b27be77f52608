"""Stated facts compared blindly: names of facts come out, a guest is found or nobody."""

from datetime import datetime, time, timedelta

import pytest

from audit.models import Event
from privacy import services
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
    subjects_of,
)
from privacy.tests.requesting import (
    as_log_row,
    asked_online,
    assert_nameless,
    document_tail,
    held,
    log_row,
    steps,
    take_in,
)
from staff.models import Person, Property
from stays.models import Stay
from vault.models import Envelope
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


def number_of(stay: Stay) -> str:
    """The number of the lead guest's document."""
    envelope = Envelope.objects.filter(belongs_to=stay.pk, category="register", subject=subjects_of(stay)[0])
    return str(held(envelope)["document_number"])


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


def test_the_day_somebody_came_and_left_is_as_true_as_the_booked_one(
    request_: Request, officer: Person, stay: Stay
) -> None:
    """After midnight the business day is still the day before; and who leaves early names the day they left."""
    night = datetime.combine(stay.arrival_on + timedelta(days=1), time(2), tzinfo=stay.property.zone)
    Stay.objects.filter(pk=stay.pk).update(
        status="checked_out", arrived_at=night, departed_at=night + timedelta(hours=7)
    )
    calendar = night.date().isoformat()
    facts = {"arrival_on": calendar, "departure_on": calendar, "document_tail": document_tail(stay)}
    assert match(request_, officer, stay, **facts).failed == []
    wrong = match(request_, officer, stay, arrival_on=(night.date() + timedelta(days=30)).isoformat())
    assert wrong.failed == ["arrival_on"]


def test_of_a_party_what_is_true_of_one_is_told_as_true(clerk: Person, officer: Person, house: Property) -> None:
    """The number of the stay and its days do not turn false because the end of a document was misread."""
    stay = checked_in(clerk, RoomFactory(property=house), lead(1), companion(2))
    request = take_in(clerk, house).request
    facts = {"name": "单雨桐", "arrival_on": stay.arrival_on.isoformat(), "document_tail": "0000"}
    check = match(request, officer, stay, **facts)
    assert (check.passed, check.matched, check.failed) == (
        False, ["name", "arrival_on", "stay_reference"], ["document_tail"],
    )  # fmt: skip
    request.refresh_from_db()
    assert (request.guest_id, request.failures) == (None, 1)


def test_what_is_true_of_a_whole_party_names_nobody_and_is_no_failure(
    clerk: Person, officer: Person, house: Property
) -> None:
    stay = checked_in(clerk, RoomFactory(property=house), lead(1), companion(2))
    request = take_in(clerk, house).request
    check = match(request, officer, stay, arrival_on=stay.arrival_on.isoformat())
    assert (check.passed, check.matched, check.failed) == (False, ["arrival_on", "stay_reference"], [])
    request.refresh_from_db()
    assert (request.guest_id, request.failures) == (None, 0)


def test_a_companion_who_came_later_and_left_earlier_names_their_own_days(
    clerk: Person, officer: Person, house: Property
) -> None:
    stay = checked_in(clerk, RoomFactory(property=house), lead(1), companion(2))
    came, left = AT + timedelta(days=1), AT + timedelta(days=1, hours=20)
    stay.occupants.filter(role="companion").update(came_at=came, left_at=left)
    request = take_in(clerk, house).request
    days = {"arrival_on": came.date().isoformat(), "departure_on": house.today(left).isoformat()}
    check = match(request, officer, stay, name="单雨桐", **days)
    assert (check.passed, check.failed) == (True, [])
    request.refresh_from_db()
    assert request.guest_id == subjects_of(stay)[1]


def test_two_who_fit_are_nobody(clerk: Person, officer: Person, house: Property) -> None:
    for sequence in (1, 2):
        checked_in(clerk, RoomFactory(property=house), lead(sequence))
    request = take_in(clerk, house).request
    check = match(request, officer, name=NAME, arrival_on=TODAY.isoformat())
    assert (check.passed, check.matched, check.failed) == (False, ["name", "arrival_on"], [])


def test_of_several_whom_a_name_finds_it_is_not_told_which_fact_is_wrong(
    clerk: Person, officer: Person, house: Property
) -> None:
    for sequence in (1, 2):
        checked_in(clerk, RoomFactory(property=house), lead(sequence))
    request = take_in(clerk, house).request
    check = match(request, officer, name=NAME, document_tail="0000")
    assert (check.passed, check.matched, check.failed) == (False, [], ["name", "document_tail"])


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


def test_a_guest_who_was_erased_matches_nothing(request_: Request, officer: Person, stay: Stay) -> None:
    facts = {"name": NAME, "document_tail": document_tail(stay)}
    ids = list(Envelope.objects.filter(subject=subjects_of(stay)[0]).values_list("pk", flat=True))
    erase_envelopes(ids, reason="test", who=requests.who(officer, stay.property))
    check = match(request_, officer, stay, **facts)
    assert (check.passed, check.matched) == (False, ["stay_reference"])
