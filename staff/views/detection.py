"""The rules of detection: what they notice, how right they are, how they are changed by two people."""

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.db.models import Count, Q
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from staff.detecting.kinds import Kind, kind_of
from staff.forms.alerts import RuleForm
from staff.models import Alert, DetectionRule
from staff.permissions import right_required
from staff.refusals import refused_to
from staff.services import detection as services
from staff.services.alerts.looking import RIGHT

HEIGHT: Final = 80
STEP: Final = 5
BAR: Final = 4


@dataclass(frozen=True, slots=True)
class Precision:
    """How right a rule is, by the verdicts on its alerts."""

    raised: int
    decided: int
    confirmed: int

    @property
    def percent(self) -> int | None:
        """The confirmed among the decided, of a hundred; None before the first verdict."""
        return round(100 * self.confirmed / self.decided) if self.decided else None


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a replay as it is drawn: left edge, then top and height of both bars, in units of the picture."""

    day: str
    flagged: int
    alerts: int
    left: int
    top: int
    height: int
    alert_top: int
    alert_height: int


@dataclass(frozen=True, slots=True)
class Plot:
    """A replay as a picture and a table."""

    days: tuple[Day, ...]

    @property
    def width(self) -> int:
        """Of the picture."""
        return max(len(self.days), 1) * STEP

    @property
    def flagged(self) -> int:
        """All rows it would have flagged."""
        return sum(day.flagged for day in self.days)

    @property
    def alerts(self) -> int:
        """All alerts it would have raised by itself."""
        return sum(day.alerts for day in self.days)

    @property
    def eventful(self) -> tuple[Day, ...]:
        """The days on which something would have been noticed."""
        return tuple(day for day in self.days if day.flagged)


def plot_of(rule: DetectionRule) -> Plot:
    """The picture of what a rule would have noticed."""
    most = max((int(line[1]) for line in rule.replay), default=0) or 1
    return Plot(tuple(_drawn(number, line, most) for number, line in enumerate(rule.replay)))


def _drawn(number: int, line: list[Any], most: int) -> Day:
    day, flagged, alerts = str(line[0]), int(line[1]), int(line[2])
    height, alert_height = (round(value * HEIGHT / most) for value in (flagged, alerts))
    return Day(day, flagged, alerts, number * STEP, HEIGHT - height, height, HEIGHT - alert_height, alert_height)


@right_required(RIGHT)
@require_GET
def detection_rules(request: Any) -> HttpResponse:
    """Every rule in force, its weight and mode, and how right it has been."""
    precise = _precisions()
    waiting = set(DetectionRule.objects.proposed().values_list("code", flat=True))
    lines = [
        (rule, kind, precise.get(rule.code), rule.code in waiting)
        for rule in DetectionRule.objects.in_force()
        if (kind := kind_of(rule.code))
    ]
    return render(request, "staff/detection_rules.html", {"lines": lines})


def _precisions() -> dict[str, Precision]:
    counted = (
        Alert.objects.order_by()
        .values_list("code")
        .annotate(
            raised=Count("pk"),
            decided=Count("pk", filter=~Q(verdict="")),
            confirmed=Count("pk", filter=Q(verdict=Alert.Verdict.CONFIRMED)),
        )
    )
    return {code: Precision(raised, decided, confirmed) for code, raised, decided, confirmed in counted}


@right_required(RIGHT)
@require_GET
def detection_rule(request: Any, code: str) -> HttpResponse:
    """One rule: what it means, its numbers, the replay of what is proposed, its versions."""
    return _page(request, *_found(code), Form())


def _page(request: Any, rule: DetectionRule, kind: Kind, form: Form) -> HttpResponse:
    proposed = DetectionRule.objects.proposed().filter(code=rule.code).select_related("author").first()
    shown = {
        "rule": rule,
        "kind": kind,
        "form": form,
        "numbers": [(words, rule.parameters.get(name)) for name, words in kind.asks.items()],
        "precision": _precisions().get(rule.code),
        "proposed": proposed,
        "proposed_numbers": [(words, proposed.parameters.get(name)) for name, words in kind.asks.items()]
        if proposed
        else [],
        "plot": plot_of(proposed or rule),
        "is_own": bool(proposed and proposed.author_id == request.user.pk),
        "versions": DetectionRule.objects.filter(code=rule.code).select_related("author", "approver"),
    }
    return render(request, "staff/detection_rule.html", shown)


def _found(code: str) -> tuple[DetectionRule, Kind]:
    kind = kind_of(code)
    if kind is None:
        raise Http404
    return get_object_or_404(DetectionRule.objects.in_force(), code=code), kind


@right_required(RIGHT)
@require_http_methods(["GET", "POST"])
def detection_rule_edit(request: Any, code: str) -> HttpResponse:
    """Propose another version; it is replayed over the last 90 days before anybody can approve it."""
    rule, kind = _found(code)
    form = RuleForm(request.POST or None, rule=rule, kind=kind)
    if form.is_valid():
        with refused_to(form, request):
            services.propose_rule(
                actor=request.user, house=request.property, rule=rule, **form.facts(), at=timezone.now()
            )
            messages.success(request, _("The change is proposed. It is replayed now; another manager approves it."))
            return redirect("detection_rule", code=code)
    return render(request, "staff/detection_rule_edit.html", {"rule": rule, "kind": kind, "form": form})


@right_required(RIGHT)
@require_POST
def detection_rule_approve(request: Any, code: str) -> HttpResponse:
    """Put the proposed version in force."""
    return _settle(request, code, services.approve_rule, _("The change is in force."))


@right_required(RIGHT)
@require_POST
def detection_rule_withdraw(request: Any, code: str) -> HttpResponse:
    """Take one's own proposal back."""
    return _settle(request, code, services.withdraw_rule, _("The change is withdrawn."))


def _settle(request: Any, code: str, do: Any, done: str) -> HttpResponse:
    rule, kind = _found(code)
    proposed = get_object_or_404(DetectionRule.objects.proposed(), code=code)
    form = Form(request.POST)
    if form.is_valid():
        with refused_to(form, request):
            do(actor=request.user, house=request.property, rule=proposed, at=timezone.now())
            messages.success(request, done)
            return redirect("detection_rule", code=code)
    return _page(request, rule, kind, form)
