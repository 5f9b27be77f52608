"""Talks about a request, and appeals that came to the house."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from privacy import permissions
from privacy.forms.casework import AppealForm, AppointmentForm, KeptForm
from privacy.models import Appointment
from privacy.services import afterwards, taking_in
from privacy.views.asking import GET_POST, Deed, deed_page, part_of, posted, request_here
from privacy.views.desk import receipt_of
from staff.permissions import right_required
from staff.refusals import refused_to
from stays.views.asking import asking


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
def request_appointment(request: HttpRequest, number: str) -> HttpResponse:
    """Agree on when to talk it over."""
    asked, who = request_here(request, number), asking(request)
    form = AppointmentForm(posted(request), zone=who.house.zone)
    deed = Deed(title=_("Make an appointment"), button=_("Make it"), done=_("The appointment is made."))

    def make(_typed: dict[str, Any]) -> object:
        return taking_in.make_appointment(request=asked, actor=who.person, planned_at=form.moment(), at=who.at)

    return deed_page(request, asked, deed, form, make)


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
def appointment_kept(request: HttpRequest, number: str, appointment: int) -> HttpResponse:
    """Note whether the requester came."""
    asked, who = request_here(request, number), asking(request)
    found = part_of(Appointment, asked, appointment)
    found.request = asked
    deed = Deed(title=_("How the appointment went"), button=_("Note it"), done=_("It is noted."))
    return deed_page(
        request,
        asked,
        deed,
        KeptForm(posted(request)),
        lambda typed: taking_in.note_appointment(appointment=found, actor=who.person, at=who.at, **typed),
    )


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
@sensitive_post_parameters("words")
def request_appeal(request: HttpRequest, number: str) -> HttpResponse:
    """Take in an appeal against the answer; it gets a receipt of its own."""
    asked, who = request_here(request, number), asking(request)
    form = AppealForm(posted(request))
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            taken = afterwards.appeal_request(request=asked, actor=who.person, at=who.at, **form.cleaned_data)
            return receipt_of(request, taken)
    deed = Deed(
        title=_("Take in an appeal"),
        button=_("Take it in"),
        done="",
        says=_("An appeal is a request of its own with its own number and clock; somebody else decides it."),
    )
    return render(request, "privacy/deed.html", {"asked": asked, "deed": deed, "form": form})
