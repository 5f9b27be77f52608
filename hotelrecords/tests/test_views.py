"""Health and error pages."""

import re
import socket
import time
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.test import Client, RequestFactory

from hotelrecords import views
from hotelrecords.embedded import roles
from hotelrecords.embedded.testing import TestBed


def test_live_asks_nobody(client: Client) -> None:
    assert client.get("/health/live").json() == {"status": "ok"}


@pytest.mark.django_db
def test_ready_without_broker_and_keeper_is_degraded(client: Client) -> None:
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "degraded",
        "database": "ok",
        "broker": "degraded",
        "keeper": "degraded",
        "duties": "ok",
    }


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_a_broker_that_never_answers_is_not_waited_for(settings: Any, scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.CELERY_BROKER_URL = f"{scheme}://127.0.0.1:{silent.getsockname()[1]}/"
        begun = time.monotonic()
        assert views.broker_answers() is False
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize(
    ("age", "breaches", "works"), [("1 second", 0, True), ("2 minutes", 0, False), ("0", 1, False)]
)
def test_keeper_works_while_it_gives_signs_of_life(
    own_database: str, test_bed: TestBed, age: str, breaches: int, works: bool
) -> None:
    with test_bed.cluster.superuser(own_database) as session, session.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_keeper_beat (id, at, breaches) VALUES (1, now() - %s::interval, %s)", [age, breaches]
        )
    assert views.keeper_works() is works


def test_not_ready_when_the_database_is_away(own_database: str, test_bed: TestBed, client: Client) -> None:
    roles.drop_databases(test_bed.cluster, own_database)
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable", "database": "away"})


SECRET = "s" * 32


def posted(**fields: str | list[str]) -> HttpRequest:
    body = QueryDict(mutable=True)
    for name, value in fields.items():
        body.setlist(name, value if isinstance(value, list) else [value])
    request: HttpRequest = RequestFactory().post(
        "/stays/walk-in/", body.urlencode(), "application/x-www-form-urlencoded"
    )
    request.COOKIES[settings.CSRF_COOKIE_NAME] = SECRET
    return request


def test_what_was_typed_is_echoed_but_for_passwords_and_codes() -> None:
    request = posted(name="王小明", room=["0812", "0813"], csrfmiddlewaretoken="x", new_password="x", code="123456")
    assert views.typed(request) == [("name", "王小明"), ("room", "0812"), ("room", "0813")]


def answer_while_away(request: HttpRequest) -> HttpResponse:
    try:
        raise OperationalError("connection refused")
    except OperationalError:
        return views.server_error(request)


@pytest.mark.parametrize(("asked", "spoken"), [("en", "en"), ("zh-CN", "zh-hans"), ("de", "zh-hans")])
def test_the_page_for_an_absent_database_keeps_the_form(asked: str, spoken: str) -> None:
    request = posted(name="王小明")
    request.META["HTTP_ACCEPT_LANGUAGE"] = asked
    response = answer_while_away(request)
    page = response.content.decode()
    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert page.count(f'<html lang="{spoken}">') == 1
    assert page.count('<input type="hidden" name="name" value="王小明">') == 1
    assert page.count('name="csrfmiddlewaretoken"') == 1
    assert page.count('action="/stays/walk-in/"') == 1


def test_what_another_site_posts_is_not_made_a_form_of_ours() -> None:
    """Our cookie stays at home (SameSite=Lax); sent again from our page, it would come with our token."""
    request = posted(deed="consent_end")
    del request.COOKIES[settings.CSRF_COOKIE_NAME]
    page = answer_while_away(request).content.decode()
    assert (page.count("consent_end"), page.count("<form")) == (0, 0)


def test_other_errors_tell_nothing(rf: RequestFactory) -> None:
    try:
        raise ValueError("王小明")
    except ValueError:
        response = views.server_error(rf.get("/"))
    assert response.status_code == 500
    assert response.content.decode().count("王小明") == 0


def test_signing_in_while_the_database_is_away_keeps_the_form(own_database: str, test_bed: TestBed) -> None:
    roles.drop_databases(test_bed.cluster, own_database)
    typed = {"login": "harbour-desk", "password": "welcome to the desk"}
    client = Client(raise_request_exception=False)
    client.cookies[settings.CSRF_COOKIE_NAME] = SECRET
    answer = client.post("/account/sign-in/", typed, HTTP_ACCEPT_LANGUAGE="en")
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert (page.count('value="harbour-desk"'), page.count("welcome to the desk")) == (1, 0)


def test_a_page_from_before_the_session_can_be_sent_again(rf: RequestFactory) -> None:
    """The database was gone before the middleware of tokens was asked: the form bears the cookie's secret still."""
    first = HttpRequest()
    get_token(first)
    request = rf.post("/stays/walk-in/", {"guest-0-name": "濮阳青云"})
    request.COOKIES[settings.CSRF_COOKIE_NAME] = first.META["CSRF_COOKIE"]
    page = views.unavailable(request).content.decode()
    [token] = re.findall('name="csrfmiddlewaretoken" value="([^"]+)"', page)
    sent = rf.post("/stays/walk-in/", {"csrfmiddlewaretoken": token})
    sent.COOKIES = request.COOKIES
    check = CsrfViewMiddleware(lambda _request: HttpResponse())
    check.process_request(sent)
    assert check.process_view(sent, lambda _request: HttpResponse(), (), {}) is None
