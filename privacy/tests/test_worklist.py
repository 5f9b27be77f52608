"""Which requests, holds and registers a person sees, and in which order."""

from datetime import date, timedelta

import pytest

from privacy.models import Hold, Processor, Request
from privacy.tests.factories import AT, TODAY, Result, State, make_hold, make_person, make_request, new_subject
from staff.models import Person, Property
from stays.models import Stay

pytestmark = pytest.mark.django_db


def days(number: int) -> timedelta:
    """So many days."""
    return timedelta(days=number)


def test_who_decides_sees_the_requests_of_their_house_only(
    house: Property, officer: Person, approver: Person, clerk: Person, manager: Person, stranger: Person
) -> None:
    request = make_request(house, taken_in_by=clerk)
    people = {"officer": officer, "approver": approver, "clerk": clerk, "manager": manager, "stranger": stranger}
    seen = {name: list(Request.objects.visible_to(person)) for name, person in people.items()}
    assert seen == {"officer": [request], "approver": [request], "clerk": [], "manager": [], "stranger": []}


def test_the_receipt_is_for_who_took_the_request_in(house: Property, clerk: Person) -> None:
    request = make_request(house, taken_in_by=clerk)
    make_request(house, taken_in_by=None)
    another = make_person(house, "front_desk")
    assert list(Request.objects.taken_in_by(clerk)) == [request]
    assert list(Request.objects.taken_in_by(another)) == []


def test_the_shortest_time_left_comes_first_and_paused_ones_last(house: Property) -> None:
    late = make_request(house, due_on=TODAY - days(3))
    far = make_request(house, due_on=TODAY + days(20))
    near = make_request(house, due_on=TODAY + days(2))
    paused = make_request(house, due_on=TODAY - days(9), paused_at=AT, pause_reason="identity")
    make_request(house, state=State.CLOSED, due_on=TODAY)
    assert list(Request.objects.at(house).open().by_time_left()) == [late, near, far, paused]
    assert list(Request.objects.due(AT).by_time_left()) == [late]


@pytest.mark.parametrize(("ahead", "left", "overdue"), [(5, 5, False), (0, 0, False), (-1, -1, True)])
def test_days_left_are_those_of_the_house(house: Property, ahead: int, left: int, overdue: bool) -> None:
    request = make_request(house, due_on=TODAY + days(ahead))
    assert (request.days_left(TODAY), request.is_overdue(TODAY)) == (left, overdue)


def test_the_clock_stands_still_in_a_pause(house: Property) -> None:
    request = make_request(house, due_on=TODAY + days(4), paused_at=AT, pause_reason="identity")
    assert (request.days_left(TODAY + days(30)), request.is_overdue(TODAY + days(30))) == (4, False)


def test_what_is_closed_is_never_overdue(house: Property) -> None:
    request = make_request(house, state=State.CLOSED, result=Result.WITHDRAWN, due_on=TODAY - days(9))
    assert request.is_overdue(TODAY) is False


def test_a_confidential_hold_is_for_its_named_officers(
    stay: Stay, officer: Person, approver: Person, clerk: Person
) -> None:
    named, other = make_person(stay.property, "privacy_officer"), make_person(stay.property, "privacy_officer")
    hold = make_hold(stay.property, placed_by=officer, stay=stay, confidential=True)
    hold.officers.add(named)
    plain = make_hold(stay.property, placed_by=officer, stay=stay)
    seen = [list(Hold.objects.visible_to(one).order_by("number")) for one in (officer, named, other, approver, clerk)]
    assert seen == [[hold, plain], [hold, plain], [plain], [plain], []]


def test_a_named_officer_who_left_the_house_sees_nothing(stay: Stay, officer: Person, stranger: Person) -> None:
    make_hold(stay.property, placed_by=officer, stay=stay, confidential=True).officers.add(stranger)
    assert list(Hold.objects.visible_to(stranger)) == []


def test_a_hold_is_in_force_until_it_is_released_or_ends(stay: Stay, officer: Person, approver: Person) -> None:
    def made(**facts: object) -> Hold:
        return make_hold(stay.property, placed_by=officer, stay=stay, **facts)

    approved = {"approved_by": approver, "approved_at": AT}
    released = {"release_asked_by": officer, "released_by": approver, "released_at": AT + days(2)}
    made()
    holding = made(**approved)
    let_go = made(**approved, **released)
    frozen = made(kind=Hold.Kind.AUTHORITY, until=None)
    in_force = [set(Hold.objects.in_force(AT + days(later))) for later in (-1, 1, 3, 91)]
    assert in_force == [set(), {holding, let_go, frozen}, {holding, frozen}, {frozen}]


def test_processors_of_the_house_and_of_the_group(house: Property, officer: Person, stranger: Person) -> None:
    def made(name: str, of: Property | None, expires_on: date = TODAY, **facts: object) -> Processor:
        return Processor.objects.create(
            property=of,
            name=name,
            agreement_ref=name,
            contact="privacy@company.example",
            signed_on=TODAY - days(900),
            expires_on=expires_on,
            **facts,
        )

    ours, groups = made("a", house, TODAY + days(20)), made("b", None)
    ended = made("c", house, ended_on=TODAY)
    assert list(Processor.objects.visible_to(officer)) == [ours, groups, ended]
    assert list(Processor.objects.visible_to(stranger)) == [groups]
    assert list(Processor.objects.working_for(house)) == [ours, groups]
    assert list(Processor.objects.expiring(TODAY + days(10))) == [groups]


def test_nobody_off_the_office_sees_processors(house: Property, clerk: Person) -> None:
    Processor.objects.create(
        name="a", agreement_ref="a", contact="privacy@company.example", signed_on=TODAY, expires_on=TODAY
    )
    assert list(Processor.objects.visible_to(clerk)) == []


def test_what_is_printed_of_a_request_names_nobody(stay: Stay) -> None:
    request = make_request(stay.property, stay=stay, requester_id=new_subject("requester"), number="R-2026-000042")
    assert str(request) == "R-2026-000042"
