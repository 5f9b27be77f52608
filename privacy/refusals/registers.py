"""Why a hold, a card, a processor or a consent stays as it is. Each carries the sentence the person reads."""

from django.utils.translation import gettext_lazy as _

from audit.services import Refused
from privacy import actions


class HoldAboutNothing(Refused):
    """A hold is on a guest or on a stay."""

    action = actions.HOLD_DEED_REFUSED
    message = _("Say which stay or guest the hold is about.")


class HoldTooLong(Refused):
    """An internal hold ends within 180 days (policy.md, B3)."""

    action = actions.HOLD_DEED_REFUSED
    field = "until"
    message = _("A hold ends in the future, within 180 days.")


class HoldEnded(Refused):
    """The hold was released, or is at an end."""

    action = actions.HOLD_DEED_REFUSED
    message = _("Hold %(number)s has ended.")


class HoldNotAsked(Refused):
    """A hold is released by a second person after a first one asked."""

    action = actions.HOLD_DEED_REFUSED
    message = _("Nobody has asked yet to release hold %(number)s.")


class CardGone(Refused):
    """The paper card was destroyed, or is not where the deed needs it."""

    action = actions.REGISTER_DEED_REFUSED
    message = _("The card of stay %(reference)s is “%(state)s” now, so this can no longer be done.")


class ProcessorEnded(Refused):
    """The agreement with the processor has ended."""

    action = actions.REGISTER_DEED_REFUSED
    message = _("The agreement with this processor has ended.")


class ConsentStands(Refused):
    """The guest has given this consent already."""

    action = actions.CONSENT_DEED_REFUSED
    message = _("This consent has been given already.")


class NoConsent(Refused):
    """There is no such consent to withdraw."""

    action = actions.CONSENT_DEED_REFUSED
    message = _("This consent was not given, or has been withdrawn already.")
