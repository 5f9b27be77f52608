"""Why an answer is not written, given or opened. Each carries the sentence the person reads."""

from django.utils.translation import gettext_lazy as _

from audit.services import Refused
from privacy import actions


class LinkGone(Refused):
    """The link or code is unknown, used or expired: one sentence for all, so that it tells nothing."""

    action = actions.ANSWER_REFUSED
    status = 404
    message = _("This link or code is not valid, or no longer.")


class LetterNotYet(Refused):
    """A letter says what is so: the request has not come so far, or ended otherwise."""

    action = actions.REQUEST_DEED_REFUSED
    field = "kind"
    message = _("Request %(number)s is not at the point of which this letter speaks.")


class LetterGone(Refused):
    """The words of the letter have expired with the papers of its request."""

    action = actions.REQUEST_DEED_REFUSED
    status = 404
    message = _("The words of this letter are no longer kept.")


class LetterSent(Refused):
    """A letter leaves the house once."""

    action = actions.REQUEST_DEED_REFUSED
    message = _("This letter of request %(number)s has been handed over or sent already.")


class NothingToGive(Refused):
    """A copy or a file for transfer is given where that was asked for and granted."""

    action = actions.REQUEST_DEED_REFUSED
    message = _("Request %(number)s has not been granted as one for this.")
