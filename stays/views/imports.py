"""Lists brought in from another system: hand in, look, start, and what was left out."""

from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from staff.permissions import any_right_required
from staff.refusals import refused_to
from staff.sheets import BYTE_ORDER_MARK, csv_lines
from staff.stepping_up import step_up_required
from stays import permissions
from stays.forms.imports import ColumnsForm, ImportForm, letter_of
from stays.models import ImportFile
from stays.services import importing
from stays.services.importing.looking import ImportPage
from stays.views.asking import asking

ROWS_A_PAGE: Final = 50
GET_POST: Final = ["GET", "HEAD", "POST"]
importer = any_right_required(*dict.fromkeys(permissions.IMPORTS.values()))


@require_safe
@importer
def imports(request: HttpRequest) -> HttpResponse:
    """The imports of this property, newest first."""
    who = asking(request)
    found = ImportFile.objects.visible_to(who.person, who.house).select_related("begun_by")
    return render(
        request, "stays/imports.html", {"page": Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))}
    )


@require_http_methods(GET_POST)
@importer
def import_new(request: HttpRequest) -> HttpResponse:
    """Hand in a file. It is sealed as it comes, and read later."""
    who, is_posted = asking(request), request.method == "POST"
    offered = permissions.kinds_imported_by(who.person, who.house)
    form = ImportForm(request.POST if is_posted else None, request.FILES if is_posted else None, offered=offered)
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            kind, content = form.cleaned_data["kind"], form.cleaned_data["file"].read()
            file = importing.take_in_file(actor=who.person, property=who.house, kind=kind, content=content, at=who.at)
            return redirect("import_file", file.pk)
    return render(request, "stays/import_new.html", {"form": form})


@require_safe
@importer
def import_file(request: HttpRequest, number: int) -> HttpResponse:
    """How far an import is; what its columns are taken for, and which rows are left out, why."""
    return _page(request, _opened(request, number))


@require_safe
@importer
def import_progress(request: HttpRequest, number: int) -> HttpResponse:
    """How far it is, for the page that asks again every few seconds; at its end the page is opened anew."""
    file = file_here(request, number)
    response = render(request, "stays/import_progress.html", _how_far(file))
    if not file.is_at_work and request.headers.get("HX-Request") == "true":
        response.headers["HX-Refresh"] = "true"
    return response


@require_POST
@importer
def import_columns(request: HttpRequest, number: int) -> HttpResponse:
    """Say which column holds what; all rows are checked anew."""
    who, page = asking(request), _opened(request, number)
    form = _columns(page, request.POST)
    if form.is_valid():
        with refused_to(form, request):
            importing.set_columns(file=page.file, actor=who.person, columns=form.given(), at=who.at)
            return redirect("import_file", number)
    return _page(request, page, form)


@require_POST
@importer
def import_start(request: HttpRequest, number: int) -> HttpResponse:
    """Bring the good rows in."""
    who = asking(request)
    importing.start_import(file=file_here(request, number), actor=who.person, at=who.at)
    return redirect("import_file", number)


@require_POST
@importer
def import_again(request: HttpRequest, number: int) -> HttpResponse:
    """Check the rows that were left out once more."""
    who = asking(request)
    importing.check_again(file=file_here(request, number), actor=who.person, at=who.at)
    return redirect("import_file", number)


@require_POST
@importer
def import_discard(request: HttpRequest, number: int) -> HttpResponse:
    """Erase a file that waits."""
    who = asking(request)
    importing.discard_import(file=file_here(request, number), actor=who.person, at=who.at)
    messages.success(request, _("Import %(number)s is discarded; nothing of it was kept.") % {"number": number})
    return redirect("imports")


@require_safe
@importer
@step_up_required
def import_left_out(request: HttpRequest, number: int) -> HttpResponse:
    """The rows that were left out as a file, to be corrected and handed in again."""
    headings, rows = importing.left_out_rows(file=file_here(request, number), actor=asking(request).person)
    response = HttpResponse(BYTE_ORDER_MARK + csv_lines([headings, *rows]), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="import-{number}-left-out.csv"'
    return response


def file_here(request: HttpRequest, number: int) -> ImportFile:
    """The import of this number, if this person may see it; 404 otherwise."""
    who = asking(request)
    found = ImportFile.objects.visible_to(who.person, who.house).select_related("property", "begun_by")
    return get_object_or_404(found, pk=number)


def _opened(request: HttpRequest, number: int) -> ImportPage:
    who, given = asking(request), request.GET.get("page", "1")
    page = int(given) if given.isascii() and given.isdigit() and len(given) < 6 else 1
    return importing.open_import(file=file_here(request, number), actor=who.person, page=max(page, 1), at=who.at)


def _page(request: HttpRequest, shown: ImportPage, form: ColumnsForm | None = None) -> HttpResponse:
    context: dict[str, Any] = {"shown": shown, "left_out": _left_out(request, shown), **_how_far(shown.file)}
    if shown.headings:
        headings = [(letter_of(place), text) for place, text in enumerate(shown.headings)]
        context |= {"form": form or _columns(shown), "headings": headings}
    return render(request, "stays/import_file.html", context)


def _left_out(request: HttpRequest, shown: ImportPage) -> Page[int]:
    return Paginator(range(shown.progress.left_out), importing.PAGE).get_page(request.GET.get("page"))


def _columns(shown: ImportPage, typed: Any = None) -> ColumnsForm:
    return ColumnsForm(typed, kind=shown.file.kind, headings=shown.headings, columns=shown.file.columns)


def _how_far(file: ImportFile) -> dict[str, Any]:
    progress = importing.progress_of(file)
    return {"file": file, "progress": progress, "percent": progress.percent(file.state)}
