"""Why a deed on a request may be refused. Each carries the sentence the person reads."""

from django.utils.translation import gettext_lazy as _

from audit.services import Refused
from privacy import actions


class WrongState(Refused):
    """The request is not in a state that allows the deed; it says in which it is."""

    action = actions.REQUEST_DEED_REFUSED
    message = _("Request %(number)s is “%(state)s” now, so this can no longer be done. Reload the page.")


class NotVerified(Refused):
    """Nobody knows yet that the requester is the guest, or may act for them (policy.md, B0)."""

    action = actions.REQUEST_DEED_REFUSED
    message = _("Request %(number)s is not verified: nothing can be done on the record before it is.")


class RequestLocked(Refused):
    """Three checks failed; the request waits until ``locked_until``."""

    action = actions.REQUEST_DEED_REFUSED
    message = _("Three checks failed. Request %(number)s can be checked again from %(until)s.")


class SamePerson(Refused):
    """Four eyes: the second deed is another person's."""

    action = actions.REQUEST_DEED_REFUSED
    message = _("This needs a second person: you did the first part yourself.")


class AlreadyPaused(Refused):
    """The clock of the request stands still already."""

    action = actions.REQUEST_DEED_REFUSED
    message = _("The clock of request %(number)s is paused already.")


class NotPaused(Refused):
    """The clock of the request runs."""

    action = actions.REQUEST_DEED_REFUSED
    message = _("The clock of request %(number)s is running.")


class AlreadyExtended(Refused):
    """A request is extended once (policy.md, Requests)."""

    action = actions.REQUEST_DEED_REFUSED
    message = _("Request %(number)s has been extended before; it can be extended once.")


class CannotExtend(Refused):
    """The law of the property knows no extension."""

    action = actions.REQUEST_DEED_REFUSED
    message = _("The law of this property knows no extension.")


class BadDuplicate(Refused):
    """A request is no duplicate of itself, of a duplicate, or of one at another property."""

    action = actions.REQUEST_DEED_REFUSED
    field = "of"
    message = _("Name another request at this property, one that is itself no duplicate.")


class UnknownReason(Refused):
    """The reason is not one of those that may be given."""

    action = actions.REQUEST_DEED_REFUSED
    field = "reason"
    message = _("Choose a reason.")


class GroundMissing(Refused):
    """A refusal names its reason (PIPL 50)."""

    action = actions.REQUEST_DEED_REFUSED
    field = "refusal_ground"
    message = _("A refusal needs its reason in law: choose one.")


class SheetIncomplete(Refused):
    """A row of the decision sheet has no choice yet."""

    action = actions.REQUEST_DEED_REFUSED
    message = _("Choose for every row of the decision sheet first.")


class OverrideUnexplained(Refused):
    """A choice other than the proposed one has a reason."""

    action = actions.REQUEST_DEED_REFUSED
    field = "override_reason"
    message = _("Say why you choose otherwise than proposed.")


class ItemSettled(Refused):
    """The row of the sheet was carried out already."""

    action = actions.REQUEST_DEED_REFUSED
    message = _("This row has been carried out already.")


class AlreadyRated(Refused):
    """A requester rates once."""

    action = actions.REQUEST_DEED_REFUSED
    message = _("Request %(number)s has been rated already.")


class TaskDone(Refused):
    """The task was finished before."""

    action = actions.REQUEST_DEED_REFUSED
    message = _("This task is done already.")


class StayNotHere(Refused):
    """The stay named is not one of this property."""

    action = actions.REQUEST_DEED_REFUSED
    field = "stay"
    message = _("There is no stay of this number here.")


class LinkGone(Refused):
    """The link or code is unknown, used or expired: one sentence for all, so that it tells nothing."""

    action = actions.ANSWER_REFUSED
    status = 404
    message = _("This link or code is not valid, or no longer.")


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


class TooLateToExtend(Refused):
    """The notice of an extension has to come before the answer is late."""

    action = actions.REQUEST_DEED_REFUSED
    message = _("Request %(number)s is overdue: it can no longer be extended, answer it.")


class AppointmentMissing(Refused):
    """A complex request gets an appointment, in the future."""

    action = actions.REQUEST_DEED_REFUSED
    field = "appointment_at"
    message = _("A complex request needs an appointment in the future.")


class AppointmentSettled(Refused):
    """It was noted already how the appointment went."""

    action = actions.REQUEST_DEED_REFUSED
    message = _("It was noted already how this appointment went.")


class PersonElsewhere(Refused):
    """The colleague named does not hold the role at this property that the deed needs."""

    action = actions.REQUEST_DEED_REFUSED
    field = "person"
    message = _("Name a colleague who holds the role for this at this property.")


class SecondMissing(Refused):
    """Destroying paper takes two names."""

    action = actions.REQUEST_DEED_REFUSED
    field = "second"
    message = _("Destroying paper needs a second name.")


class BadDueDate(Refused):
    """A task is due today or later."""

    action = actions.REQUEST_DEED_REFUSED
    field = "due_on"
    message = _("Choose a day that is not past.")


class WordsMissing(Refused):
    """A message, question or note without words, or with too many."""

    action = actions.REQUEST_DEED_REFUSED
    field = "text"
    message = _("Write something, at most %(most)s characters.")


class MoreNotAsked(Refused):
    """A request is closed unverified only after the requester was asked for proof once (policy.md, B0)."""

    action = actions.REQUEST_DEED_REFUSED
    message = _("Ask the requester for proof of who they are first, and wait for the answer.")


class AlreadyVerified(Refused):
    """The requester was recognised before; nothing is left to check."""

    action = actions.REQUEST_DEED_REFUSED
    message = _("Request %(number)s is verified already.")


class NobodyMatched(Refused):
    """No guest is known yet to whom a code could go."""

    action = actions.REQUEST_DEED_REFUSED
    message = _("Compare the stated facts first: it is not known yet whose record request %(number)s is about.")


class NoMailOnFile(Refused):
    """There is no address of mail on file."""

    action = actions.REQUEST_DEED_REFUSED
    message = _("There is no e-mail on file. If there is a phone, call it and read the code out.")


class NoPhoneOnFile(Refused):
    """There is no phone on file."""

    action = actions.REQUEST_DEED_REFUSED
    message = _("There is no phone on file.")


class TooManyCodes(Refused):
    """So many codes have gone to this guest today that more would be a nuisance."""

    action = actions.REQUEST_DEED_REFUSED
    message = _("Five codes within a day are enough. Try again tomorrow, or ask for other proof.")


class MailServerAway(Refused):
    """The mail server took nothing."""

    action = actions.REQUEST_DEED_REFUSED
    outcome = "failed"
    message = _("The mail server cannot be reached. Nothing was sent; try again later.")


class BadRating(Refused):
    """One to five."""

    action = actions.REQUEST_DEED_REFUSED
    field = "rating"
    message = _("Choose one to five.")


class AppealOpen(Refused):
    """An appeal against the same answer is open."""

    action = actions.REQUEST_DEED_REFUSED
    message = _("An appeal against request %(number)s is open already.")


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


class DocumentNotSeen(Refused):
    """Who takes the answer away shows who they are."""

    action = actions.REQUEST_DEED_REFUSED
    field = "document_seen"
    message = _("Look at the document of the person before you hand the answer over.")
