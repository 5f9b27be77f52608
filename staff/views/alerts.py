"""Alerts, as managers look into them: guests by reference, and never what one did oneself."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.forms import BaseForm, Form
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from audit import services as audit
from staff import permissions, reading
from staff.actions import ALERTS_LISTED, SAMPLE_VIEWED, SHARE_VIEWED
from staff.detecting.kinds import kind_of
from staff.forms.alerts import ALL, CLOSED, OVERDUE, AlertFilterForm, EscalateForm, MeasureForm, VerdictForm
from staff.models import Alert, AlertQuerySet, DetectionPosition
from staff.permissions import right_required
from staff.refusals import refused_to
from staff.services import alerts as services
from staff.services.alerts.deciding import others_who_decide
from staff.services.alerts.looking import RIGHT
from staff.services.alerts.sharing import HEALTHY, drawn_rows, explained_shares
from staff.stepping_up import step_up_required

PAGE = 50
WEEK = timedelta(days=7)


@right_required(RIGHT)
@require_GET
def alerts(request: Any) -> HttpResponse:
    """The alerts that answer the filters in the address; what has to be decided soonest stands first."""
    at = timezone.now()
    form = AlertFilterForm(request.GET)
    page = Paginator(_asked(form, services.alerts_seen_by(request.user), at), PAGE).get_page(request.GET.get("page"))
    audit.record_look(ALERTS_LISTED, who=request.who, detail={"count": len(page.object_list)})
    shown = {
        "form": form,
        "page": page,
        "lines": [(alert, kind_of(alert.code), alert.is_overdue(at)) for alert in page.object_list],
        "position": DetectionPosition.objects.first(),
    }
    return render(request, "staff/alerts.html", shown)


def _asked(form: AlertFilterForm, seen: AlertQuerySet, at: datetime) -> AlertQuerySet:
    which, rule, days = (form.asked(name) for name in ("which", "rule", "days"))
    if rule:
        seen = seen.filter(code=rule)
    if days:
        seen = seen.filter(raised_at__gte=at - timedelta(days=int(days)))
    if which == CLOSED:
        return seen.filter(state=Alert.State.CLOSED).order_by("-closed_at")
    if which == ALL:
        return seen
    return (seen.overdue(at) if which == OVERDUE else seen.open()).order_by(F("verdict"), "due_at")


@right_required(RIGHT)
@require_GET
def alert(request: Any, number: int) -> HttpResponse:
    """One alert: its rows in plain sentences, what explains them and what does not, its steps, what can be done."""
    return _page(request, _found(request, number))


def _page(request: Any, found: Alert, **forms: BaseForm) -> HttpResponse:
    opened = services.open_alert(found, actor=request.user)
    told = reading.tell_events(row.event for row in opened.rows if row.event)
    by_ref = {each.event.ref: each for each in told if each.event}
    shown = {
        "alert": found,
        "kind": kind_of(found.code),
        "opened": opened,
        "rows": [(each.row, by_ref.get(each.row.event_ref)) for each in opened.rows],
        "is_overdue": found.is_overdue(timezone.now()),
        "verdict_form": VerdictForm(),
        "measure_form": MeasureForm(),
        "escalate_form": EscalateForm(people=_others(request, found)),
    }
    return render(request, "staff/alert.html", shown | forms)


def _found(request: Any, number: int) -> Alert:
    found: Alert = get_object_or_404(services.alerts_seen_by(request.user), pk=number)
    return found


def _others(request: Any, found: Alert) -> list[Any]:
    return [person for person in others_who_decide(found) if person != request.user]


def _deed(
    request: Any, found: Alert, form: tuple[str, BaseForm], do: Callable[..., object], done: str | Promise
) -> HttpResponse:
    """Do a deed with what was typed and go back to the alert; a reason against it stands on the form."""
    name, typed = form
    if typed.is_valid():
        with refused_to(typed, request):
            do(actor=request.user, alert=found, **typed.cleaned_data, at=timezone.now())
            messages.success(request, str(done))
            return redirect("alert", number=found.pk)
    return _page(request, found, **{name: typed})


@right_required(RIGHT)
@require_POST
def alert_ask(request: Any, number: int) -> HttpResponse:
    """Ask the person concerned."""
    said = gettext_lazy("The person is asked, and told by mail this evening.")
    return _deed(request, _found(request, number), ("step_form", Form(request.POST)), services.ask_person, said)


@right_required(RIGHT)
@require_POST
def alert_take(request: Any, number: int) -> HttpResponse:
    """Take an alert on."""
    said = gettext_lazy("You look into this alert now.")
    return _deed(request, _found(request, number), ("step_form", Form(request.POST)), services.take_alert, said)


@right_required(RIGHT)
@require_POST
def alert_decide(request: Any, number: int) -> HttpResponse:
    """Say what it was."""
    form = "verdict_form", VerdictForm(request.POST)
    return _deed(request, _found(request, number), form, services.decide_alert, _("The alert is decided."))


@right_required(RIGHT)
@require_POST
def alert_escalate(request: Any, number: int) -> HttpResponse:
    """Pass it to another manager."""
    found = _found(request, number)
    form = "escalate_form", EscalateForm(request.POST, people=_others(request, found))
    return _deed(request, found, form, services.escalate_alert, _("The alert is passed on."))


@right_required(RIGHT)
@require_POST
def alert_close(request: Any, number: int) -> HttpResponse:
    """Close it with what was done."""
    form = "measure_form", MeasureForm(request.POST)
    return _deed(request, _found(request, number), form, services.close_alert, _("The alert is closed."))


@right_required(RIGHT)
@step_up_required
@require_GET
def alert_package(request: Any, number: int) -> HttpResponseBase:
    """The package of a confirmed alert, for an outsider to verify."""
    found = _found(request, number)
    packed = services.pack_alert(actor=request.user, alert=found, at=timezone.now())
    response = HttpResponse(packed, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{found.number}.zip"'
    return response


@right_required(RIGHT)
@require_GET
def alert_sample(request: Any) -> HttpResponse:
    """Two of a hundred looks of this week that raised nothing, drawn to be read."""
    until = timezone.now()
    kept = permissions.properties_where(request.user, RIGHT)
    rows = drawn_rows(kept, until - WEEK, until, reader=request.user)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    audit.record_look(SAMPLE_VIEWED, who=request.who, detail={"count": len(page.object_list)})
    return render(request, "staff/alert_sample.html", {"page": page, "lines": reading.tell_events(page.object_list)})


@right_required(RIGHT)
@require_POST
def alert_raise(request: Any, number: int) -> HttpResponse:
    """Raise an alert from a line that was drawn."""
    until = timezone.now()
    kept = permissions.properties_where(request.user, RIGHT)
    row = get_object_or_404(drawn_rows(kept, until - WEEK, until, reader=request.user), pk=number)
    made = services.raise_by_hand(actor=request.user, row=row, at=until)
    messages.success(request, _("The alert is raised."))
    return redirect("alert", number=made.pk)


@right_required(RIGHT)
@require_GET
def explained_share(request: Any) -> HttpResponse:
    """How much of this week's access is explained, by property and role."""
    until = timezone.now()
    shares = explained_shares(permissions.properties_where(request.user, RIGHT), until - WEEK, until)
    audit.record_look(SHARE_VIEWED, who=request.who)
    return render(request, "staff/explained_share.html", {"shares": shares, "healthy": HEALTHY})
