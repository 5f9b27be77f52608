"""Which request or hold is meant, shared by the pages of the office.

In views and templates ``request`` is that of HTTP; what a guest asked for is ``asked``.
"""

from typing import Any, Final, TypeVar

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise

from privacy.models import Hold, Request
from stays.views.asking import asking

GET_POST: Final = ["GET", "HEAD", "POST"]
Part = TypeVar("Part", bound=Model)


def request_here(request: HttpRequest, number: str) -> Request:
    """The request of this number, if it is one of the property where the person is on duty; 404 otherwise."""
    who = asking(request)
    found = Request.objects.visible_to(who.person).at(who.house)
    return get_object_or_404(found.select_related("property"), number=number.upper())


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
    named = (
        "property",
        "stay",
        "room",
        "request",
        "placed_by",
        "approved_by",
        "release_asked_by",
        "released_by",
        "renews",
    )
    return get_object_or_404(found.select_related(*named), number=number.upper())


def posted(request: HttpRequest) -> Any:
    """What was typed, or nothing where the page is only opened."""
    return request.POST if request.method == "POST" else None


def back_to(request: HttpRequest, asked: Request, done: str | Promise) -> HttpResponse:
    """To the page of the request, with a word of what was done."""
    messages.success(request, str(done))
    return redirect("request", asked.number)
