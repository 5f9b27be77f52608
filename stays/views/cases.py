"""Desk cases."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from staff.permissions import any_right_required
from staff.refusals import refused_to
from stays import permissions, services
from stays.forms.cases import DeskCaseForm
from stays.models import DeskCase, Stay
from stays.views.asking import Asking, asking


@require_safe
@any_right_required(*permissions.KEEPS_CASES)
def desk_cases(request: HttpRequest) -> HttpResponse:
    """The cases of this property, newest first."""
    who = asking(request)
    page = services.list_cases(actor=who.person, property=who.house, page=request.GET.get("page"))
    return render(request, "stays/desk_cases.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@any_right_required(*permissions.KEEPS_CASES)
def desk_case_new(request: HttpRequest) -> HttpResponse:
    """Open a case."""
    form = DeskCaseForm(request.POST if request.method == "POST" else None)
    who = asking(request)
    if form.is_bound and form.is_valid() and (stay := _stay_of(form, who)) is not False:
        with refused_to(form, request):
            kind = form.cleaned_data["kind"]
            case = services.open_desk_case(actor=who.person, property=who.house, kind=kind, stay=stay, at=who.at)
            messages.success(request, _("Case %(number)s is open.") % {"number": case.number})
            return redirect("desk_cases")
    return render(request, "stays/desk_case_new.html", {"form": form})


def _stay_of(form: DeskCaseForm, who: Asking) -> Any:
    """The stay named, None where none is, False where there is no such stay here."""
    number = form.cleaned_data["stay"].upper()
    if not number:
        return None
    stay = Stay.objects.visible_to(who.person).at(who.house).filter(reference=number).first()
    if stay is None:
        form.add_error("stay", _("There is no stay of this number here."))
        return False
    return stay


@require_POST
@any_right_required(*permissions.KEEPS_CASES)
def desk_case_close(request: HttpRequest, number: str) -> HttpResponse:
    """Close a case."""
    who = asking(request)
    cases = DeskCase.objects.filter(property=who.house).select_related("property")
    case = services.close_desk_case(actor=who.person, case=get_object_or_404(cases, number=number), at=who.at)
    messages.success(request, _("Case %(number)s is closed.") % {"number": case.number})
    return redirect("desk_cases")
