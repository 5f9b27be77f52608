"""Whose changes django-auditlog notices during a request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from audit import trace


class ChangeLog:
    """Puts the signed-in person and the property of the open shift into the trace, where a change's row takes them.

    Instead of auditlog's middleware, which believes the client's headers about address and request id, and whose
    receivers of concurrent requests can share one id.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        current = trace.current() or trace.begin()
        person = request.user if request.user.is_authenticated else None
        current.actor = person.pk if person else None
        current.property = getattr(getattr(request, "property", None), "pk", None)
        try:
            return self.get_response(request)
        finally:
            current.actor = current.property = None
