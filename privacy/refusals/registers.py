"""Why a card, a processor or a consent stays as it is. Each carries the sentence the person reads."""

from django.utils.translation import gettext_lazy as _

from audit.services import Refused
from privacy import actions


class CardGone(Refused):
    """The paper card was destroyed, or is not where the deed needs it."""

    action = actions.REGISTER_DEED_REFUSED
    message = _("The card of stay %(reference)s is “%(state)s” now, so this can no longer be done.")


class CardHeld(Refused):
    """A hold in force lies on what the paper card records. The same words for a hold that is confidential."""

    action = actions.REGISTER_DEED_REFUSED
    message = _(
        "An internal hold lies on what the card of stay %(reference)s records: the card is kept until the hold ends."
    )


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
