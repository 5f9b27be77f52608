"""Stays that come to nothing: cancelled, or not come; and taking that back when the guest comes all the same."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from staff import permissions as rights
from staff.models import Person, Property
from stays import actions
from stays.models import RoomUse, Stay
from stays.refusals import NotDueYet, PastDeparture, UnknownReason
from stays.services import holding
from stays.services.checking_in import lock_stay
from stays.services.recording import record_deed

CANCEL_REASONS: Final[dict[str, Promise]] = {
    "guest_cancelled": _("The guest cancelled"),
    "booker_cancelled": _("Agency or company cancelled"),
    "entered_twice": _("The stay was entered twice"),
    "house_cannot": _("The house cannot take the guest"),
}
EXPECT_AGAIN_REASONS: Final[dict[str, Promise]] = {
    "came_after_all": _("The guest comes after all"),
    "mistaken": _("It was marked by mistake"),
}
CAME_TO_NOTHING = {Stay.Status.NO_SHOW, Stay.Status.CANCELLED}
ROLLED_AT_ONCE: Final = 200


def cancel_stay(*, actor: Person, stay: Stay, reason: str, at: datetime) -> Stay:
    """Cancel an expected stay; its room is free. Raises ``NotAllowed``, ``WrongState`` and ``UnknownReason``."""
    rights.require(actor, "work_desk", stay.property)
    _require_reason(reason, CANCEL_REASONS)
    with transaction.atomic():
        gone = _give_up(lock_stay(stay, {Stay.Status.EXPECTED}), Stay.Status.CANCELLED, at)
        record_deed(actions.CANCELLED, gone, actor=actor, detail={"reason": reason})
    return gone


def mark_no_show(*, actor: Person, stay: Stay, at: datetime) -> Stay:
    """Mark that an expected party did not come; its room is free.

    Raises ``NotAllowed``, ``WrongState``, and ``NotDueYet`` before the day of arrival.
    """
    rights.require(actor, "work_desk", stay.property)
    with transaction.atomic():
        locked = lock_stay(stay, {Stay.Status.EXPECTED})
        if locked.arrival_on > locked.property.today(at):
            raise NotDueYet(object_type="stay", object_ref=locked.reference)
        gone = _give_up(locked, Stay.Status.NO_SHOW, at)
        record_deed(actions.NO_SHOW, gone, actor=actor)
    return gone


def roll_no_shows(*, at: datetime) -> int:
    """Mark who did not come on a business day that is over, at every property; how many, some at a time.

    The system's deed, for the turn of the business day; safe to repeat. Restricted stays are left as they are.
    """
    rolled = 0
    for house in Property.objects.order_by("pk"):
        with transaction.atomic():
            due = Stay.objects.at(house).unrestricted(at).filter(status=Stay.Status.EXPECTED)
            late = due.filter(arrival_on__lt=house.today(at)).select_related("property")
            for stay in late.select_for_update(of=("self",), skip_locked=True).order_by("pk")[:ROLLED_AT_ONCE]:
                _give_up(stay, Stay.Status.NO_SHOW, at)
                record_deed(actions.NO_SHOW, stay, actor=None)
                rolled += 1
    return rolled


def expect_again(*, actor: Person, stay: Stay, reason: str, at: datetime) -> Stay:
    """Expect a party again that was cancelled or marked as not come; a room is chosen anew.

    Whose day of arrival is past is expected today. Raises ``NotAllowed``, ``WrongState``, ``UnknownReason``, and
    ``PastDeparture`` where the stay would be over already.
    """
    rights.require(actor, "work_desk", stay.property)
    _require_reason(reason, EXPECT_AGAIN_REASONS)
    with transaction.atomic():
        back, today = lock_stay(stay, CAME_TO_NOTHING), stay.property.today(at)
        if back.departure_on < today:
            raise PastDeparture(object_type="stay", object_ref=back.reference)
        back.status, back.arrival_on = Stay.Status.EXPECTED, max(back.arrival_on, today)
        back.save(update_fields=["status", "arrival_on"])
        record_deed(actions.EXPECTED_AGAIN, back, actor=actor, detail={"reason": reason})
    return back


def may_expect_again(stay: Stay, at: datetime) -> bool:
    """Whether the stay came to nothing and is not over."""
    return stay.status in CAME_TO_NOTHING and stay.departure_on >= stay.property.today(at)


def may_be_no_show(stay: Stay, at: datetime) -> bool:
    """Whether the party was due today or before, and is not here."""
    return stay.status == Stay.Status.EXPECTED and stay.arrival_on <= stay.property.today(at)


def _give_up(stay: Stay, status: str, at: datetime) -> Stay:
    holding.end_uses(stay, state=RoomUse.State.UNDONE, at=at)
    stay.status = status
    stay.save(update_fields=["status"])
    return stay


def _require_reason(reason: str, reasons: Mapping[str, Promise]) -> None:
    if reason not in reasons:
        raise UnknownReason
