"""Whose changes django-auditlog notices during a request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from audit import trace


class ChangeLog:
    """Puts the signed-in person into the trace, where the row of a change takes the actor from.

    Instead of auditlog's middleware, which believes the client's headers about address and request id, and whose
    receivers of concurrent requests can share one id.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the person as the actor meanwhile."""
        current = trace.current() or trace.begin()
        current.actor = request.user.pk if request.user.is_authenticated else None
        try:
            return self.get_response(request)
        finally:
            current.actor = None
