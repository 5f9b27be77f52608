"""Tags of what has a time: registrations and duties towards minors."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from staff.templatetags.house import chip
from stays.models import Registration

register = template.Library()

SOON = timedelta(hours=6)
DAYS = timedelta(days=2)
_TONES = {Registration.State.ACKNOWLEDGED: "done", Registration.State.FAILED: "urgent"}


@register.simple_tag
def time_left(due_at: datetime) -> SafeString:
    """How long there is still time, or since when it is late, as a chip."""
    left = due_at - timezone.now()
    span = _span(abs(left))
    if left < timedelta(0):
        return chip(_("late by %(span)s") % {"span": span}, "urgent")
    return chip(_("%(span)s left") % {"span": span}, "today" if left < SOON else "quiet")


def _span(time: timedelta) -> str:
    """Hours and minutes; from two days on, days and hours."""
    hours, minutes = divmod(int(time.total_seconds()) // 60, 60)
    if time >= DAYS:
        return _("%(days)s d %(hours)s h") % {"days": hours // 24, "hours": hours % 24}
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": f"{minutes:02d}"}


@register.simple_tag
def report_state(registration: Registration) -> SafeString:
    """How far a report is, as a chip."""
    tone = "quiet" if registration.sent_at else "today"
    return chip(str(registration.get_state_display()), _TONES.get(Registration.State(registration.state), tone))
