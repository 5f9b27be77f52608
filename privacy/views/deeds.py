"""A small deed on a request: one page with a few fields and a button. What differs is said where the deed is.

    @deed(title=_("Pause the clock"), button=_("Pause"), form=lambda page: ReasonForm(page.typed, reasons=…))
    def request_pause(page: Page, **typed: Any) -> object:
        return clock.pause_request(**page.by, **typed)

Who may not decide gets 403, another property's request 404; a refusal stands on the form, and when the deed is done
the page of the request says so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeAlias

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from privacy import permissions
from privacy.forms.casework import NothingForm
from privacy.models import Request
from privacy.views.asking import GET_POST, back_to, posted, request_here
from staff.permissions import right_required
from staff.refusals import refused_to
from stays.views.asking import Asking, asking

Text: TypeAlias = str | Promise


@dataclass(frozen=True, slots=True)
class Deed:
    """A deed as its page says it. ``says``: what it means; ``is_final``: it cannot be taken back; ``fields``: a
    template that lays the fields out.
    """

    title: Text
    button: Text
    done: Text = ""
    says: Text = ""
    is_final: bool = False
    fields: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """The page of a deed as somebody opened or sent it."""

    request: HttpRequest
    asked: Request
    who: Asking

    @property
    def typed(self) -> Any:
        """What was typed, or nothing where the page is only opened."""
        return posted(self.request)

    @property
    def who_and_when(self) -> dict[str, Any]:
        """Who acts and when, as every deed takes them."""
        return {"actor": self.who.person, "at": self.who.at}

    @property
    def by(self) -> dict[str, Any]:
        """The same with the request, as deeds on it take them."""
        return {"request": self.asked, **self.who_and_when}


View: TypeAlias = Callable[..., HttpResponse]


def deed(*, form: Callable[[Page], BaseForm] | None = None, **said: Any) -> Callable[[Callable[..., object]], View]:
    """The view of a deed, from the function that does it with what was typed. ``said``: of ``Deed``.

    A function that returns an answer of its own, such as another page, has it sent.
    """
    asks, told = form or _asks_nothing, Deed(**said)

    def decorate(do: Callable[..., object]) -> View:
        @require_http_methods(GET_POST)
        @right_required(permissions.DECIDES)
        @sensitive_post_parameters()
        @wraps(do)
        def view(request: HttpRequest, number: str) -> HttpResponse:
            page = page_of(request, number)
            return deed_page(page, told, asks(page), lambda typed: do(page, **typed))

        return view

    return decorate


def deed_page(page: Page, deed: Deed, form: BaseForm, do: Callable[[dict[str, Any]], object]) -> HttpResponse:
    """Show the form, do the deed with what was typed, and go back to the request; refusals stand on the form."""
    if form.is_bound and form.is_valid():
        with refused_to(form, page.request):
            done = do(form.cleaned_data)
            return done if isinstance(done, HttpResponse) else back_to(page.request, page.asked, deed.done)
    return render(page.request, "privacy/deed.html", {"asked": page.asked, "deed": deed, "form": form})


def page_of(request: HttpRequest, number: str) -> Page:
    """The page of a deed whose words depend on the request."""
    return Page(request, request_here(request, number), asking(request))


def _asks_nothing(page: Page) -> BaseForm:
    return NothingForm(page.typed)
