"""Holds: placed, approved and released by two people."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from privacy import permissions
from privacy.forms.holds import HoldForm
from privacy.models import Request
from privacy.services import holding, looking_up
from privacy.views.asking import GET_POST, hold_here, posted
from staff.permissions import right_required
from staff.refusals import refused_to
from stays.models import Stay
from stays.views.asking import Asking, asking


@require_safe
@right_required(permissions.DECIDES)
def holds(request: HttpRequest) -> HttpResponse:
    """The holds of this property that the person may see."""
    who = asking(request)
    page = looking_up.list_holds(actor=who.person, property=who.house, page=request.GET.get("page"))
    return render(request, "privacy/holds.html", {"page": page, "at": who.at, "today": who.today})


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
@sensitive_post_parameters("document_number")
def hold_new(request: HttpRequest) -> HttpResponse:
    """Place a hold."""
    who = asking(request)
    initial = {name: request.GET.get(name, "")[:16] for name in ("stay", "asked")}
    form = HoldForm(posted(request), house=who.house, initial=initial)
    if form.is_bound and form.is_valid() and (about := _about(form, who)) is not None:
        with refused_to(form, request):
            placed = _place(form, who, about)
            messages.success(request, _("Hold %(number)s is placed.") % {"number": placed.number})
            return redirect("hold", placed.number)
    return render(request, "privacy/hold_new.html", {"form": form})


@require_safe
@right_required(permissions.DECIDES)
def hold(request: HttpRequest, number: str) -> HttpResponse:
    """One hold."""
    who = asking(request)
    found = looking_up.look_at_hold(hold=hold_here(request, number), actor=who.person, at=who.at)
    has_ended = found.released_at is not None or (found.until is not None and found.until <= who.at)
    context = {
        "hold": found,
        "officers": found.officers.all() if found.confidential else (),
        "reason": holding.HOLD_REASONS.get(found.reason, found.reason),
        "has_ended": has_ended,
        "waits": found.kind == found.Kind.INTERNAL and found.approved_at is None and not has_ended,
        "placed_it": found.placed_by_id == who.person.pk,
        "asked_it": found.release_asked_by_id == who.person.pk,
    }
    return render(request, "privacy/hold.html", context)


@require_POST
@right_required(permissions.DECIDES)
def hold_approve(request: HttpRequest, number: str) -> HttpResponse:
    """Approve what another placed."""
    return _done(request, number, holding.approve_hold, _("The hold is approved and holds from now on."))


@require_POST
@right_required(permissions.DECIDES)
def hold_ask_release(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for its release."""
    return _done(request, number, holding.ask_release, _("Another person can release the hold now."))


@require_POST
@right_required(permissions.DECIDES)
def hold_release(request: HttpRequest, number: str) -> HttpResponse:
    """Release it, after another person asked."""
    return _done(request, number, holding.release_hold, _("The hold is released; what waited for it goes on."))


def _done(request: HttpRequest, number: str, deed: Any, said: str) -> HttpResponse:
    found, who = hold_here(request, number), asking(request)
    deed(hold=found, actor=who.person, at=who.at)
    messages.success(request, said)
    return redirect("hold", found.number)


def _place(form: HoldForm, who: Asking, about: dict[str, Any]) -> Any:
    data = form.cleaned_data
    given = {name: data[name] for name in ("kind", "reason", "review_on", "confidential", "document_number")}
    return holding.place_hold(
        actor=who.person,
        property=who.house,
        until=form.until_at(who.house.zone),
        officers=list(data["officers"]),
        at=who.at,
        **given,
        **about,
    )


def _about(form: HoldForm, who: Asking) -> dict[str, Any] | None:
    """The stay or the guest meant; None, with the reason on the form, where there is none here."""
    data, about = form.cleaned_data, {}
    if data["stay"]:
        about["stay"] = Stay.objects.visible_to(who.person).at(who.house).filter(reference=data["stay"].upper()).first()
        if about["stay"] is None:
            form.add_error("stay", _("There is no stay of this number here."))
    if data["asked"]:
        about["subject"] = _guest_of(data["asked"], who)
        if about["subject"] is None:
            form.add_error("asked", _("There is no verified request of this number here."))
    return None if form.errors else about


def _guest_of(number: str, who: Asking) -> Any:
    """The guest of a request, once it is sure who that is."""
    found = Request.objects.visible_to(who.person).at(who.house).filter(number=number, verified_at__isnull=False)
    asked = found.select_related("guest").first()
    return asked.guest if asked else None
