"""Filters of the pages of holds: steps, and what a hold is on, in words."""

from typing import Final

from django import template
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from privacy import actions
from privacy.models import Hold

register = template.Library()

STEPS: Final[dict[str, Promise]] = {
    actions.HOLD_PLACED: pgettext_lazy("step of a hold", "Placed"),
    actions.HOLD_APPROVED: pgettext_lazy("step of a hold", "Approved"),
    actions.HOLD_RENEWED: pgettext_lazy("step of a hold", "Renewed"),
    actions.HOLD_REVIEWED: pgettext_lazy("step of a hold", "Reviewed"),
    actions.HOLD_REMINDED: pgettext_lazy("step of a hold", "Reminder mailed"),
    actions.HOLD_OFFICER_NAMED: pgettext_lazy("step of a hold", "Another person may know"),
    actions.HOLD_RELEASE_ASKED: pgettext_lazy("step of a hold", "Release asked for"),
    actions.HOLD_RELEASED: pgettext_lazy("step of a hold", "Released"),
    actions.HOLD_RESUMED: pgettext_lazy("step of a hold", "What waited was taken up again"),
    actions.HOLD_DOCUMENT_EXPIRED: pgettext_lazy("step of a hold", "Document number erased"),
}


@register.filter
def hold_step(code: str) -> str:
    """A line of a hold's timeline."""
    return str(STEPS.get(code, code))


@register.filter
def held_thing(hold: Hold) -> str:
    """What the hold is on, by reference: nobody's name."""
    if hold.room is not None:
        first, last = (date_format(day) for day in hold.days)
        return _("room %(room)s, %(first)s to %(last)s") % {"room": hold.room.number, "first": first, "last": last}
    if hold.request is not None:
        return _("request %(number)s") % {"number": hold.request.number}
    if hold.stay is not None:
        words = _("a guest in stay %(stay)s") if hold.subject_id else _("stay %(stay)s")
        return words % {"stay": hold.stay.reference}
    return _("a guest, in all stays")
