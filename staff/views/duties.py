"""Duties and their lapses; backups and keys. Nothing of a guest stands on these pages."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from staff import duties as registry
from staff import permissions, services
from staff.forms.duties import LapseForm, OwnerForm
from staff.models import Duty, Lapse
from staff.permissions import any_right_required, right_required
from staff.refusals import refused_to
from vault import ledger_copy
from vault.models import Backup, Drill, ErasureEntry, KeyEpoch

OF_BACKUPS = (
    registry.BACKUP, registry.LEDGER_COPY, registry.RESTORE_DRILL, registry.ROTATE_KEK, registry.ROTATE_INDEX,
)  # fmt: skip
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Line:
    """A duty as it is shown."""

    duty: Duty
    kind: registry.Kind
    is_late: bool
    lapse: Lapse | None


def _lines(found: Any, at: datetime) -> list[Line]:
    """Late ones first, then by the day they are due."""
    kept = [duty for duty in found.select_related("property", "owner") if registry.is_declared(duty.code)]
    lapses = {lapse.duty_id: lapse for lapse in Lapse.objects.filter(duty__in=kept, closed_at=None)}
    lines = [_line(duty, lapses.get(duty.pk), at) for duty in kept]
    return sorted(lines, key=lambda line: (not line.is_late, line.lapse is None, line.duty.next_due_at))


def _line(duty: Duty, lapse: Lapse | None, at: datetime) -> Line:
    kind = registry.kind_of(duty.code)
    return Line(duty, kind, duty.is_late(at, kind.grace), lapse)


@right_required("read_own_log")
@require_GET
def duties(request: Any) -> HttpResponse:
    """What has to be done again and again: those one looks after, and one's own."""
    lines = _lines(permissions.duties_seen_by(request.user), timezone.now())
    return render(request, "staff/duties.html", {"lines": lines})


@right_required("read_own_log")
@require_http_methods(["GET", "POST"])
def duty(request: Any, number: int) -> HttpResponse:
    """One duty: its lapses, and naming who owns it."""
    found = _duty(request, number)
    may_name = permissions.names_owner(request.user, found)
    kept = permissions.properties_where(request.user, "manage_house")
    form = OwnerForm(request.POST or None, duty=found, properties=kept)
    if request.method == "POST":
        permissions.require_names_owner(request.user, found)
        if form.is_valid():
            with refused_to(form, request):
                services.name_owner(actor=request.user, duty=found, owner=form.cleaned_data["owner"])
                messages.success(request, _("The owner is named."))
                return redirect("duty", number=found.pk)
    shown = {
        "line": _line(found, None, timezone.now()),
        "lapses": found.lapses.select_related("closed_by")[:SHOWN],
        "form": form if may_name else None,
        "may_close": may_name or found.owner_id == request.user.pk,
    }
    return render(request, "staff/duty.html", shown)


@right_required("read_own_log")
@require_http_methods(["GET", "POST"])
def lapse_close(request: Any, number: int, lapse: int) -> HttpResponse:
    """Close a lapse with its cause and what was done about it."""
    found = get_object_or_404(_duty(request, number).lapses.select_related("duty__property"), pk=lapse)
    services.require_closer(request.user, found.duty)
    form = LapseForm(request.POST or None)
    if form.is_valid():
        with refused_to(form, request):
            services.close_lapse(actor=request.user, lapse=found, **form.cleaned_data, at=timezone.now())
            messages.success(request, _("The lapse is closed."))
            return redirect("duty", number=number)
    shown = {"form": form, "lapse": found, "line": _line(found.duty, found, timezone.now())}
    return render(request, "staff/lapse_close.html", shown)


@any_right_required("read_whole_log", "manage_house")
@require_GET
def backups(request: Any) -> HttpResponse:
    """Backups and keys: what was last done, what is next, who owns it, the reports of the drills."""
    at = timezone.now()
    proved = Backup.objects.filter(proved_at__isnull=False)
    shown = {
        "lines": _lines(Duty.objects.filter(code__in=OF_BACKUPS), at),
        "point": proved.first(),
        "taken": Backup.objects.all()[:SHOWN],
        "drills": Drill.objects.filter(ended_at__isnull=False)[:SHOWN],
        "keys": KeyEpoch.objects.exclude(state=KeyEpoch.State.DESTROYED).order_by("purpose", "-epoch"),
        "ledger": ErasureEntry.objects.count(),
        "copied": _copied(),
        "old": at - timedelta(hours=30),
    }
    return render(request, "staff/backups.html", shown)


def _copied() -> int | None:
    """The newest entry of the ledger's copy; None where there is none, or its place is away."""
    try:
        return ledger_copy.head() if ledger_copy.folder() else None
    except OSError:
        return None


def _duty(request: Any, number: int) -> Duty:
    seen = permissions.duties_seen_by(request.user).select_related("property", "owner")
    found: Duty = get_object_or_404(seen, pk=number)
    return found
