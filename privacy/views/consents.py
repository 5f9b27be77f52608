"""Consent at the desk, and withdrawn on the public page."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.services import Why
from privacy.forms.consents import ConsentForm, PreferencesForm, WithdrawalForm
from privacy.models import Consent
from privacy.services import consents as services
from privacy.services.withdrawals import receive_withdrawal
from privacy.views.limits import limited
from staff.permissions import public, right_required
from staff.refusals import refused_to
from stays import purposes
from stays.models import Notice, Occupant
from stays.views.asking import asking, given_why, kept_why, purpose_form, stay_here

GET_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_POST)
@right_required("work_desk")
def consents(request: HttpRequest, reference: str) -> HttpResponse:
    """What the guests of a stay have agreed to; of a past stay it asks what for first."""
    stay, who = stay_here(request, reference), asking(request)
    if purposes.kept_serves(stay, who.house, who.at):
        return _consents_page(request, stay, kept_why(request))
    form = purpose_form(request, typed=request.method == "POST")
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            return _consents_page(request, stay, given_why(form))
    return render(request, "stays/ask_purpose.html", {"form": form})


def _consents_page(request: HttpRequest, stay: Any, why: Why) -> HttpResponse:
    who = asking(request)
    guests = services.open_consents(stay, actor=who.person, why=why, at=who.at)
    context = {"stay": stay, "guests": guests, "notice": Notice.objects.newest()}
    return render(request, "privacy/consents.html", context | {"longest": services.LONGEST_TEXT})


@require_http_methods(GET_POST)
@right_required("work_desk")
def consent_new(request: HttpRequest, reference: str, position: int, about: str) -> HttpResponse:
    """A guest agrees, under the newest notice."""
    occupant, who = _occupant(request, reference, position), asking(request)
    notice = get_object_or_404(Notice.objects.order_by("-version")[:1])
    form = ConsentForm(request.POST if request.method == "POST" else None, about=_known(about), version=notice.version)
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            services.give_consent(
                actor=who.person,
                occupant=occupant,
                about=about,
                notice=get_object_or_404(Notice, version=form.cleaned_data["notice"]),
                text=form.cleaned_data.get("text", ""),
                guardian_agrees=form.cleaned_data["guardian_agrees"],
                channel=form.cleaned_data["channel"],
                at=who.at,
            )
            messages.success(request, _("The consent is recorded."))
            return redirect("consents", reference=occupant.stay.reference)
    context = {"stay": occupant.stay, "occupant": occupant, "form": form, "notice": notice}
    return render(request, "privacy/consent_new.html", context | {"about": Consent.About(about).label})


@require_http_methods(GET_POST)
@right_required("work_desk")
def consent_preferences(request: HttpRequest, reference: str, position: int) -> HttpResponse:
    """The preferences of a guest, written anew."""
    occupant, who = _occupant(request, reference, position), asking(request)
    form = PreferencesForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            text = form.cleaned_data["text"]
            services.note_preferences(actor=who.person, occupant=occupant, text=text, at=who.at)
            messages.success(request, _("The preferences are saved."))
            return redirect("consents", reference=occupant.stay.reference)
    return render(request, "privacy/consent_preferences.html", {"stay": occupant.stay, "form": form})


@require_POST
@right_required("work_desk")
def consent_end(request: HttpRequest, reference: str, position: int, about: str) -> HttpResponse:
    """A guest withdraws a consent: one step, and what rested on it is erased."""
    occupant, who = _occupant(request, reference, position), asking(request)
    erased = services.withdraw_consent(actor=who.person, occupant=occupant, about=_known(about), at=who.at)
    messages.success(
        request,
        _("The consent is withdrawn and the preferences are erased.") if erased else _("The consent is withdrawn."),
    )
    return redirect("consents", reference=occupant.stay.reference)


@public
@require_http_methods(GET_POST)
@limited("consent_withdraw", "20/h/ip")
def consent_withdraw(request: HttpRequest) -> HttpResponse:
    """A guest withdraws consent from anywhere. What is written is stored and answered; nothing is looked up."""
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        receive_withdrawal(**form.cleaned_data)
        return redirect("consent_received")
    return render(request, "privacy/consent_withdraw.html", {"form": form})


@public
@require_safe
def consent_received(request: HttpRequest) -> HttpResponse:
    """The answer to every withdrawal, whatever comes of it."""
    return render(request, "privacy/consent_received.html")


def _occupant(request: HttpRequest, reference: str, position: int) -> Occupant:
    stay = stay_here(request, reference)
    party = stay.occupants.select_related("stay__property")
    return get_object_or_404(party, position=position)


def _known(about: str) -> str:
    if about not in Consent.About.values:
        raise Http404
    return about
