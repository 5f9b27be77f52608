"""Asking for a fresh second proof before something delicate, on a page of our own."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import SplitResult, urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from staff import second_factor

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class StepUpNeeded(Exception):
    """The last proof is too old; ``back_to`` is the page to return to, opened again with GET."""

    def __init__(self, back_to: str) -> None:
        super().__init__()
        self.back_to = back_to


def require_step_up(request: HttpRequest, *, back_to: str = "") -> None:
    """Raise ``StepUpNeeded`` unless the person proved themselves within ``STEP_UP_MINUTES``.

    ``back_to``: where to return after the proof; the page itself by default. Ask before anything is typed: what a
    POST carries is neither stored nor repeated.
    """
    if not second_factor.is_fresh(request):
        raise StepUpNeeded(back_to or page_of(request))


def step_up_required(view: View) -> View:
    """Open the view only after a fresh second proof."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require_step_up(request)
        return view(request, *args, **kwargs)

    return guarded  # type: ignore[return-value]


def page_of(request: HttpRequest) -> str:
    """The path of the page the person looks at: for an htmx request the page it was sent from."""
    shown = request.headers.get("HX-Current-URL", "")
    if request.headers.get("HX-Request") and shown:
        return _path_of(urlsplit(shown))
    return request.get_full_path()


def redirect_to_page(request: HttpRequest, name: str, next_path: str = "") -> HttpResponse:
    """Send the whole page to the named one, also from an htmx request, remembering where to come back to."""
    address = reverse(name)
    if next_path:
        address = f"{address}?{urlencode({'next': next_path})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def next_path(request: HttpRequest) -> str:
    """Where the request wants to go on, if that is a page of ours; home otherwise."""
    return _ours_or_home(request.POST.get("next") or request.GET.get("next") or "")


def page_left(request: HttpRequest) -> str:
    """The page the person left for this one, if it is another page of ours; home otherwise.

    The browser tells it first, the form from then on.
    """
    before = urlsplit(request.headers.get("Referer", ""))
    is_another = before.netloc == request.get_host() and before.path != request.path
    return _ours_or_home(request.POST.get("left") or (_path_of(before) if is_another else ""))


def _ours_or_home(path: str) -> str:
    is_ours = path and url_has_allowed_host_and_scheme(path, allowed_hosts=None, require_https=False)
    return path if is_ours else reverse("home")


def _path_of(parts: SplitResult) -> str:
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
