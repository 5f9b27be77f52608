"""The desk: a guest asks about their record, and gets a receipt. Nothing more of the record is seen than before."""

from typing import Any, Final
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from privacy import permissions
from privacy.forms.intake import IntakeForm
from privacy.models import Request
from privacy.services import take_in_request
from privacy.services.verification import desk_may_note
from privacy.typed import TakenIn
from privacy.views.asking import GET_POST, posted, taken_in_here
from staff.permissions import right_required
from staff.refusals import refused_to
from stays.models import Stay
from stays.views.asking import Asking, asking

TAKEN: Final = "taken_in"  # in the session: which form led to which number, so that a form sent twice counts once
FORMS_KEPT: Final = 5


@require_http_methods(GET_POST)
@right_required(permissions.TAKES_IN)
@sensitive_post_parameters("name", "phone", "email", "words")
def request_new(request: HttpRequest) -> HttpResponse:
    """Take in a request, and hand over the receipt: the code to follow it is shown this one time."""
    if taken := taken_by_form(request):
        return redirect("request_receipt", taken)
    who = asking(request)
    initial = {"stay": request.GET.get("stay", "")[:16], "language": Request.Language.ZH_HANS, "channel": "desk"}
    form = IntakeForm(posted(request), zone=who.house.zone, at=who.at, initial=initial)
    if form.is_bound and form.is_valid() and (stay := _stay_of(form, who)) is not False:
        with refused_to(form, request):
            return receipt_of(request, _take_in(form, who, stay))
    return render(request, "privacy/request_new.html", {"form": form, "form_id": form_id(request)})


@require_safe
@right_required(permissions.TAKES_IN)
def request_receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt again, for who took the request in; without the code, which nobody knows any more."""
    return _receipt(request, taken_in_here(request, number), code="")


def receipt_of(request: HttpRequest, taken: TakenIn) -> HttpResponse:
    """The receipt of what was just taken in, with the code: as the answer itself, so that it is kept nowhere."""
    keep_form(request, taken.request.number)
    return _receipt(request, taken.request, code=taken.follow_code)


def keep_form(request: HttpRequest, number: str) -> None:
    """Remember the number that came of a form, for the case that the form is sent again."""
    kept = request.session.get(TAKEN, {})
    recent = dict(list(kept.items())[1 - FORMS_KEPT :])
    request.session[TAKEN] = recent | {form_id(request): number}


def taken_by_form(request: HttpRequest) -> str:
    """The number that came of this very form before; empty where it is sent for the first time."""
    return str(request.session.get(TAKEN, {}).get(request.POST.get("form", "")[:36], ""))


def form_id(request: HttpRequest) -> str:
    """What makes a form one and the same when it is sent twice."""
    return request.POST.get("form", "")[:36] or str(uuid4())


def _take_in(form: IntakeForm, who: Asking, stay: Stay | None) -> TakenIn:
    data = form.cleaned_data
    told = ("kind", "channel", "acts_as", "language", "name", "phone", "email", "words", "is_complex", "appointment_at")
    given = {name: data[name] for name in told}
    return take_in_request(actor=who.person, property=who.house, stay=stay, at=who.at, **given)


def _receipt(request: HttpRequest, asked: Request, *, code: str) -> HttpResponse:
    appointment = asked.appointments.first()
    follow_address = request.build_absolute_uri(reverse("follow"))
    context = {"asked": asked, "code": code, "appointment": appointment, "follow_address": follow_address}
    context["takes_document"] = desk_may_note(asked)
    return render(request, "privacy/request_receipt.html", context)


def _stay_of(form: IntakeForm, who: Asking) -> Any:
    """The stay named, None where none is, False where there is no such stay here."""
    number = form.cleaned_data["stay"].upper()
    if not number:
        return None
    stay = Stay.objects.visible_to(who.person).at(who.house).filter(reference=number).first()
    if stay is None:
        form.add_error("stay", _("There is no stay of this number here."))
        return False
    return stay
