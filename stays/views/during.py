"""While a party is here, or before it comes: move, extend, no-show, cancel, expect again, marks."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from staff.permissions import right_required
from staff.refusals import refused_to
from stays import services
from stays.forms.during import DepartureForm, MoveForm
from stays.models import Stay
from stays.services import extending, moving
from stays.views.asking import Asking, asking, stay_here
from stays.views.departures import GET_POST, Deed, posted, show_deed, take_back
from stays.views.room_offers import Offer, offer_between, offer_rooms


@require_http_methods(GET_POST)
@right_required("work_desk")
def move(request: HttpRequest, reference: str) -> HttpResponse:
    """Give a party another room, or its first one before it comes."""
    stay, who = stay_here(request, reference), asking(request)
    if request.method != "POST" and stay.status not in moving.MOVABLE:
        return redirect("stay", stay.reference)
    offer = _offer(who, stay)
    leaves = stay.room_uses.holding().exists()
    initial = {"room": offer.proposed}
    form = MoveForm(posted(request), offered=offer.choices, leaves=leaves, initial=initial)
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            _move(who, stay, offer, form.cleaned_data)
            messages.success(request, _("The party of stay %(reference)s has another room.") % {"reference": reference})
            return redirect("stay", stay.reference)
    return show_deed(request, "move", stay, form, {"leaves": leaves, "nothing_free": not offer.rooms})


def _offer(who: Asking, stay: Stay) -> Offer:
    if stay.status == Stay.Status.IN_HOUSE:
        return offer_rooms(who, stay=stay, departure_on=stay.departure_on)
    return offer_between(who, stay.arrival_on, stay.departure_on)


def _move(who: Asking, stay: Stay, offer: Offer, typed: dict[str, Any]) -> None:
    room = next(room for room in offer.rooms if str(room.pk) == typed["room"])
    services.move_stay(actor=who.person, stay=stay, at=who.at, **typed | {"room": room})


@require_http_methods(GET_POST)
@right_required("work_desk")
def extend(request: HttpRequest, reference: str) -> HttpResponse:
    """Let a party leave later or earlier than planned."""
    stay, who = stay_here(request, reference), asking(request)
    if request.method != "POST" and stay.status not in extending.CHANGEABLE:
        return redirect("stay", stay.reference)
    form = DepartureForm(posted(request), initial={"departure_on": stay.departure_on})
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            services.change_departure(actor=who.person, stay=stay, at=who.at, **form.cleaned_data)
            messages.success(request, _("The departure of stay %(reference)s is changed.") % {"reference": reference})
            return redirect("stay", stay.reference)
    return show_deed(request, "extend", stay, form, {})


@require_http_methods(GET_POST)
@right_required("work_desk")
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    """Cancel a stay before it begins."""
    done = _("Stay %(reference)s is cancelled.")
    return take_back(
        request, reference, Deed("cancel", services.cancel_stay, _is_expected, services.CANCEL_REASONS, done)
    )


@require_http_methods(GET_POST)
@right_required("work_desk")
def expect_again(request: HttpRequest, reference: str) -> HttpResponse:
    """Expect a party again that was cancelled or did not come."""
    done = _("The party of stay %(reference)s is expected again.")
    reasons = services.EXPECT_AGAIN_REASONS
    deed = Deed("expect_again", services.expect_again, services.may_expect_again, reasons, done)
    return take_back(request, reference, deed)


def _is_expected(stay: Stay, at: Any) -> bool:
    return stay.status == Stay.Status.EXPECTED


@require_POST
@right_required("work_desk")
def no_show(request: HttpRequest, reference: str) -> HttpResponse:
    """Mark that nobody came."""
    stay, who = stay_here(request, reference), asking(request)
    services.mark_no_show(actor=who.person, stay=stay, at=who.at)
    messages.success(request, _("Nobody came for stay %(reference)s: its room is free.") % {"reference": reference})
    return redirect("stay", stay.reference)


@require_POST
@right_required("work_desk")
def mark(request: HttpRequest, reference: str, what: str) -> HttpResponse:
    """Put a mark on a stay (not to be moved, confidential), or take it off."""
    if what not in services.MARKS:
        raise Http404
    stay, who = stay_here(request, reference), asking(request)
    services.mark_stay(actor=who.person, stay=stay, mark=what, on=request.POST.get("on") == "1")
    return redirect("stay", stay.reference)
