"""What surrounds a request."""

from uuid import UUID

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import ResolverMatch

from audit import actions, trace
from audit.models import Event
from audit.services import Refused, Who
from hotelrecords import middleware
from hotelrecords.middleware import Discretion, Refusals, RequestId, Unavailable

SOMEBODY = Who(actor=7, role="front_desk", property=3)


class RoomGone(Refused):
    """A refusal as an app declares it."""

    message = "Room 0812 is dirty: choose another or override with a reason."


def answering(status: int = 200) -> HttpResponse:
    return HttpResponse("page", status=status)


def asked(rf: RequestFactory, who: Who | None = SOMEBODY, **kwargs: object) -> HttpRequest:
    request: HttpRequest = rf.get("/stays/2026-000042/")
    request.resolver_match = ResolverMatch(answering, (), kwargs, url_name="stay")
    if who is not None:
        request.who = who
    return request


def test_the_request_id_is_ours(client: Client) -> None:
    answer = client.get("/health/live", headers={"X-Request-ID": "00000000-0000-0000-0000-000000000000"})
    assert UUID(answer["X-Request-ID"]).version == 4


def test_the_trace_lasts_as_long_as_the_request(rf: RequestFactory) -> None:
    seen = []
    request = rf.get("/")
    RequestId(lambda _request: seen.append(trace.request_id()) or answering())(request)
    assert (seen, trace.current()) == ([request.request_id], None)


def test_pages_are_kept_nowhere(client: Client) -> None:
    answer = client.get("/health/live")
    assert (answer["Cache-Control"], answer["Permissions-Policy"]) == ("no-store", middleware.PERMISSIONS)


def test_a_page_that_names_its_caching_keeps_it(rf: RequestFactory) -> None:
    answer = Discretion(lambda _request: HttpResponse(headers={"Cache-Control": "max-age=60"}))(rf.get("/"))
    assert answer["Cache-Control"] == "max-age=60"


def test_an_absent_database_is_told_as_such(rf: RequestFactory) -> None:
    answer = Unavailable(lambda _request: answering()).process_exception(rf.get("/"), OperationalError("gone"))
    assert answer is not None
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")


def test_other_errors_are_left_to_others(rf: RequestFactory) -> None:
    handler = Unavailable(lambda _request: answering())
    assert handler.process_exception(rf.get("/"), ValueError("x")) is None


def last_row() -> dict[str, object]:
    return Event.objects.order_by("-id").values("action", "outcome", "actor", "object_type", "object_ref")[0]


@pytest.mark.django_db
@pytest.mark.parametrize(("status", "action"), [(403, actions.PAGE_REFUSED), (404, actions.PAGE_MISSING)])
def test_a_page_not_open_is_a_row(rf: RequestFactory, status: int, action: str) -> None:
    Refusals(lambda _request: answering(status))(asked(rf, reference="2026-000042"))
    row = {"action": action, "outcome": "denied", "actor": 7, "object_type": "stay", "object_ref": "2026-000042"}
    assert last_row() == row


@pytest.mark.django_db
def test_nobody_signed_in_is_no_row(rf: RequestFactory) -> None:
    before = Event.objects.count()
    Refusals(lambda _request: answering(404))(asked(rf, who=Who()))
    Refusals(lambda _request: answering(200))(asked(rf))
    assert Event.objects.count() == before


@pytest.mark.django_db
def test_a_refused_deed_is_a_row_and_a_fragment(rf: RequestFactory) -> None:
    request = asked(rf)
    request.META["HTTP_HX_REQUEST"] = "true"
    answer = Refusals(lambda _request: answering()).process_exception(
        request, RoomGone(object_type="room", object_ref="5")
    )
    assert answer is not None
    assert (answer.status_code, answer["HX-Retarget"], answer["HX-Reswap"]) == (409, "#messages", "innerHTML")
    assert answer.content.decode().count("Room 0812 is dirty") == 1
    row = {"action": "deed.refused", "outcome": "denied", "actor": 7, "object_type": "room", "object_ref": "5"}
    assert last_row() == row


@pytest.mark.django_db
def test_a_refusal_is_one_row_only(rf: RequestFactory) -> None:
    request = asked(rf)
    before = Event.objects.count()
    request.META["HTTP_HX_REQUEST"] = "true"
    handler = Refusals(lambda request: handler.process_exception(request, RoomGone()) or answering())
    handler(request)
    assert Event.objects.count() == before + 1


GUEST = UUID("3f2b1c4d-0000-4000-8000-000000000000")


@pytest.mark.parametrize(
    ("kwargs", "expected"),
    [
        ({"reference": "2026-000042"}, "2026-000042"),
        ({"subject": GUEST}, str(GUEST)),
        ({"pk": 12}, "12"),
        ({"pk": 13800138000}, ""),
        ({"pk": 10**300}, ""),
        ({"token": "a-one-time-token"}, ""),
        ({"reference": "王小明"}, ""),
        ({"reference": "zhang-wei"}, ""),
        ({"reference": "13800138000"}, ""),
        ({"number": "0812"}, "0812"),
        ({}, ""),
    ],
)
def test_only_references_stand_in_the_row(kwargs: dict[str, object], expected: str) -> None:
    assert middleware.reference(kwargs) == expected
