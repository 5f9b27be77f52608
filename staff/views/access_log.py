"""The access log, as managers ask it and as everybody reads their own lines."""

import secrets
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.http import require_GET

from audit import explorer, trace
from audit import services as audit
from audit.actions import LOG_READ
from audit.explorer import Question
from staff import exporting, permissions, reading
from staff.forms.log import KindForm, QuestionForm
from staff.models import Person
from staff.permissions import right_required
from staff.stepping_up import step_up_required


@right_required("read_whole_log")
@require_GET
def access_log(request: Any) -> HttpResponse:
    """The lines that answer the question in the address, newest first. Reading them is a line too."""
    form = _form(request)
    page = explorer.read(_question(form, request), before=request.GET.get("before", "")[:60])
    audit.record_look(LOG_READ, who=request.who, **_asked(form, count=len(page.lines)))
    filters = {name: value for name, value in request.GET.items() if name != "before" and value}
    shown = {
        "form": form,
        "lines": reading.tell(page.lines),
        "older": urlencode({**filters, "before": page.older}) if page.older else "",
        "filters": urlencode(filters),
        "is_first": "before" not in request.GET,
    }
    return render(request, "staff/access_log.html", shown)


@right_required("read_own_log")
@require_GET
def own_lines(request: Any) -> HttpResponse:
    """One's own lines, at every property."""
    question = Question(actor=request.user.pk, reader=request.user.pk)
    page = explorer.read(question, before=request.GET.get("before", "")[:60])
    audit.record_look(
        LOG_READ,
        who=request.who,
        object_type="person",
        object_ref=request.user.staff_number,
        detail={"count": len(page.lines), "own": True},
    )
    shown = {
        "lines": reading.tell(page.lines),
        "older": urlencode({"before": page.older}) if page.older else "",
        "is_first": "before" not in request.GET,
    }
    return render(request, "staff/own_lines.html", shown)


@right_required("read_whole_log")
@step_up_required
@require_GET
def log_export(request: Any) -> HttpResponse:
    """What would be exported, as which kind of file, and how far it is."""
    form = _form(request)
    shown = {
        "asked": [(form[name].label, form.told(name)) for name in form.fields if form.told(name)],
        "form": KindForm(initial={"ticket": secrets.token_hex(8)}),
        "filters": [(name, value) for name, value in request.GET.items() if name in form.fields],
    }
    return render(request, "staff/log_export.html", shown)


@right_required("read_whole_log")
@step_up_required
@require_GET
def log_export_file(request: Any) -> HttpResponseBase:
    """The lines as a file, while it is made."""
    form, chosen = _form(request), KindForm(request.GET)
    if not chosen.is_valid() or form.errors:
        return redirect("log_export")
    kind, ticket = exporting.KINDS[chosen.cleaned_data["file"]], chosen.cleaned_data["ticket"]
    lines = exporting.export(_question(form, request), kind, who=request.who, ticket=ticket, **_asked(form))
    response = StreamingHttpResponse(_of_this_request(lines), content_type=kind.content_type)
    name = f"access-log-{timezone.localdate():%Y-%m-%d}.{kind.code}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@right_required("read_whole_log")
@require_GET
def log_export_progress(request: Any, ticket: str) -> HttpResponse:
    """How far an export is, for the page that asks again every few seconds."""
    shown = {"progress": exporting.progress_of(request.who, ticket), "ticket": ticket}
    return render(request, "staff/log_export_progress.html", shown)


def _form(request: Any) -> QuestionForm:
    kept = permissions.properties_where(request.user, "read_whole_log")
    form = QuestionForm(request.GET, properties=kept, people=list(Person.objects.at(kept)))
    form.is_valid()
    return form


def _question(form: QuestionForm, request: Any) -> Question:
    if form.errors:
        return Question(properties=[])
    asked = form.cleaned_data
    places = [asked["property"]] if asked.get("property") else form.properties
    since, until = form.span(request.property.zone)
    stay = asked.get("stay", "")
    return Question(
        properties=[one.pk for one in places],
        actor=asked["person"].pk if asked.get("person") else None,
        object_type="stay" if stay else "",
        object_ref=stay,
        subjects=reading.subjects_of(stay) if stay and asked.get("with_lists") else (),
        actions=form.actions(),
        outcomes=form.outcomes(),
        since=since,
        until=until,
        reader=request.user.pk,
    )


def _asked(form: QuestionForm, **facts: int) -> dict[str, Any]:
    """What a row says of the question: references only."""
    stay, person = form.cleaned_data.get("stay"), form.cleaned_data.get("person")
    about = {"object_type": "person", "object_ref": person.staff_number} if person else {}
    return {**about, "detail": facts | ({"stay": stay} if stay else {})}


def _of_this_request(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces are made when the request's own work has ended; they are of its trace and language all the same."""
    asked, spoken = trace.current(), translation.get_language()

    def made() -> Iterator[bytes]:
        if asked:
            again = trace.begin(session_ref=asked.session_ref, request_id=asked.request_id)
            again.request_n = asked.request_n
        try:
            with translation.override(spoken):
                yield from pieces
        finally:
            trace.end()

    return made()
