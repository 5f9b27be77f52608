"""Words for the codes on the pages of alerts."""

from datetime import timedelta
from typing import Final

from django import template
from django.utils.translation import gettext as _

from staff.detecting.kinds import kind_of
from staff.models import Alert, AlertStep, DetectionRule
from staff.roles import ROLE_NAMES

register = template.Library()

MINUTES_A_DAY: Final = 24 * 60
_SAID: dict[str, object] = {
    **dict(AlertStep.Answer.choices),
    **dict(Alert.Verdict.choices),
    **dict(Alert.Measure.choices),
}


@register.filter
def rule_words(code: str) -> str:
    """The name of a rule; its code where the room that declared it is gone."""
    kind = kind_of(code)
    return str(kind.words) if kind else code


@register.filter
def said(step: AlertStep) -> str:
    """What a step says: the answer, the verdict, the measure; empty where it says nothing."""
    return str(_SAID.get(step.says, step.says))


@register.filter
def roles(codes: str) -> list[str]:
    """The names of the roles that a row of the log joins by ``+``."""
    return [str(ROLE_NAMES.get(code, code)) for code in codes.split("+")]


@register.filter
def span_of_time(rule: DetectionRule) -> str:
    """The span a rule counts in, in whole days or in minutes."""
    minutes = int(rule.window / timedelta(minutes=1))
    if minutes % MINUTES_A_DAY == 0:
        return _("Days: %(count)s") % {"count": minutes // MINUTES_A_DAY}
    return _("Minutes: %(count)s") % {"count": minutes}
