"""One JSON line for each log record, with the request's id and without anybody's data.

What a person typed never stands in a log: no body, no query string, no local variable of a traceback.
"""

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from typing import Any

from django.views.debug import ExceptionReporter

from audit import trace

QUERY = re.compile(r"\?[^\s\"']*")
# The text of a database error may quote the row that was refused.
QUOTING = re.compile(r"(?:DETAIL|Key \(|Failing row).*", re.DOTALL)
# A long part of an address may be a one-time token; the ids of things are shown.
LONG_PART = re.compile(r"/(?![0-9a-f]{8}-[0-9a-f]{4}-)[^/\s\"']{24,}")
LONGEST = 2000
# What the house numbers itself. Anything else in an address was typed by somebody, who may have typed a guest's name.
NUMBERED = re.compile(
    r"(R-)?20\d\d-\d{6,9}|[CH]-\d{1,9}|\d{1,6}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE
)
VARIABLE = re.compile(r"<(?:\w+:)?(\w+)>")


class RequestIdFilter(logging.Filter):
    """Gives each record the id of the request it belongs to."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Set ``record.request_id``; every record passes."""
        request = getattr(record, "request", None)
        record.request_id = str(trace.request_id() or getattr(request, "request_id", None) or "")
        return True


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line: when, how grave, who says it, what, for which request, and where it broke."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": said(record),
            "request_id": getattr(record, "request_id", ""),
        }
        status = getattr(record, "status_code", None)
        if isinstance(status, int):
            line["status"] = status
        if record.exc_info and record.exc_info[1]:
            line["error"] = describe(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def said(record: logging.LogRecord) -> str:
    """The record's message without the words of the error it tells of."""
    text = record.getMessage()
    request = getattr(record, "request", None)
    if request is not None:
        for path in (request.path, request.path.encode("unicode_escape").decode("ascii")):
            text = text.replace(path, address(request))
    error = record.exc_info[1] if record.exc_info else None
    for words in (repr(error), str(error)) if error else ():
        text = text.replace(words, "…") if words else text
    return without_values(text)


def address(request: Any) -> str:
    """The address asked for, as the house writes it: with references of its own, without what was typed."""
    match = getattr(request, "resolver_match", None)
    if match is None:
        return "/…"
    values = {name: str(value) for name, value in match.kwargs.items()}
    ours = {name: value if NUMBERED.fullmatch(value) else "…" for name, value in values.items()}
    return "/" + VARIABLE.sub(lambda variable: ours.get(variable[1], "…"), match.route)


def without_values(text: str) -> str:
    """The text without query strings, tokens and quoted rows, cut to a sane length."""
    return QUOTING.sub("…", LONG_PART.sub("/…", QUERY.sub("", text)))[:LONGEST]


def describe(error: BaseException) -> dict[str, Any]:
    """Kind and place of an error. Its own words may hold what was typed, so they are left out."""
    frames = traceback.extract_tb(error.__traceback__)
    told: dict[str, Any] = {
        "kind": f"{type(error).__module__}.{type(error).__qualname__}",
        "frames": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-20:]],
    }
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        told["because"] = describe(cause)
    return told


class BareReporter(ExceptionReporter):
    """Error reports without local variables: they hold what was typed and what was opened."""

    def get_traceback_frames(self) -> list[dict[str, Any]]:
        """The frames, each with its place and without its variables."""
        return [frame | {"vars": []} for frame in super().get_traceback_frames()]
