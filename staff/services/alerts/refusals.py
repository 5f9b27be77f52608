"""What is refused about alerts."""

from django.utils.translation import gettext_lazy as _

from audit import services as audit
from staff.actions import ALERT_DEED_REFUSED


class AlertRefused(audit.Refused):
    """The base of what is refused about an alert."""

    action = ALERT_DEED_REFUSED


class OwnAlert(AlertRefused):
    """The alert is about what the person did."""

    status = 403
    message = _("This alert is about your own access. Another manager looks into it.")


class AlertSettled(AlertRefused):
    """The alert is past the step."""

    message = _("This alert has come further meanwhile. Look at its steps.")


class NobodyToAsk(AlertRefused):
    """The alert names no single person."""

    message = _("This alert is about no single person who works here, so nobody can be asked.")


class NotAsked(AlertRefused):
    """The person was not asked about the alert, or it is decided already."""

    message = _("Nobody waits for an answer to this any more.")


class ReferenceMissing(AlertRefused):
    """The answer must name its stay, case or request."""

    field = "refers_to"
    message = _("Name the stay, case or request it belongs to.")


class NotAManagerThere(AlertRefused):
    """Who is to look into it may not."""

    field = "to"
    message = _("Choose another manager of this property whom the alert does not concern.")
