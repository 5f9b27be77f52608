"""Talks about a request, and appeals that came to the house."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from privacy import permissions
from privacy.forms.casework import AppealForm, AppointmentForm, KeptForm
from privacy.models import Appointment
from privacy.services import afterwards, taking_in
from privacy.views.asking import GET_POST, part_of
from privacy.views.deeds import Deed, Page, deed, deed_page, page_of
from privacy.views.desk import receipt_of
from staff.permissions import right_required


@deed(
    title=_("Make an appointment"),
    button=_("Make it"),
    done=_("The appointment is made."),
    form=lambda page: AppointmentForm(page.typed, zone=page.who.house.zone),
)
def request_appointment(page: Page, *, planned_at: Any, **_parts: Any) -> object:
    """Agree on when to talk it over."""
    return taking_in.make_appointment(**page.by, planned_at=planned_at)


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
def appointment_kept(request: HttpRequest, number: str, appointment: int) -> HttpResponse:
    """Note whether the requester came."""
    page = page_of(request, number)
    found = part_of(Appointment, page.asked, appointment)
    found.request = page.asked
    said = Deed(_("How the appointment went"), _("Note it"), _("It is noted."))
    return deed_page(
        page,
        said,
        KeptForm(page.typed),
        lambda typed: taking_in.note_appointment(appointment=found, **page.who_and_when, **typed),
    )


@deed(
    title=_("Take in an appeal"),
    button=_("Take it in"),
    says=_("An appeal is a request of its own with its own number and clock; somebody else decides it."),
    form=lambda page: AppealForm(page.typed),
)
def request_appeal(page: Page, **typed: Any) -> object:
    """Take in an appeal against the answer; it gets a receipt of its own."""
    return receipt_of(page.request, afterwards.appeal_request(**page.by, **typed))
