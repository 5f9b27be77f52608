"""Tags and filters of the pages of the purge: records, ends and reasons to skip in words."""

from typing import Final

from django import template
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, pgettext_lazy

from privacy.models import Purge
from privacy.policy.rules import End, Record
from privacy.policy.words import RECORDS
from privacy.services.purging.candidates import Skip
from privacy.services.purging.looking_again import GONE
from privacy.services.purging.sources import GUEST, NOTE
from staff.templatetags.house import chip

register = template.Library()

RECORD_WORDS: Final[dict[str, str | Promise]] = {
    **RECORDS,
    NOTE: gettext_lazy("Notes about a stay"),
    GUEST: gettext_lazy("Name and contact of a guest"),
}
ENDS: Final[dict[str, Promise]] = {
    End.ERASE: pgettext_lazy("purge", "Erase"),
    End.UNLINK_AND_ERASE: pgettext_lazy("purge", "Erase, the stay becomes nameless"),
    End.RESTRICT: pgettext_lazy("purge", "Restrict: out of the desk's sight"),
    End.REDUCE_BILL: pgettext_lazy("purge", "Reduce to amount, date and invoice title"),
}
SKIPS: Final[dict[str, Promise]] = {
    Skip.HOLD: gettext_lazy("Hold"),
    Skip.OPEN_STAY: gettext_lazy("Stay not closed: in house, or still expected"),
    Skip.OPEN_REQUEST: gettext_lazy("Open request of the guest"),
    Skip.RESTRICTED: gettext_lazy("Restricted at the guest's wish"),
    Skip.REGISTRATION: gettext_lazy("Registration not acknowledged"),
    Skip.UNPAID: gettext_lazy("Unpaid bill"),
    Skip.DESK_CASE: gettext_lazy("Open desk case"),
    GONE: gettext_lazy("Due no more, or gone already"),
}
# As short as a line beside a bar.
SHORT: Final[dict[str, Promise]] = {
    Record.REGISTER: pgettext_lazy("plot", "Registers"),
    Record.REGISTER_COPY: pgettext_lazy("plot", "Working copies"),
    Record.BILL: pgettext_lazy("plot", "Bills"),
    Record.BOOKING: pgettext_lazy("plot", "Bookings never used"),
    Record.PREFERENCE: pgettext_lazy("plot", "Preferences"),
    Record.VISITOR: pgettext_lazy("plot", "Visitors"),
    Record.GUARDIAN: pgettext_lazy("plot", "Guardians' contacts"),
    Record.CERTIFICATE: pgettext_lazy("plot", "Certificates"),
    NOTE: pgettext_lazy("plot", "Notes"),
    GUEST: pgettext_lazy("plot", "Names and contacts"),
    Skip.HOLD: pgettext_lazy("plot", "Hold"),
    Skip.OPEN_STAY: pgettext_lazy("plot", "Stay not closed"),
    Skip.OPEN_REQUEST: pgettext_lazy("plot", "Open request"),
    Skip.RESTRICTED: pgettext_lazy("plot", "Guest's wish"),
    Skip.REGISTRATION: pgettext_lazy("plot", "Registration open"),
    Skip.UNPAID: pgettext_lazy("plot", "Unpaid bill"),
    Skip.DESK_CASE: pgettext_lazy("plot", "Open desk case"),
}
_TONES: Final = {Purge.State.PLANNED: "urgent", Purge.State.WAITING: "today", Purge.State.RUNNING: "today"}


@register.filter
def record_words(code: str) -> str:
    """What a row is about."""
    return str(RECORD_WORDS.get(code, code))


@register.filter
def end_words(code: str) -> str:
    """What happens to it."""
    return str(ENDS.get(code, code))


@register.filter
def skip_words(code: str) -> str:
    """What stands against it."""
    return str(SKIPS.get(code, code))


@register.simple_tag
def purge_state(purge: Purge) -> SafeString:
    """How far a run is, as a chip. What had nothing to do says so."""
    if purge.state == Purge.State.DONE and not purge.total:
        return chip(str(gettext_lazy("Nothing to do")), "quiet")
    return chip(str(Purge.State(purge.state).label), _TONES.get(Purge.State(purge.state), "quiet"))
