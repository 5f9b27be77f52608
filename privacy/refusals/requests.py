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


class OfficeGoesOn(Refused):
    """The desk has done its part; what became of it is for the office."""

    action = actions.REQUEST_DEED_REFUSED
    message = _("The privacy officer goes on with request %(number)s. Nothing more is noted at the desk.")


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


class DocumentNotSeen(Refused):
    """Who takes the answer away shows who they are."""

    action = actions.REQUEST_DEED_REFUSED
    field = "document_seen"
    message = _("Look at the document of the person before you hand the answer over.")
