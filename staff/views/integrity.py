"""The sealed log as a manager sees it: its state, its verification, the sheet for the safe, files for outsiders."""

from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.db import connection
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from audit import proving, pruning, standing, stored
from audit import services as audit
from audit.actions import LOG_SHEET_MADE
from audit.exporting import VERIFIER
from audit.models import Event, Verification
from audit.night_sheet import newest_sheet
from audit.orders import order_verification
from staff import permissions
from staff.forms.log import ScopeForm, YearForm
from staff.models import Lapse, Person
from staff.permissions import right_required
from staff.pictures import qr_picture
from staff.refusals import refused_to
from staff.stepping_up import step_up_required

SHEET: Final = {"object_type": "log_sheet", "object_ref": "night"}


@right_required("read_whole_log")
@require_http_methods(["GET", "POST"])
def log_integrity(request: Any) -> HttpResponse:
    """Whether the log is whole: seal, anchors, the last verification; and ordering one."""
    form, at = ScopeForm(request.POST or None), timezone.now()
    if form.is_valid():
        order_verification(scope=form.cleaned_data["scope"], who=request.who)
        return redirect("log_integrity")
    shown = {
        "form": form,
        "log": standing.standing(at),
        "due_years": pruning.due_years(at),
        "printed": Event.objects.about(**SHEET).between(None, None).newest().first(),
        "lapses": Lapse.objects.filter(duty__in=permissions.duties_seen_by(request.user), closed_at=None).count(),
        "key": _keys().splitlines()[-1:],
        **_verification(),
    }
    return render(request, "staff/log_integrity.html", shown)


@right_required("read_whole_log")
@require_GET
def log_verification(request: Any) -> HttpResponse:
    """How far the verification is, for the page that asks again every few seconds."""
    return render(request, "staff/log_verification.html", _verification())


@right_required("read_whole_log")
@require_GET
def log_sheet(request: Any) -> HttpResponse:
    """The night-audit sheet: the newest checkpoint on paper, to be kept in the safe."""
    sheet = newest_sheet()
    if sheet is None:
        raise Http404
    audit.record_look(LOG_SHEET_MADE, who=request.who, detail={"size": sheet.size}, **SHEET)
    return render(request, "staff/log_sheet.html", {"sheet": sheet, "picture": qr_picture(sheet.note)})


@right_required("read_whole_log")
@step_up_required
@require_http_methods(["GET", "POST"])
def log_year_end(request: Any, year: int) -> HttpResponse:
    """Approve that the rows of a year end: says what goes and what stays, and asks for the year."""
    at = timezone.now()
    if year not in pruning.due_years(at):
        raise Http404
    form = YearForm(request.POST or None, wanted=year)
    if form.is_valid():
        with refused_to(form, request):
            pruning.approve_pruning(year=year, who=request.who, at=at)
            messages.success(request, _("You have approved that the access log of %(year)s ends.") % {"year": year})
            return redirect("log_integrity")
    people = Person.objects.filter(pk__in=pruning.approvers(year))
    return render(request, "staff/log_year_end.html", {"form": form, "year": year, "approved_by": people})


@right_required("read_whole_log")
@require_GET
def log_file(request: Any, name: str) -> HttpResponse:
    """What an outsider needs to verify: the signed checkpoint, the public keys, the program. Nothing personal."""
    content = _FILES[name]() if name in _FILES else ""
    if not content:
        raise Http404
    response = HttpResponse(content, content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _checkpoint() -> str:
    newest = proving.newest(connection)
    return newest.note if newest else ""


def _keys() -> str:
    return "".join(f"{origin.verifier}\n" for origin in stored.origins(connection))


_FILES: Final = {
    "checkpoint": _checkpoint,
    "key": _keys,
    VERIFIER.name: (settings.BASE_DIR / VERIFIER).read_text,
}


def _verification() -> dict[str, Any]:
    """The verification to show, and what it says once it has ended."""
    found = standing.newest_verification()
    if found is None or found.finished_at is None:
        return {"verification": found, "percent": _percent(found) if found else 0}
    return {
        "verification": found,
        "answer": standing.answer(found),
        "span": standing.span(found),
        "broken": standing.findings(found),
        "asked_by": Person.objects.filter(pk=found.asked_by).first(),
    }


def _percent(verification: Verification) -> int:
    wanted = (verification.ends or 0) - verification.begins
    return verification.done * 100 // wanted if wanted > 0 else 0
