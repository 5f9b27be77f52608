"""The number and code by which a requester follows their request."""

from datetime import timedelta
from typing import Any

import pytest

from audit.models import Event
from privacy import services
from privacy.models import Request
from privacy.services import secrets
from privacy.tests.factories import AT
from privacy.tests.requesting import as_log_row, log_row, steps, take_in
from staff.models import Person, Property

pytestmark = pytest.mark.django_db


def follow(number: str, code: str, at: Any = AT) -> Request | None:
    return services.open_follow(number=number, code=code, at=at)


def test_number_and_code_open_the_request(clerk: Person, house: Property) -> None:
    taken = take_in(clerk, house)
    assert follow(f" {taken.request.number.lower()} ", taken.follow_code.lower().replace("-", " ")) == taken.request
    row = as_log_row(None, taken.request, "requester")
    assert log_row("request.followed", taken.request) == row
    assert follow(taken.request.number, taken.follow_code) == taken.request
    assert steps(taken.request).count("request.followed") == 2


def test_whatever_is_wrong_has_one_answer_and_one_row(clerk: Person, house: Property) -> None:
    taken = take_in(clerk, house)
    over = take_in(clerk, house)
    Request.objects.filter(pk=over.request.pk).update(state="closed", result="withdrawn", closed_at=AT)
    tries = [
        (taken.request.number, "2222-2222-2222"),
        (taken.request.number, ""),
        ("R-2026-999999", taken.follow_code),
        (over.request.number, over.follow_code),
    ]
    assert [follow(number, code, AT + timedelta(days=180)) for number, code in tries] == [None] * 4
    rows = Event.objects.filter(action="follow.refused").order_by("id")
    told = rows.values_list("object_ref", "outcome", "actor", "actor_role", "property", "fields", "detail")
    assert list(told) == [(number, "denied", None, "requester", None, [], {}) for number, _code in tries]


def test_what_is_no_number_stands_in_no_row(house: Property) -> None:
    assert follow("欧阳海棠 13900001234", "2222-2222-2222") is None
    assert list(Event.objects.filter(action="follow.refused").values_list("object_ref", flat=True)) == [""]


def test_a_closed_request_is_followed_for_half_a_year(clerk: Person, house: Property) -> None:
    taken = take_in(clerk, house)
    services.withdraw_request(request=taken.request, actor=None, at=AT)
    assert follow(taken.request.number, taken.follow_code, AT + timedelta(days=179)) == taken.request


def test_the_same_slow_work_for_an_unknown_number(
    clerk: Person, house: Property, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = take_in(clerk, house)
    compared = []
    slow = secrets._slow
    monkeypatch.setattr(secrets, "_slow", lambda code, salt: compared.append(len(salt)) or slow(code, salt))
    follow(taken.request.number, "2222-2222-2222")
    follow("R-2026-999999", "2222-2222-2222")
    assert compared == [compared[0]] * 2


def test_who_knows_only_a_number_keeps_nobody_out(clerk: Person, house: Property) -> None:
    taken = take_in(clerk, house)
    for _time in range(20):
        assert follow(taken.request.number, "2222-2222-2222") is None
    assert follow(taken.request.number, taken.follow_code) == taken.request


def test_a_renewed_code_ends_the_one_before(clerk: Person, house: Property, officer: Person) -> None:
    taken = take_in(clerk, house)
    new = services.renew_follow_code(request=taken.request, actor=officer, at=AT)
    assert (follow(taken.request.number, taken.follow_code), follow(taken.request.number, new)) == (
        None,
        taken.request,
    )
    assert log_row("request.follow_code_renewed", taken.request) == as_log_row(officer, taken.request)


def test_codes_are_drawn_from_what_nobody_mistakes() -> None:
    drawn = {secrets.new_follow_code() for _time in range(50)}
    assert (len(drawn), {len(code) for code in drawn}) == (50, {14})
    assert set("".join(drawn)) <= {*secrets.ALPHABET, "-"}
    assert {len(secrets.new_digits()) for _time in range(50)} == {secrets.DIGITS}
