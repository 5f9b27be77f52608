"""Somebody more, or somebody less, in a party that is in house."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from staff.permissions import right_required
from staff.refusals import refused_to
from stays import review, services
from stays.forms import countries
from stays.forms.check_in import PARTY, CheckInForms, Choices
from stays.forms.companions import JoiningForms, PlaceForm
from stays.forms.reading import read_documents
from stays.models import Notice, Stay
from stays.services import companions
from stays.views.asking import Asking, asking, stay_here
from stays.views.departures import GET_POST, posted, show_deed


@require_http_methods(GET_POST)
@right_required("work_desk")
def companion_new(request: HttpRequest, reference: str) -> HttpResponse:
    """Let somebody join a party, with the document they show."""
    stay, who = stay_here(request, reference), asking(request)
    if stay.status != Stay.Status.IN_HOUSE:
        return redirect("stay", stay.reference)
    typed = _one_person(posted(request))
    if typed is not None and typed.get("deed") == "read":
        joining = _forms(who, stay, read_documents(typed, 1, who.today))
        joining.arrival.forget_errors()
        return show_deed(request, "companion_new", stay, joining, _context(joining))
    joining = _forms(who, stay, typed)
    if typed is not None and joining.is_valid():
        with refused_to(joining, request), joining.arrival.asking_also():
            companions.add_companion(actor=who.person, stay=stay, joining=joining.given(), at=who.at)
            messages.success(request, _("Stay %(reference)s has one companion more.") % {"reference": reference})
            return redirect("stay", stay.reference)
    return show_deed(request, "companion_new", stay, joining, _context(joining))


def _one_person(typed: QueryDict | None) -> QueryDict | None:
    """What was typed of one person, however many the browser says there are."""
    if typed is None:
        return None
    typed = typed.copy()
    typed[f"{PARTY}-TOTAL_FORMS"] = typed[f"{PARTY}-INITIAL_FORMS"] = "1"
    return typed


def _forms(who: Asking, stay: Stay, typed: QueryDict | None) -> JoiningForms:
    overrides = list(services.OVERRIDES.items())
    choices = Choices([], [], overrides, review.active_rules(), Notice.objects.newest())
    arrival = CheckInForms(today=who.today, choices=choices, stay=stay, data=typed, initial={"party": [{}]})
    return JoiningForms(arrival, PlaceForm(typed, prefix="place", overrides=overrides))


def _context(joining: JoiningForms) -> dict[str, Any]:
    return {"arrival": joining.arrival, "place": joining.place, "countries": countries.listed()}


@require_POST
@right_required("work_desk")
def companion_leaves(request: HttpRequest, reference: str, position: int) -> HttpResponse:
    """Note that a companion leaves before the others."""
    stay, who = stay_here(request, reference), asking(request)
    occupant = get_object_or_404(stay.occupants, position=position)
    companions.let_companion_leave(actor=who.person, stay=stay, occupant=occupant, at=who.at)
    messages.success(request, _("The companion has left stay %(reference)s.") % {"reference": reference})
    return redirect("stay", stay.reference)
