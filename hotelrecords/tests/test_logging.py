"""Log lines: whole, of one request, and without anybody's data."""

import json
import logging
import sys
from contextlib import suppress
from uuid import uuid4

import pytest
from django.test import RequestFactory
from django.urls import Resolver404, resolve

from audit import trace
from hotelrecords.logging import BareReporter, JsonFormatter, RequestIdFilter, without_values


def line(message: str, *words: object, error: BaseException | None = None, **extra: object) -> dict[str, object]:
    exc_info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, message, words, exc_info)
    record.__dict__.update(extra)
    RequestIdFilter().filter(record)
    told: dict[str, object] = json.loads(JsonFormatter().format(record))
    return told


def raised(error: Exception) -> Exception:
    try:
        raise error
    except Exception as caught:
        return caught


def test_a_line_names_its_request() -> None:
    number = uuid4()
    trace.begin(request_id=number)
    try:
        told = line("Not Found: %s", "/stays/2026-000042/", status_code=404)
    finally:
        trace.end()
    told.pop("at")
    assert told == {
        "level": "ERROR",
        "logger": "django.request",
        "message": "Not Found: /stays/2026-000042/",
        "request_id": str(number),
        "status": 404,
    }


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/stays/2026-000042/", "/stays/2026-000042/"),
        ("/guests/3f2b1c4d-0000-4000-8000-000000000000/", "/guests/3f2b1c4d-0000-4000-8000-000000000000/"),
        ("/rooms/0812/", "/rooms/0812/"),
        ("/stays/zhang-wei/", "/stays/…/"),
        ("/rooms/张伟/", "/rooms/…/"),
        ("/+8613800138000", "/…"),
        ("/张伟/", "/…"),
    ],
)
def test_what_was_typed_into_the_address_is_left_out(rf: RequestFactory, path: str, told: str) -> None:
    request = rf.get(path)
    with suppress(Resolver404):
        request.resolver_match = resolve(path)
    said = line("Not Found: %s", path.encode("unicode_escape").decode(), request=request)
    assert said["message"] == f"Not Found: {told}"


def test_a_line_after_the_request_still_names_it(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.request_id = "8a"
    assert line("Not Found: /", request=request)["request_id"] == "8a"


def test_the_words_of_an_error_are_left_out() -> None:
    error = raised(ValueError("王小明"))
    told = line(f"Task failed: {error!r} ({error})", error=error)
    assert told["message"] == "Task failed: … (…)"
    assert json.dumps(told, ensure_ascii=False).count("王小明") == 0
    assert told["error"]["kind"] == "builtins.ValueError"  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GET /desk/?q=王小明 HTTP/1.1", "GET /desk/ HTTP/1.1"),
        ("Not Found: /enrol/AbCdEfGhIjKlMnOpQrStUvWxYz012345/", "Not Found: /enrol/…/"),
        ("/guests/3f2b1c4d-0000-4000-8000-000000000000/", "/guests/3f2b1c4d-0000-4000-8000-000000000000/"),
        ("duplicate key\nDETAIL:  Key (phone)=(13800138000)", "duplicate key\n…"),
    ],
)
def test_values_are_cut_out(text: str, expected: str) -> None:
    assert without_values(text) == expected


def test_error_reports_have_no_variables(rf: RequestFactory) -> None:
    typed = "王小明"
    try:
        raise ValueError(len(typed))
    except ValueError:
        reporter = BareReporter(rf.get("/"), *sys.exc_info())
        frames = reporter.get_traceback_frames()
    assert [frame["vars"] for frame in frames] == [[]]
