"""What managers ask of alerts and decide about them, what the person asked answers, what a rule is changed to."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from staff.detecting import kinds
from staff.forms.fields import LineField
from staff.forms.log import PersonChoice
from staff.models import Alert, AlertStep, DetectionRule, Person, Severity

OPEN, OVERDUE, CLOSED, ALL = "open", "overdue", "closed", "all"
LISTS: Final = (
    (OPEN, pgettext_lazy("alerts", "Open")),
    (OVERDUE, _("Past their deadline")),
    (CLOSED, _("Closed")),
    (ALL, _("All")),
)
SPANS: Final = (("7", _("this week")), ("31", _("this month")), ("", _("ever")))
MOST: Final = 100_000

# Stays, requests, desk cases and holds: letters, digits and hyphens, never a name.
reference_rule = RegexValidator(r"\A[A-Za-z]{0,3}-?20[0-9]{2}-[0-9]{4,9}\Z", _("A number is like 2026-000042."))


class AlertFilterForm(forms.Form):
    """Which alerts are shown; it stands in the address."""

    which = forms.ChoiceField(label=_("Which"), choices=LISTS, required=False)
    rule = forms.ChoiceField(label=pgettext_lazy("alerts", "Rule"), required=False)
    days = forms.ChoiceField(label=_("Raised"), choices=SPANS, required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data or {"which": OPEN})
        named = [(kind.code, kind.words) for kind in kinds.kinds()]
        self.fields["rule"].choices = [("", _("Every rule")), *named]  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.expected = True  # type: ignore[attr-defined]  # none is marked as optional: all are

    def asked(self, name: str) -> str:
        """What was chosen; empty where it was nothing, or nothing that exists."""
        return str(self.cleaned_data.get(name) or "") if self.is_valid() or name in self.cleaned_data else ""


class VerdictForm(forms.Form):
    """What it turned out to be."""

    verdict = forms.ChoiceField(label=_("What was it?"), choices=Alert.Verdict.choices, widget=forms.RadioSelect)


class MeasureForm(forms.Form):
    """What was done about it."""

    measure = forms.ChoiceField(label=_("What was done"), choices=[("", "–"), *Alert.Measure.choices])


class EscalateForm(forms.Form):
    """Another manager."""

    to = PersonChoice(queryset=Person.objects.none(), label=_("Pass to"), to_field_name="staff_number")

    def __init__(self, data: Any = None, *, people: Sequence[Person]) -> None:
        super().__init__(data)
        self.fields["to"].queryset = Person.objects.filter(pk__in=[one.pk for one in people])  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """Why one looked. No words: they could name a guest."""

    answer = forms.ChoiceField(label=_("Why did you look?"), choices=AlertStep.Answer.choices, widget=forms.RadioSelect)
    refers_to = LineField(
        label=_("Number of the stay, case or request"), max_length=20, required=False, validators=[reference_rule]
    )


class RuleForm(forms.Form):
    """Another version of a rule: its numbers, its span of time in minutes, its weight, how it counts."""

    window = forms.IntegerField(label=_("Span of time, in minutes"), min_value=1, max_value=MOST * 10)
    weight = forms.DecimalField(
        label=_("Weight"), min_value=Decimal(0), max_value=Decimal(1), max_digits=3, decimal_places=2
    )
    severity = forms.ChoiceField(label=_("Severity"), choices=Severity.choices)
    mode = forms.ChoiceField(label=_("Mode"), choices=DetectionRule.Mode.choices)

    def __init__(self, data: Any = None, *, rule: DetectionRule, kind: kinds.Kind) -> None:
        first = {"weight": rule.weight, "severity": rule.severity, "mode": rule.mode}
        first |= {"window": int(rule.window / timedelta(minutes=1))}
        super().__init__(data, initial=first | {f"number_{name}": value for name, value in rule.parameters.items()})
        self.names = list(kind.parameters)
        for name in self.names:
            asked = {"label": kind.asks[name], "min_value": 1, "max_value": MOST}
            self.fields[f"number_{name}"] = forms.IntegerField(**asked)  # type: ignore[arg-type]  # lazy text
        self.order_fields([f"number_{name}" for name in self.names])

    @property
    def numbers(self) -> list[forms.BoundField]:
        """The fields of the rule's own numbers."""
        return [self[f"number_{name}"] for name in self.names]

    def facts(self) -> dict[str, Any]:
        """What was typed, as ``propose_rule`` takes it."""
        typed = self.cleaned_data
        return {
            "parameters": {name: typed[f"number_{name}"] for name in self.names},
            "window": timedelta(minutes=typed["window"]),
            "weight": typed["weight"],
            "severity": typed["severity"],
            "mode": typed["mode"],
        }
