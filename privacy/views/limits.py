"""How often one address may send a public form."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from staff.permissions import View

APP = "privacy"


def limited(action: str, rate: str) -> Callable[[View], View]:
    """Answer 429 to an address that posts more often, such as ``20/h/ip``; what was posted is not looked at."""

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST" and not _is_within(request, action, rate):
                return render(request, "privacy/too_many.html", status=429)
            return view(request, *args, **kwargs)  # type: ignore[return-value]

        return counted  # type: ignore[return-value]

    return decorate


def _is_within(request: HttpRequest, action: str, rate: str) -> bool:
    return ratelimit.consume(request, app=APP, action=action, config={action: rate}) is not None
