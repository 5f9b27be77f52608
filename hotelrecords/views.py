"""The site's own pages: its health, and what is shown when a request could not be answered."""

import sys
from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseServerError, JsonResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.shortcuts import render
from django.template import loader
from django.utils import timezone
from django.utils.translation import get_language_from_request, override
from django.views.decorators.http import require_safe
from kombu import Connection
from kombu.exceptions import KombuError

from audit.models import KeeperBeat
from staff.models import Lapse
from staff.permissions import public
from vault import lock

RETRY_AFTER_SECONDS = 10
_of_the_cookie = CsrfViewMiddleware(lambda _request: HttpResponse())
BROKER_SECONDS = 0.25
KEEPER_SILENT_AFTER = timedelta(seconds=60)
AWAY = (OperationalError, InterfaceError)
NEVER_ECHOED = ("password", "passwd", "secret", "token", "code", "credential", "csrfmiddlewaretoken")


@public
@require_safe
def health_live(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@public
@require_safe
def health_ready(request: HttpRequest) -> JsonResponse:
    """200 when the database answers; what the desk can do without is told as "degraded" in the body."""
    if not database_answers():
        return JsonResponse({"status": "unavailable", "database": "away"}, status=503)
    if lock.is_closed():
        return JsonResponse({"status": "unavailable", "database": "ok", "restored": lock.reason()}, status=503)
    answers = {"broker": broker_answers(), "keeper": keeper_works(), "duties": duties_kept()}
    parts = {part: "ok" if well else "degraded" for part, well in answers.items()}
    status = "ok" if all(answers.values()) else "degraded"
    return JsonResponse({"status": status, "database": "ok", **parts})


def database_answers() -> bool:
    """Whether a query comes back."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def broker_answers() -> bool:
    """Whether the bell can be rung. The answer is bounded: whoever probes readiness waits only so long."""
    wait = BROKER_SECONDS
    options = {"socket_connect_timeout": wait, "socket_timeout": wait, "max_retries": 0}
    try:
        with Connection(settings.CELERY_BROKER_URL, connect_timeout=wait, transport_options=options) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, interval_step=0, interval_max=0, timeout=wait)
    except (KombuError, OSError):
        return False
    return True


def keeper_works() -> bool:
    """Whether the keeper gave a sign of life within the last minute and found the log's guard whole."""
    lately = timezone.now() - KEEPER_SILENT_AFTER
    return KeeperBeat.objects.filter(at__gte=lately, breaches=0).exists()


def duties_kept() -> bool:
    """Whether no duty is known to be late or failed: backups and the purge among them."""
    return not Lapse.objects.filter(closed_at=None, done_again_at=None).exists()


def unavailable(request: HttpRequest, *, is_restored: bool = False) -> HttpResponse:
    """The database is away, or was restored and is locked: what was typed is kept in the page. Asks it nothing."""
    if "CSRF_COOKIE" not in request.META:
        _of_the_cookie.process_request(request)  # it failed before that middleware: the page must bear the same secret
    with override(get_language_from_request(request)):
        words = {
            "posted": typed(request),
            "is_restored": is_restored,
            "address": request.get_full_path() if request.method == "GET" else request.path,
            "retry_after": RETRY_AFTER_SECONDS,
            "csrf_token": get_token(request),
            "request_id": getattr(request, "request_id", ""),
        }
        response = HttpResponse(loader.get_template("503.html").render(words), status=503)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of the posted form, in order, but for passwords, codes and the form's own token.

    Nothing where our cookie did not come along: another site posted it, and it would be sent again with our token.
    """
    if settings.CSRF_COOKIE_NAME not in request.COOKIES:
        return []
    try:
        posted = request.POST
    except (UnreadablePostError, RawPostDataException):
        return []
    return [
        (name, str(value))
        for name, values in posted.lists()
        if not any(word in name.lower() for word in NEVER_ECHOED)
        for value in values
    ]


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The request could not be read."""
    return page(request, "400.html", 400)


def not_allowed(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    """The person may not do this, or the form's token is too old."""
    return page(request, "403.html", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """There is no such thing, or it belongs to another property."""
    return page(request, "404.html", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke on our side; when it was the database, what was typed is kept."""
    if isinstance(sys.exc_info()[1], AWAY):
        return unavailable(request)
    try:
        return page(request, "500.html", 500)
    except Exception:  # the page itself may be what broke
        return HttpResponseServerError("Something went wrong on our side. 系统出错，未保存任何内容。")


def page(request: HttpRequest, template: str, status: int, context: Mapping[str, object] | None = None) -> HttpResponse:
    """A page of its own for an answer that is no success."""
    return render(request, template, dict(context or {}), status=status)
