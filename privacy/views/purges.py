"""The nightly purge: preview, approval, progress, receipt."""

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from privacy import permissions
from privacy.forms.purges import ExportForm, PurgeNumberForm
from privacy.models import Purge
from privacy.services import certificates, looking_up, purging
from privacy.services.looking_up.purges import SORTED_BY
from privacy.services.purging.candidates import Skip
from privacy.services.purging.figures import open_figures
from privacy.views.asking import GET_POST, posted
from privacy.views.plots import purge_panels
from staff.permissions import any_right_required, right_required
from staff.refusals import refused_to
from staff.stepping_up import step_up_required
from stays.views.asking import asking

COLUMNS = ("record", "rule", "outcome", "skip", "due_on", "ref")


@require_safe
@right_required(permissions.DECIDES)
def purges(request: HttpRequest) -> HttpResponse:
    """The runs of this property, newest night first."""
    who = asking(request)
    page = looking_up.list_purges(actor=who.person, property=who.house, page=request.GET.get("page"))
    return render(request, "privacy/purges.html", {"page": page, "at": who.at})


@require_safe
@right_required(permissions.DECIDES)
def purge(request: HttpRequest, number: str) -> HttpResponse:
    """One run: what it does and why, what it skips, how far it is. Order and filter stand in the address."""
    who = asking(request)
    sort, skip = request.GET.get("sort", ""), request.GET.get("skip")
    file = looking_up.open_purge(
        purge=purge_here(request, number), actor=who.person, at=who.at, page=request.GET.get("page"),
        sort=sort if sort.removeprefix("-") in SORTED_BY else "", skip=skip if skip in ("", *Skip) else None,
    )  # fmt: skip
    context = {"file": file, "progress": file.progress, "purge": file.purge, "sort": sort, "skip": skip, "at": who.at}
    return render(request, "privacy/purge.html", context | {"can_stop": file.purge.can_be_stopped(who.at)})


@require_safe
@right_required(permissions.DECIDES)
def purge_progress(request: HttpRequest, number: str) -> HttpResponse:
    """How far a run is, for the page that asks again every few seconds."""
    progress = looking_up.progress_of(purge_here(request, number))
    return render(request, "privacy/purge_progress.html", {"progress": progress, "purge": progress.purge})


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
@step_up_required
def purge_approve(request: HttpRequest, number: str) -> HttpResponse:
    """Approve a plan: says what goes and what stays, and asks for its number."""
    who, found = asking(request), purge_here(request, number)
    form = PurgeNumberForm(posted(request), wanted=found.number)
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            purging.approve_purge(purge=found, actor=who.person, at=who.at)
            messages.success(request, _("Purge %(number)s is approved.") % {"number": found.number})
            return redirect("purge", found.number)
    context = {"purge": found, "form": form, "rules": looking_up.rules_of_night(found)}
    return render(request, "privacy/purge_approve.html", context)


@require_POST
@right_required(permissions.DECIDES)
def purge_stop(request: HttpRequest, number: str) -> HttpResponse:
    """Stop a run that is not final."""
    who, found = asking(request), purge_here(request, number)
    purging.stop_purge(purge=found, actor=who.person, at=who.at)
    messages.success(request, _("Purge %(number)s is stopped; the next night plans anew.") % {"number": found.number})
    return redirect("purge", found.number)


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
@step_up_required
def purge_export(request: HttpRequest, number: str) -> HttpResponseBase:
    """The rows of the plan as a CSV file, for a reason."""
    who, found = asking(request), purge_here(request, number)
    form = ExportForm(posted(request))
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            rows = looking_up.export_purge(purge=found, actor=who.person, reason=form.cleaned_data["reason"])
            response = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
            response.headers["Content-Disposition"] = f'attachment; filename="{found.number}.csv"'
            return response
    return render(request, "privacy/purge_export.html", {"purge": found, "form": form})


@require_safe
@right_required(permissions.DECIDES)
def purge_receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The signed receipt as a file, which ``docs/verify_certificate.py`` checks offline."""
    who, found = asking(request), purge_here(request, number)
    if found.receipt is None:
        raise Http404
    looking_up.open_receipt(purge=found, actor=who.person)
    response = HttpResponse(certificates.certificate_file(found.receipt), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{found.number}-{found.receipt.number}.json"'
    return response


@require_safe
@any_right_required(*permissions.SEES_FIGURES)
def purge_figures(request: HttpRequest) -> HttpResponse:
    """What was purged and restricted, what is skipped, and what ends in the months to come."""
    who = asking(request)
    figures = open_figures(actor=who.person, property=who.house, at=who.at)
    return render(request, "privacy/purge_figures.html", {"panels": purge_panels(figures), "night": figures["night"]})


def purge_here(request: HttpRequest, number: str) -> Purge:
    """The run of this number, if it is one of the property where the person is on duty; 404 otherwise."""
    who = asking(request)
    found = Purge.objects.visible_to(who.person).at(who.house)
    return get_object_or_404(
        found.select_related("property", "receipt", "approved_by", "stopped_by"), number=number.upper()
    )


def _lines(rows: Iterator[tuple[Any, ...]]) -> Iterator[bytes]:
    """Codes, dates and stay numbers only: nothing a spreadsheet could take for a formula."""
    yield "\ufeff".encode()
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(row)
        yield text.getvalue().encode()
        text.seek(0)
        text.truncate()
    yield text.getvalue().encode()
