"""What a person is asked about their own access, and what they answer."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from audit import services as audit
from audit.actions import LOG_READ
from staff import reading
from staff.forms.alerts import AnswerForm
from staff.permissions import right_required
from staff.refusals import refused_to
from staff.services import alerts as services
from staff.services.alerts.looking import SHOWN, with_events


@right_required("read_own_log")
@require_GET
def questions(request: Any) -> HttpResponse:
    """What one was asked and may still answer."""
    return render(request, "staff/questions.html", {"questions": services.questions_to(request.user)})


@right_required("read_own_log")
@require_http_methods(["GET", "POST"])
def question(request: Any, number: int) -> HttpResponse:
    """One's own lines that a manager asks about, and the answer."""
    found = get_object_or_404(services.questions_to(request.user), pk=number)
    form = AnswerForm(request.POST or None)
    if form.is_valid():
        with refused_to(form, request):
            services.answer_alert(actor=request.user, alert=found, **form.cleaned_data, at=timezone.now())
            messages.success(request, _("Your answer is on record."))
            return redirect("questions")
    rows = with_events(list(found.rows.filter(actor=request.user)[:SHOWN]), reader=request.user)
    events = [row.event for row in rows if row.event]
    audit.record_look(
        LOG_READ,
        who=request.who,
        object_type="person",
        object_ref=request.user.staff_number,
        detail={"count": len(events), "own": True},
    )
    return render(request, "staff/question.html", {"alert": found, "lines": reading.tell_events(events), "form": form})
