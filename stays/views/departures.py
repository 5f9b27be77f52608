"""Check-out, and what takes a deed back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audit.services import Why
from staff.permissions import right_required
from staff.refusals import refused_to
from stays import purposes, services
from stays.forms.leaving import CheckOutForm, ReasonForm
from stays.models import Stay
from stays.services.bills import unpaid_of
from stays.services.looking_up.pages import rooms_of
from stays.views.asking import asking, given_why, kept_why, purpose_form, stay_here

GET_POST = ["GET", "HEAD", "POST"]


@dataclass(frozen=True, slots=True)
class Deed:
    """What takes a deed back: its page, how and when it is done, the reasons it knows, what is said afterwards."""

    page: str
    do: Callable[..., Stay]
    may: Callable[[Stay, datetime], bool]
    reasons: Mapping[str, Any]
    done: str


@require_http_methods(GET_POST)
@right_required("work_desk")
def check_out(request: HttpRequest, reference: str) -> HttpResponse:
    """Let a party go; an open bill needs a reason."""
    stay, who = stay_here(request, reference), asking(request)
    form = CheckOutForm(posted(request), reasons=services.UNPAID_REASONS)
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            services.check_out_guest(actor=who.person, stay=stay, at=who.at, **form.cleaned_data)
            messages.success(request, _("Stay %(reference)s is checked out.") % {"reference": stay.reference})
            return redirect(f"{resolve_url('front_desk')}?list=departures")
    elif stay.status != Stay.Status.IN_HOUSE:
        return redirect("stay", stay.reference)
    return show_deed(request, "check_out", stay, form, {"today": who.today, "unpaid": unpaid_of(stay.bill_lines.all())})


@require_http_methods(GET_POST)
@right_required("work_desk")
def reverse(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a check-in back, on record."""
    done = _("The check-in of stay %(reference)s is reversed.")
    deed = Deed("reverse", services.reverse_check_in, services.may_reverse, services.REVERSAL_REASONS, done)
    return take_back(request, reference, deed)


@require_http_methods(GET_POST)
@right_required("work_desk")
def reinstate(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a check-out back, on record."""
    done = _("Stay %(reference)s is in house again.")
    deed = Deed("reinstate", services.reinstate_stay, services.may_reinstate, services.REINSTATE_REASONS, done)
    return take_back(request, reference, deed)


def take_back(request: HttpRequest, reference: str, deed: Deed) -> HttpResponse:
    stay, who = stay_here(request, reference), asking(request)
    form = ReasonForm(posted(request), reasons=deed.reasons)
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            deed.do(actor=who.person, stay=stay, at=who.at, **form.cleaned_data)
            messages.success(request, deed.done % {"reference": stay.reference})
            return redirect("stay", stay.reference)
    elif not deed.may(stay, who.at):
        return redirect("stay", stay.reference)
    return show_deed(request, deed.page, stay, form, {})


def show_deed(request: HttpRequest, page: str, stay: Stay, form: Any, more: Mapping[str, Any]) -> HttpResponse:
    """The page of a deed, once it is known what for. The purpose kept does not serve a guest who has left."""
    who = asking(request)
    if purposes.kept_serves(stay, who.house, who.at):
        return _deed_page(request, page, stay, kept_why(request), {"form": form, **more})
    asks = purpose_form(request, typed="purpose" in request.POST)
    if asks.is_bound and asks.is_valid():
        with refused_to(asks, request):
            return _deed_page(request, page, stay, given_why(asks), {"form": form, "asks": asks, **more})
    return render(request, "stays/ask_purpose.html", {"form": asks, "refused": form})


def _deed_page(request: HttpRequest, page: str, stay: Stay, why: Why, context: Mapping[str, Any]) -> HttpResponse:
    """Put on record that the facts of the stay are seen, then show them."""
    who = asking(request)
    services.look_before_deed(stay, actor=who.person, why=why, at=who.at)
    return render(request, f"stays/{page}.html", {"stay": stay, "rooms": rooms_of(stay), **context})


def posted(request: HttpRequest) -> Any:
    """What was typed into the deed's form; the answer to what the page is opened for is none of it."""
    return request.POST if request.method == "POST" and "open" not in request.POST else None
