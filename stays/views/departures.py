"""Check-out, and what takes a deed back."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from staff.permissions import right_required
from staff.refusals import refused_to
from stays import services
from stays.forms.leaving import CheckOutForm, ReasonForm
from stays.models import Stay
from stays.services.looking_up.pages import rooms_of
from stays.views.asking import asking, stay_here
from stays.views.bills import unpaid

GET_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_POST)
@right_required("work_desk")
def check_out(request: HttpRequest, reference: str) -> HttpResponse:
    """Let a party go; an open bill needs a reason."""
    stay, who = stay_here(request, reference), asking(request)
    form = CheckOutForm(_posted(request), reasons=services.UNPAID_REASONS)
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            services.check_out_guest(actor=who.person, stay=stay, at=who.at, **form.cleaned_data)
            messages.success(request, _("Stay %(reference)s is checked out.") % {"reference": stay.reference})
            return redirect("stay", stay.reference)
    context = {"form": form, "stay": stay, "today": who.today, "unpaid": unpaid(stay), "rooms": rooms_of(stay)}
    return render(request, "stays/check_out.html", context)


@require_http_methods(GET_POST)
@right_required("work_desk")
def reverse(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a check-in back, on record."""
    done = _("The check-in of stay %(reference)s is reversed.")
    return _take_back(request, reference, services.reverse_check_in, services.REVERSAL_REASONS, "reverse", done)


@require_http_methods(GET_POST)
@right_required("work_desk")
def reinstate(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a check-out back, on record."""
    done = _("Stay %(reference)s is in house again.")
    return _take_back(request, reference, services.reinstate_stay, services.REINSTATE_REASONS, "reinstate", done)


def _take_back(
    request: HttpRequest,
    reference: str,
    deed: Callable[..., Stay],
    reasons: Mapping[str, Any],
    page: str,
    done: str,
) -> HttpResponse:
    stay, who = stay_here(request, reference), asking(request)
    form = ReasonForm(_posted(request), reasons=reasons)
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            deed(actor=who.person, stay=stay, at=who.at, **form.cleaned_data)
            messages.success(request, done % {"reference": stay.reference})
            return redirect("stay", stay.reference)
    return render(request, f"stays/{page}.html", {"form": form, "stay": stay, "rooms": rooms_of(stay)})


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None
