"""The screen left alone: after ``DESK_IDLE_MINUTES`` without a request of the person's own the session is locked.

A locked session answers nothing but the unlock page, and only the same person may go on. Polling does not count.
"""

import time
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from staff.stepping_up import page_of, redirect_to_page

LOCKED_KEY: Final = "locked"
SEEN_KEY: Final = "seen_at"
BEGAN_KEY: Final = "began_at"
NOTED_EVERY_SECONDS: Final = 15
LOCKED_STATUS: Final = 423  # RFC 4918, section 11.3


def is_locked(request: HttpRequest) -> bool:
    """Whether the session is locked."""
    return bool(request.session.get(LOCKED_KEY))


def is_idle(request: HttpRequest) -> bool:
    """Whether the person has been away too long for the session to stay open."""
    seen = request.session.get(SEEN_KEY)
    return seen is not None and time.time() - seen > settings.DESK_IDLE_MINUTES * 60


def begin(request: HttpRequest) -> None:
    """Begin a session: open, and over for good ``SESSION_COOKIE_AGE`` seconds from now."""
    request.session[BEGAN_KEY] = time.time()
    unlock(request)


def is_over(request: HttpRequest) -> bool:
    """Whether the session has lasted its time, however busy it was (ASVS 5, 7.3.2)."""
    began = request.session.get(BEGAN_KEY)
    return began is None or time.time() - began > settings.SESSION_COOKIE_AGE


def lock(request: HttpRequest) -> None:
    """Lock the session."""
    request.session[LOCKED_KEY] = True


def unlock(request: HttpRequest) -> None:
    """Open the session again."""
    request.session.pop(LOCKED_KEY, None)
    request.session[SEEN_KEY] = time.time()


def note_presence(request: HttpRequest) -> None:
    """Keep that the person is there, unless a page asked by itself; written at most every few seconds."""
    if is_poll(request):
        return
    seen = request.session.get(SEEN_KEY, 0)
    if time.time() - seen > NOTED_EVERY_SECONDS:
        request.session[SEEN_KEY] = time.time()


def is_poll(request: HttpRequest) -> bool:
    """Whether a page asked by itself, not a person."""
    return request.headers.get("X-Poll") == "1" or request.headers.get("HX-Trigger-Name") == "poll"


def locked_answer(request: HttpRequest) -> HttpResponse:
    """What a locked session answers: 423 to a script, the unlock page to a person, and nothing typed is lost."""
    if _is_script(request):
        return HttpResponse(status=LOCKED_STATUS, headers={"X-Locked": "1", "Cache-Control": "no-store"})
    if request.method == "GET":
        return redirect_to_page(request, "unlock", page_of(request))
    return render(request, "staff/locked.html", status=LOCKED_STATUS)


def _is_script(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request")) or request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
