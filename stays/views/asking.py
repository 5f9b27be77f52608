"""Who asks, for what, about which stay: read from the request."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from audit.services import Why
from staff import second_factor
from staff.models import Person, Property
from stays import purposes
from stays.forms.looking_up import PurposeForm
from stays.models import Stay

KEPT: Final = "purpose"


@dataclass(frozen=True, slots=True)
class Asking:
    """The person, the property of their shift, the moment and its business day."""

    person: Person
    house: Property
    at: datetime
    today: date


def asking(request: HttpRequest) -> Asking:
    """Who asks now. Only for views behind a right, which need an open shift."""
    on_duty: Any = request
    at = timezone.now()
    return Asking(on_duty.user, on_duty.property, at, on_duty.property.today(at))


def visible_stay(request: HttpRequest, reference: str) -> Stay:
    """The stay with its marks, if this person may see it; 404 otherwise, as if there were none."""
    who = asking(request)
    seen = Stay.objects.visible_to(who.person).select_related("property").marked(who.at)
    return get_object_or_404(seen, reference=reference)


def stay_here(request: HttpRequest, reference: str) -> Stay:
    """The stay, if it is of the property where this person is on duty: deeds are done nowhere else."""
    stay = visible_stay(request, reference)
    if stay.property_id != asking(request).house.pk:
        raise Http404
    return stay


def kept_why(request: HttpRequest) -> Why:
    """The purpose kept for the session; until one is chosen, the first of the person's that needs no case."""
    who = asking(request)
    offered = purposes.choices_for(who.person, who.house)
    kept = request.session.get(KEPT) or {}
    if kept.get("purpose") in {purpose.code for purpose in offered}:
        return Why(purpose=kept["purpose"], ref=kept.get("ref", ""))
    first = next((purpose.code for purpose in offered if not purpose.needs_number), "")
    request.session[KEPT] = {"purpose": first, "ref": ""} if first else {}
    return Why(purpose=first)


def purpose_form(request: HttpRequest, *, typed: bool) -> PurposeForm:
    """The form that asks why, with the purposes of this person. ``typed``: bound to what was posted."""
    who, why = asking(request), kept_why(request)
    offered = [(purpose.code, purpose.word) for purpose in purposes.choices_for(who.person, who.house)]
    initial = {"purpose": why.purpose, "purpose_ref": why.ref} | _asked_in(request.GET)
    return PurposeForm(request.POST if typed else None, offered=offered, initial=initial)


def _asked_in(address: Mapping[str, str]) -> dict[str, str]:
    """A purpose the address proposes, as the page of a request does; it is sent by the person, and checked."""
    return {name: address[name][:40] for name in ("purpose", "purpose_ref") if address.get(name)}


def given_why(form: PurposeForm) -> Why:
    """The purpose a valid form gives."""
    return Why(purpose=form.cleaned_data["purpose"], ref=form.cleaned_data["purpose_ref"])


def reveal_context(request: HttpRequest, why: Why) -> dict[str, Any]:
    """What the small forms beside masked values need."""
    who = asking(request)
    return {
        "purposes": purposes.choices_for(who.person, who.house),
        "kept": why.purpose,
        "kept_ref": why.ref,
        "is_proved": second_factor.is_fresh(request),
    }
