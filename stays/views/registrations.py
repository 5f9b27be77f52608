"""The registration queue: what waits, the file to upload, the answers."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from staff.permissions import right_required
from staff.refusals import refused_to
from staff.stepping_up import step_up_required
from stays.forms.registrations import AnswerForm, AnswersForm, ReportFileForm
from stays.models import Registration
from stays.services import registering
from stays.services.looking_up import registrations as queue
from stays.views.asking import asking, kept_why
from stays.views.departures import GET_POST, show_deed
from stays.views.desk import page_number

TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@require_safe
@right_required("work_desk")
def registrations(request: HttpRequest) -> HttpResponse:
    """Every guest's report by state; what is late stands first."""
    who, chosen, number = asking(request), request.GET.get("state", ""), page_number(request)
    chosen = chosen if chosen in queue.STATES else queue.TO_SEND
    shown = queue.list_registrations(
        actor=who.person, property=who.house, which=chosen, why=kept_why(request), at=who.at, page=number
    )
    pages = Paginator(range(shown.counts[chosen]), queue.PAGE)
    context = {"queue": shown, "chosen": chosen, "page": pages.get_page(number)}
    return render(request, "stays/registrations.html", context)


@require_http_methods(GET_POST)
@right_required("work_desk")
@step_up_required
def registration_file(request: HttpRequest) -> HttpResponse:
    """Hand out what is to be sent as a file, once."""
    who, form = asking(request), ReportFileForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            chosen = form.cleaned_data["format"]
            file = registering.hand_out_reports(
                actor=who.person, property=who.house, format=chosen, why=kept_why(request), at=who.at
            )
            return _as_file(file, TYPES[chosen])
    waiting = Registration.objects.at(who.house).to_send()
    context = {"form": form, "waiting": waiting.count(), "late": waiting.late(who.at).count()}
    return render(request, "stays/registration_file.html", context)


def _as_file(file: registering.HandedOut, content_type: str) -> HttpResponse:
    response = HttpResponse(file.content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


@require_http_methods(GET_POST)
@right_required("work_desk")
def registration_answer(request: HttpRequest, number: int) -> HttpResponse:
    """Enter the receipt of one report, or why it failed."""
    who = asking(request)
    here = Registration.objects.at(who.house).select_related("occupant__stay__property")
    report: Any = get_object_or_404(here, pk=number)
    form = AnswerForm(request.POST if "receipt" in request.POST else None)
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            registering.answer_report(actor=who.person, registration=report, at=who.at, **form.cleaned_data)
            messages.success(request, _("The answer is noted."))
            return redirect("registrations")
    return show_deed(request, "registration_answer", report.occupant.stay, form, {"report": report})


@require_http_methods(GET_POST)
@right_required("work_desk")
def registration_answers(request: HttpRequest) -> HttpResponse:
    """Take in a file of answers."""
    who = asking(request)
    form = AnswersForm(*(request.POST, request.FILES) if request.method == "POST" else ())
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            answers = form.cleaned_data["file"]
            count = registering.take_in_answers(actor=who.person, property=who.house, answers=answers, at=who.at)
            done = ngettext("%(count)s answer is taken in.", "%(count)s answers are taken in.", count)
            messages.success(request, done % {"count": count})
            return redirect("registrations")
    return render(request, "stays/registration_answers.html", {"form": form})
