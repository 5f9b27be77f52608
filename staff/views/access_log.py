"""The access log, as managers ask it and as everybody reads their own lines."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_GET

from audit import explorer, trace
from audit import services as audit
from audit.actions import LOG_READ
from audit.explorer import Question
from staff import permissions, reading
from staff.forms.log import QuestionForm
from staff.models import Person
from staff.permissions import right_required
from staff.stepping_up import step_up_required


@right_required("read_whole_log")
@require_GET
def access_log(request: Any) -> HttpResponse:
    """The lines that answer the question in the address, newest first. Reading them is a line too."""
    form = _form(request)
    page = explorer.read(_question(form, request), before=request.GET.get("before", "")[:60])
    audit.record_look(LOG_READ, who=request.who, **_asked(form, len(page.lines)))
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
def log_export(request: Any) -> HttpResponseBase:
    """The same lines as a CSV file."""
    pieces = _of_this_request(reading.export(_question(_form(request), request), who=request.who))
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    name = f"access-log-{timezone.localdate():%Y-%m-%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


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


def _asked(form: QuestionForm, count: int) -> dict[str, Any]:
    detail: dict[str, int | str] = {"count": count}
    if form.cleaned_data.get("stay"):
        detail["stay"] = form.cleaned_data["stay"]
    person = form.cleaned_data.get("person")
    about = {"object_type": "person", "object_ref": person.staff_number} if person else {}
    return {**about, "detail": detail}


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
