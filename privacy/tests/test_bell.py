"""What a step of a request leaves to the workers is rung for at once; the sweep is for when the broker was away."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

import pytest

from privacy import services
from privacy.models import Request
from privacy.tests.factories import AT, make_request
from privacy.tests.requesting import asked_online, take_in
from staff.models import Person, Property
from stays.models import Stay

pytestmark = pytest.mark.django_db
MATCH, ACKNOWLEDGE = "privacy.tasks.match_submission", "privacy.tasks.acknowledge_request"
Capture = Callable[[], AbstractContextManager[list[Any]]]


def rung(capture: Capture, deed: Callable[[], Any]) -> list[tuple[str, tuple[str, ...]]]:
    """Which tasks a deed rings for once it is committed, and of which request."""
    with capture() as callbacks:
        deed()
    return [callback.args for callback in callbacks if isinstance(callback, partial)]


def test_what_comes_in_is_compared_and_acknowledged(
    house: Property, django_capture_on_commit_callbacks: Capture
) -> None:
    calls = rung(django_capture_on_commit_callbacks, lambda: take_in(None, house))
    key = str(Request.objects.get().pk)
    assert calls == [(MATCH, (key,)), (ACKNOWLEDGE, (key,))]


def test_a_code_that_is_asked_for_is_sent(house: Property, django_capture_on_commit_callbacks: Capture) -> None:
    request = make_request(house)
    calls = rung(django_capture_on_commit_callbacks, lambda: services.ask_for_code(request=request, at=AT))
    assert calls == [("privacy.tasks.send_asked_code", (str(request.pk),))]


def test_facts_that_fit_ask_for_the_code(stay: Stay, django_capture_on_commit_callbacks: Capture) -> None:
    request = asked_online(stay)
    calls = rung(django_capture_on_commit_callbacks, lambda: services.match_submission(request=request, at=AT))
    assert calls == [("privacy.tasks.send_asked_code", (str(request.pk),))]


def test_an_extension_is_told(house: Property, officer: Person, django_capture_on_commit_callbacks: Capture) -> None:
    request, told = make_request(house), {"actor": officer, "reason": "complex", "at": AT}
    calls = rung(django_capture_on_commit_callbacks, lambda: services.extend_request(request=request, **told))
    assert calls == [("privacy.tasks.tell_extension", (str(request.pk),))]


def test_nothing_stated_at_the_desk_is_compared_by_itself(house: Property, clerk: Person) -> None:
    request = take_in(clerk, house).request
    assert services.match_submission(request=request, at=AT) is None
    assert request.checks.count() == 0


def test_a_broker_that_is_away_keeps_nobody_waiting(
    house: Property, django_capture_on_commit_callbacks: Any, caplog: pytest.LogCaptureFixture
) -> None:
    began = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        take_in(None, house)
    assert len(callbacks) == len([line for line in caplog.messages if "The broker is away" in line]) == 2
    assert time.monotonic() - began < 5
