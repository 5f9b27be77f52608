"""Holds: the list, the page of one, and placing one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from privacy import permissions
from privacy.forms.holds import ASKED, GUEST, ROOM, STAY, HoldForm
from privacy.models import Hold, Request
from privacy.services import holding, looking_up
from privacy.services.holding import About
from privacy.services.looking_up.holds import LISTS, OPEN
from privacy.views.asking import GET_POST, hold_here, posted
from staff.permissions import right_required
from staff.refusals import refused_to
from stays.models import Room, Stay
from stays.views.asking import Asking, asking
from vault.models import Subject
from vault.values import Value


@require_safe
@right_required(permissions.DECIDES)
def holds(request: HttpRequest) -> HttpResponse:
    """The holds of this property that the person may see, the soonest review first."""
    who = asking(request)
    chosen, kind = request.GET.get("list", OPEN), request.GET.get("kind", "")
    chosen, kind = chosen if chosen in LISTS else OPEN, kind if kind in Hold.Kind.values else ""
    found = looking_up.list_holds(
        actor=who.person, property=who.house, which=chosen, kind=kind, page=request.GET.get("page"), at=who.at
    )
    context = {"found": found, "page": found.page, "chosen": chosen, "kind": kind, "kinds": Hold.Kind.choices}
    return render(request, "privacy/holds.html", context | {"at": who.at, "today": found.today})


@require_safe
@right_required(permissions.DECIDES)
def hold(request: HttpRequest, number: str) -> HttpResponse:
    """One hold: what it lies on, what waits for it, what happened, and what is next."""
    who, found = asking(request), hold_here(request, number)
    return _page(request, found, who)


@require_POST
@right_required(permissions.DECIDES)
def hold_document(request: HttpRequest, number: str) -> HttpResponse:
    """The same page, with the number of the authority's document in plain."""
    who, found = asking(request), hold_here(request, number)
    return _page(request, found, who, document=looking_up.open_document(hold=found, actor=who.person))


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
@sensitive_post_parameters("document_number")
def hold_new(request: HttpRequest) -> HttpResponse:
    """Place a hold."""
    who = asking(request)
    initial = {name: request.GET.get(name, "")[:16] for name in ("stay", "asked", "room")}
    initial["on"] = next((name for name in (STAY, ASKED, ROOM) if initial[name]), STAY)
    form = HoldForm(posted(request), house=who.house, initial=initial)
    if form.is_bound and form.is_valid() and (about := _about(form, who)) is not None:
        with refused_to(form, request):
            placed = _place(form, who, about)
            messages.success(request, _("Hold %(number)s is placed.") % {"number": placed.number})
            return redirect("hold", placed.number)
    return render(request, "privacy/hold_new.html", {"form": form})


def _page(request: HttpRequest, found: Hold, who: Asking, document: Value | None = None) -> HttpResponse:
    file = looking_up.look_at_hold(hold=found, actor=who.person, at=who.at)
    context = {
        "hold": found,
        "file": file,
        "document": document,
        "reason": holding.HOLD_REASONS.get(found.reason, found.reason),
        "at": who.at,
        "today": file.today,
        "has_ended": found.has_ended(who.at),
        "waits": found.waits_for_approval(who.at),
        "can_renew": found.until is not None and found.is_in_force(who.at) and not found.renewals.open(who.at).exists(),
        "renewals": found.renewals.visible_to(who.person),
        "placed_it": found.placed_by_id == who.person.pk,
        "asked_it": found.release_asked_by_id == who.person.pk,
        "is_due": not found.has_ended(who.at) and found.is_due(file.today),
    }
    return render(request, "privacy/hold.html", context)


def _place(form: HoldForm, who: Asking, about: About) -> Hold:
    data = form.cleaned_data
    named = ("kind", "reason", "review_on", "confidential", "authority", "document_number")
    return holding.place_hold(
        actor=who.person,
        property=who.house,
        about=about,
        until=form.until_at(who.house.zone),
        officers=list(data["officers"]),
        at=who.at,
        **{name: data[name] for name in named},
    )


def _about(form: HoldForm, who: Asking) -> About | None:
    """What is meant by the numbers typed; None, with the reason on the form, where there is no such thing here."""
    read = {STAY: _stay, GUEST: _guest, ROOM: _room, ASKED: _asked}[form.cleaned_data["on"]]
    about = read(form, who)
    return None if form.errors else About(**about)


def _stay(form: HoldForm, who: Asking) -> dict[str, Any]:
    found = Stay.objects.visible_to(who.person).at(who.house)
    stay = found.filter(reference=form.cleaned_data["stay"].upper()).first()
    if stay is None:
        form.add_error("stay", _("There is no stay of this number here."))
    return {"stay": stay}


def _guest(form: HoldForm, who: Asking) -> dict[str, Any]:
    """By the request that is about them, once it is sure who that is; else by their place in a stay."""
    data = form.cleaned_data
    if data["asked"]:
        return {"subject": _guest_of(form, who)}
    stay = _stay(form, who)["stay"]
    occupant = stay.occupants.select_related("subject").filter(position=data["place"]).first() if stay else None
    if stay and occupant is None:
        form.add_error("place", _("There is no guest of this number in the stay."))
    return {"subject": occupant.subject if occupant else None}


def _room(form: HoldForm, who: Asking) -> dict[str, Any]:
    data = form.cleaned_data
    room = Room.objects.at(who.house).filter(number=data["room"]).first()
    if room is None:
        form.add_error("room", _("There is no room of this number here."))
    return {"room": room, "first_on": data["first_on"], "last_on": data["last_on"]}


def _asked(form: HoldForm, who: Asking) -> dict[str, Any]:
    asked = Request.objects.visible_to(who.person).at(who.house).filter(number=form.cleaned_data["asked"]).first()
    if asked is None:
        form.add_error("asked", _("There is no request of this number here."))
    return {"request": asked}


def _guest_of(form: HoldForm, who: Asking) -> Subject | None:
    known = Request.objects.visible_to(who.person).at(who.house).filter(verified_at__isnull=False, guest__isnull=False)
    asked = known.filter(number=form.cleaned_data["asked"]).select_related("guest").first()
    if asked is None:
        form.add_error("asked", _("There is no verified request of this number here."))
    return asked.guest if asked else None
