"""Why the desk may say no. Each carries the sentence the clerk reads."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from audit.registry import listed
from audit.services import Refused
from stays import actions
from stays.models import ReviewRule, Room


class RoomTaken(Refused):
    """Another stay holds the room in that time; ``free_rooms`` of the same type may be chosen instead."""

    action = actions.ROOM_REFUSED
    message = _("Room %(room)s has just been taken. Still free: %(free)s.")
    field = "room"

    def __init__(self, room: Room, free_rooms: Sequence[Room]) -> None:
        self.free_rooms = tuple(free_rooms)
        free = listed([each.number for each in self.free_rooms[:12]]) or str(_("none of this type"))
        super().__init__(room=room.number, free=free, object_type="room", object_ref=str(room.pk))


class RoomNotReady(Refused):
    """The room is dirty and no reason to override was given."""

    action = actions.ROOM_REFUSED
    message = _("Room %(room)s is dirty: choose another or override with a reason.")
    field = "room"

    def __init__(self, room: Room) -> None:
        super().__init__(room=room.number, object_type="room", object_ref=str(room.pk))


class RoomOutOfOrder(Refused):
    """Nobody sleeps in a room that is out of order, whatever the reason."""

    action = actions.ROOM_REFUSED
    message = _("Room %(room)s is out of order: choose another.")
    field = "room"

    def __init__(self, room: Room) -> None:
        super().__init__(room=room.number, object_type="room", object_ref=str(room.pk))


class RoomTooSmall(Refused):
    """More people than the room has place for and no reason to override was given."""

    action = actions.ROOM_REFUSED
    message = _("Room %(room)s is for %(capacity)s: choose a larger one or override with a reason.")
    field = "room"

    def __init__(self, room: Room) -> None:
        words = ngettext_lazy("%(count)s person", "%(count)s people", "count") % {"count": room.capacity}
        super().__init__(room=room.number, capacity=words, object_type="room", object_ref=str(room.pk))


class RoomNumberTaken(Refused):
    """Another room of the property has this number."""

    action = actions.ROOM_SAVED
    field = "number"
    message = _("Another room of this property has this number.")


class RoomElsewhere(Refused):
    """The room is of another property than the stay."""

    action = actions.ROOM_REFUSED
    status = 404
    field = "room"
    message = _("There is no such room at this property.")


class ReviewIncomplete(Refused):
    """The checklist is not met; ``missing`` are its open lines."""

    action = actions.CHECK_IN_REFUSED
    message = _("Not complete yet: %(missing)s")
    field = "review"

    def __init__(self, missing: Sequence[ReviewRule], *, object_ref: str = "") -> None:
        self.missing = tuple(missing)
        words = "\n".join(rule.text for rule in self.missing)
        super().__init__(missing=words, object_type="stay", object_ref=object_ref)


class WrongState(Refused):
    """The stay is not in a state that allows the deed; it says in which it is."""

    action = actions.DEED_REFUSED
    message = _("Stay %(reference)s is “%(state)s” now, so this can no longer be done. Reload the page.")


class TooFewForGroup(Refused):
    """Nobody was ticked, or one booking only."""

    action = actions.DEED_REFUSED
    message = _("Tick two or more bookings first: they are checked in together then.")


class SeveralGroups(Refused):
    """Bookings of more than one group were ticked; the numbers agencies gave are not changed."""

    action = actions.DEED_REFUSED
    message = _("These belong to several groups: %(numbers)s. Tick bookings of one group, and those without a number.")


class NotToBeMoved(Refused):
    """The stay is marked: its party keeps its room."""

    action = actions.DEED_REFUSED
    message = _("This party is marked not to be moved. Take the mark off first, on the stay's page.")


class SameRoom(Refused):
    """The party has this room already."""

    action = actions.DEED_REFUSED
    field = "room"
    message = _("The party has this room already: choose another.")


class SameDeparture(Refused):
    """The day of departure is this one already."""

    action = actions.DEED_REFUSED
    field = "departure_on"
    message = _("The party leaves on this day already: choose another.")


class NotDueYet(Refused):
    """The day of arrival is still to come."""

    action = actions.DEED_REFUSED
    message = _("The party is not due yet: cancel the stay, or wait for its day.")


class PastDeparture(Refused):
    """The stay would be over already."""

    action = actions.DEED_REFUSED
    message = _("The day of departure is past: enter a new stay, or check in a walk-in.")


class NoteDone(Refused):
    """Nothing is left to be done."""

    action = actions.DEED_REFUSED
    message = _("This note is done already.")


class HandoverDone(Refused):
    """Somebody has seen to it."""

    action = actions.DEED_REFUSED
    message = _("This is done already.")


class VisitorGone(Refused):
    """The visitor has left."""

    action = actions.DEED_REFUSED
    message = _("This visitor has left already.")


class NotOfTheDesk(Refused):
    """The owner does not work the desk of this property."""

    action = actions.DEED_REFUSED
    field = "owner"
    message = _("Choose somebody who works this desk.")


class TooLate(Refused):
    """The business day has turned."""

    action = actions.DEED_REFUSED
    message = _("A check-in can be reversed only on the same business day. Check the guest out instead.")


class UnpaidBill(Refused):
    """Open bill lines and no reason given."""

    action = actions.CHECK_OUT_REFUSED
    message = _("The bill of stay %(reference)s is not settled: settle it or say why the guest may leave.")
    field = "unpaid_reason"


class BadDates(Refused):
    """Departure before arrival, more than a year, or an arrival in the past."""

    action = actions.DEED_REFUSED
    field = "departure_on"
    message = _("Departure must be on or after arrival, within 365 nights.")


class BadAmount(Refused):
    """Zero, a million or more, or more than two decimals."""

    action = actions.DEED_REFUSED
    field = "amount"
    message = _("Enter an amount below 1,000,000 with at most two decimals, not zero.")


class AlreadySettled(Refused):
    """The bill line was settled before."""

    action = actions.DEED_REFUSED
    message = _("This line is settled already.")


class CaseClosed(Refused):
    """The desk case was closed before."""

    action = actions.CASE_CLOSED
    message = _("This case is closed already.")


class StayElsewhere(Refused):
    """The stay is of another property."""

    action = actions.DEED_REFUSED
    status = 404
    field = "stay"
    message = _("There is no stay of this number here.")


class BadParty(Refused):
    """Nobody, too many, or not exactly one lead guest."""

    action = actions.DEED_REFUSED
    field = "occupants"
    message = _("A stay has one lead guest and at most 20 people.")


class SameGuestTwice(Refused):
    """Two people of the party show the same document."""

    action = actions.DEED_REFUSED
    field = "occupants"
    message = _("Two people of the party have the same document number.")


class PurposeRefused(Refused):
    """The purpose is unknown, not for this role, or its case is missing, closed or of another property."""

    action = actions.PURPOSE_REFUSED
    field = "purpose"


class UnknownReason(Refused):
    """The reason is not one of those that may be given."""

    action = actions.DEED_REFUSED
    field = "reason"
    message = _("Choose a reason.")


class RevealRefused(Refused):
    """The person's roles do not open this field, or its further proof is missing."""

    action = actions.REVEAL_REFUSED
    status = 403
    message = _("Your roles at this property do not open this field.")


class NotInFreeText(Refused):
    """Free text holds what looks like a document, phone or card number."""

    action = actions.DEED_REFUSED
    field = "text"


class StepUpMissing(RevealRefused):
    """The roles open the field, but only after a fresh proof of who asks."""

    message = _("Confirm once more who you are, then reveal this field.")


class GuestGone(Refused):
    """What was asked for has been erased."""

    action = actions.DEED_REFUSED
    status = 404
    outcome = "failed"
    message = _("This has been erased.")
