"""Why a deed on a run of the purge may be refused."""

from django.utils.translation import gettext_lazy as _

from audit.services import Refused
from privacy import actions


class PurgeNotWaiting(Refused):
    """Only a plan that waits for a person is approved: it may be approved, stopped or replaced already."""

    action = actions.PURGE_DEED_REFUSED
    message = _("Purge %(number)s does not wait for an approval.")


class PurgeIsFinal(Refused):
    """The time in which it could be stopped is over."""

    action = actions.PURGE_DEED_REFUSED
    message = _("Purge %(number)s cannot be stopped any more.")
