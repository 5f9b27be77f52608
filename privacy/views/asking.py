"""Which request or hold is meant, how a small deed is asked for and done: shared by the pages of the office.

In views and templates ``request`` is that of HTTP; what a guest asked for is ``asked``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.contrib import messages
from django.db.models import Model
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise

from privacy.models import Hold, Request
from staff.refusals import refused_to
from stays.views.asking import asking

GET_POST: Final = ["GET", "HEAD", "POST"]
Part = TypeVar("Part", bound=Model)


@dataclass(frozen=True, slots=True)
class Deed:
    """A deed as its small page says it. ``says``: what it means; ``is_final``: it cannot be taken back."""

    title: str | Promise
    button: str | Promise
    done: str | Promise
    says: str | Promise = ""
    is_final: bool = False


def request_here(request: HttpRequest, number: str) -> Request:
    """The request of this number, if it is one of the property where the person is on duty; 404 otherwise."""
    who = asking(request)
    found = Request.objects.visible_to(who.person).at(who.house)
    return get_object_or_404(found.select_related("property", "officer", "stay"), number=number.upper())


def taken_in_here(request: HttpRequest, number: str) -> Request:
    """The request of this number, if the person took it in at the property of their shift; 404 otherwise."""
    who = asking(request)
    mine = Request.objects.taken_in_by(who.person).at(who.house).select_related("property")
    return get_object_or_404(mine, number=number.upper())


def part_of(parts: type[Part], asked: Request, number: int) -> Part:
    """A letter, task or row of this request; 404 where it is another's."""
    return get_object_or_404(parts._default_manager.filter(request=asked), pk=number)


def hold_here(request: HttpRequest, number: str) -> Hold:
    """The hold of this number, as far as the person may see it here; 404 otherwise."""
    who = asking(request)
    found = Hold.objects.visible_to(who.person).filter(property=who.house)
    return get_object_or_404(found.select_related("property", "stay", "placed_by"), number=number.upper())


def posted(request: HttpRequest) -> Any:
    """What was typed, or nothing where the page is only opened."""
    return request.POST if request.method == "POST" else None


def deed_page(
    request: HttpRequest, asked: Request, deed: Deed, form: BaseForm, do: Callable[[dict[str, Any]], object]
) -> HttpResponse:
    """Show the form of a deed, do it with what was typed, and go back to the request; refusals stand on the form."""
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            do(form.cleaned_data)
            return back_to(request, asked, deed.done)
    return render(request, "privacy/deed.html", {"asked": asked, "deed": deed, "form": form})


def back_to(request: HttpRequest, asked: Request, done: str | Promise) -> HttpResponse:
    """To the page of the request, with a word of what was done."""
    messages.success(request, str(done))
    return redirect("request", asked.number)
