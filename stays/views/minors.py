"""The five duties towards minors: what is open, and saying that one is done."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from staff.permissions import right_required
from staff.refusals import refused_to
from stays.forms.companions import MinorDutyForm
from stays.models import MinorDuty, Stay
from stays.services import minors as care
from stays.services.looking_up.minors import list_minors
from stays.views.asking import asking, kept_why, stay_here
from stays.views.departures import GET_POST, posted, show_deed


@require_safe
@right_required("work_desk")
def minors(request: HttpRequest) -> HttpResponse:
    """Parties with a minor and what is owed to them, the most urgent first."""
    who = asking(request)
    watched = list_minors(actor=who.person, property=who.house, why=kept_why(request), at=who.at)
    return render(request, "stays/minors.html", {"watched": watched, "at": who.at, "today": who.today})


@require_http_methods(GET_POST)
@right_required("work_desk")
def minor_duty(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Say that a duty is done."""
    stay, who = stay_here(request, reference), asking(request)
    duty = get_object_or_404(MinorDuty.objects.select_related("stay__property"), stay=stay, pk=number)
    form = MinorDutyForm(posted(request), kind=duty.kind)
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            outcome = form.cleaned_data.get("outcome", "")
            care.do_minor_duty(actor=who.person, duty=duty, outcome=outcome, guardian=form.given(), at=who.at)
            messages.success(request, _("Noted: %(duty)s.") % {"duty": duty.get_kind_display()})
            return _back(stay)
    elif duty.done_at is not None:
        return _back(stay)
    return show_deed(request, "minor_duty", stay, form, {"duty": duty, "at": who.at})


def _back(stay: Stay) -> HttpResponse:
    return redirect("stay", stay.reference) if stay.status == Stay.Status.IN_HOUSE else redirect("minors")
