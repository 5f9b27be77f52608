"""What surrounds every request: an id, an answer when the database is away, a page and a row for each refusal."""

from collections.abc import Callable
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from audit import actions, trace
from audit.services import Refused, Who, record_look, record_refusal
from hotelrecords import views
from hotelrecords.logging import NUMBERED
from vault import lock

GetResponse = Callable[[HttpRequest], HttpResponse]

PERMISSIONS = ", ".join(
    [
        *(f"{power}=()" for power in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")),
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
    ]
)
WHERE_MESSAGES_ARE = "#messages"
MOST = 10**9  # a larger number in an address is no row's: somebody typed a phone or a document
# The second says by itself that the house is locked.
OPEN_WHILE_RESTORED = ("/health/live", "/health/ready")


class Unavailable:
    """Answers 503 with what was typed when the database cannot be reached while a view works.

    Outside views (sessions, for one) the same page comes from ``views.server_error``.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page, when the database is what failed."""
        return views.unavailable(request) if isinstance(exception, views.AWAY) else None


class Restored:
    """Answers 503 to everything but the health pages while the database was restored and not yet replayed."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, unless the house is locked."""
        if request.path_info not in OPEN_WHILE_RESTORED and lock.is_closed():
            return views.unavailable(request, is_restored=True)
        return self.get_response(request)


class Discretion:
    """Tells the browser to keep no page and to lend no device; what names its own caching keeps it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the headers."""
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class RequestId:
    """Gives the request an id of our own, never the client's: in the log, the audit rows and the answer."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Begin the trace, answer, end it."""
        request.request_id = uuid4()  # type: ignore[attr-defined]
        trace.begin(request_id=request.request_id)  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            trace.end()
        response["X-Request-ID"] = str(request.request_id)  # type: ignore[attr-defined]
        return response


class Refusals:
    """The one error handler: a domain error becomes a row in the log and a page, or a fragment for htmx."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Record the pages that were not open, or not there, for a person who is signed in."""
        response = self.get_response(request)
        if response.status_code in (403, 404) and not getattr(request, "refusal_recorded", False):
            record_page(request, response.status_code)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The deed has rolled back by now: record its refusal on its own, then tell the person."""
        if not isinstance(exception, Refused):
            return None
        record_refusal(exception, who=who_asks(request))
        request.refusal_recorded = True  # type: ignore[attr-defined]
        return told(request, exception)


def told(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The refusal's sentence as a page, or in the message area of the page that asked."""
    if request.headers.get("HX-Request") != "true":
        return views.page(request, "refused.html", refusal.status, {"sentence": str(refusal), "back": ""})
    response = render(request, "components/refused.html", {"sentence": str(refusal)}, status=refusal.status)
    response["HX-Retarget"] = WHERE_MESSAGES_ARE
    response["HX-Reswap"] = "innerHTML"
    return response


def who_asks(request: HttpRequest) -> Who:
    """Who acts in this request; nobody in particular where nobody is signed in."""
    who = getattr(request, "who", None)
    if who is not None:
        return who  # type: ignore[no-any-return]
    user = getattr(request, "user", None)
    return Who(actor=user.pk) if user is not None and user.is_authenticated else Who()


def record_page(request: HttpRequest, status: int) -> None:
    """A row for an address that exists but was not open to the person, or not there for them."""
    match, who = request.resolver_match, who_asks(request)
    if match is None or who.actor is None:
        return
    record_look(
        actions.PAGE_REFUSED if status == 403 else actions.PAGE_MISSING,
        who=who,
        outcome="denied",
        object_type=match.url_name or "page",
        object_ref=reference(match.kwargs),
    )


def reference(kwargs: dict[str, object]) -> str:
    """The first reference of ours among the parts of an address, empty where there is none."""
    for value in kwargs.values():
        if isinstance(value, UUID) or (isinstance(value, int) and value < MOST) or NUMBERED.fullmatch(str(value)):
            return str(value)
    return ""
