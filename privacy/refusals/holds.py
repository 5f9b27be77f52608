"""Why a hold stays as it is, or is not placed. Each carries the sentence the person reads."""

from django.utils.translation import gettext_lazy as _

from audit.services import Refused
from privacy import actions


class HoldAboutNothing(Refused):
    """A hold is on a guest, a stay, a room of the property in a time, or a request; on one of them."""

    action = actions.HOLD_DEED_REFUSED
    message = _("Say which stay or guest the hold is about.")


class HoldReasonUnfit(Refused):
    """An authority's freeze has a reason of its own, an internal hold another."""

    action = actions.HOLD_DEED_REFUSED
    field = "reason"
    message = _("Choose a reason that fits who wants it kept.")


class HoldTimeTurned(Refused):
    """The time in which a room is held ends on its first day or later."""

    action = actions.HOLD_DEED_REFUSED
    field = "last_on"
    message = _("The last day comes before the first.")


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


class HoldNotWaiting(Refused):
    """An authority's hold needs no approval, and an approved one no second."""

    action = actions.HOLD_DEED_REFUSED
    message = _("Hold %(number)s does not wait for an approval.")


class HoldNotInForce(Refused):
    """What does not hold yet is approved first."""

    action = actions.HOLD_DEED_REFUSED
    message = _("Hold %(number)s waits for its approval and holds nothing yet.")


class HoldHasNoEnd(Refused):
    """An authority's hold that stands until its release needs no renewal."""

    action = actions.HOLD_DEED_REFUSED
    message = _("Hold %(number)s stands until it is released; there is nothing to renew.")


class HoldRenewed(Refused):
    """Another hold goes on from this one already."""

    action = actions.HOLD_DEED_REFUSED
    message = _("Hold %(number)s is renewed already.")


class ReviewTooLate(Refused):
    """A hold is looked at again on a day to come, before it ends."""

    action = actions.HOLD_DEED_REFUSED
    field = "review_on"
    message = _("Choose a day in the future, before the hold ends.")


class DocumentMissing(Refused):
    """An authority's hold rests on a document, whose number is sealed."""

    action = actions.HOLD_DEED_REFUSED
    field = "document_number"
    message = _("Enter the number of the authority's document, at most 80 characters.")


class DocumentUnneeded(Refused):
    """An internal hold rests on no authority's document: what is not needed is not kept."""

    action = actions.HOLD_DEED_REFUSED
    field = "document_number"
    message = _("Authority and document belong to an authority's freeze. Leave them empty for an internal hold.")


class AuthorityMissing(Refused):
    """An authority's hold says which authority."""

    action = actions.HOLD_DEED_REFUSED
    field = "authority"
    message = _("Enter which authority wants it kept, at most 80 characters.")


class OfficersMissing(Refused):
    """A confidential hold names officers of the property: at least one besides who places it."""

    action = actions.HOLD_DEED_REFUSED
    field = "officers"
    message = _("Name who may know of a confidential hold: people who decide here, and one besides yourself.")


class HoldIsOpen(Refused):
    """Everybody who decides here sees a hold that is not confidential."""

    action = actions.HOLD_DEED_REFUSED
    message = _("Hold %(number)s is not confidential: everybody who decides here sees it.")


class OfficerUnfit(Refused):
    """Who is named for a confidential hold decides at its property, and is named once."""

    action = actions.HOLD_DEED_REFUSED
    field = "officer"
    message = _("Name somebody who decides here and does not know of it yet.")
