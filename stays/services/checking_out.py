"""Checking out, and taking back: both are rows of the life of a stay, never a delete."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from staff import permissions as rights
from staff.models import Person
from stays import actions
from stays.models import Registration, Room, RoomUse, Stay
from stays.refusals import RoomOutOfOrder, TooLate, UnknownReason, UnpaidBill
from stays.services import figures, holding, rooms
from stays.services.checking_in import lock_stay
from stays.services.recording import record_deed
from vault import services as vault

UNPAID_REASONS: dict[str, Promise] = {
    "company_pays": _("The company pays later"),
    "agency_pays": _("The agency pays later"),
    "invoice_sent": _("The invoice is sent"),
    "disputed": _("The bill is disputed"),
}
REVERSAL_REASONS: dict[str, Promise] = {
    "wrong_guest": _("The wrong guest was checked in"),
    "wrong_room": _("The wrong room was given"),
    "left_at_once": _("The guest left at once"),
    "mistyped": _("Something was typed wrong"),
}
REINSTATE_REASONS: dict[str, Promise] = {
    "wrong_guest": _("The wrong guest was checked out"),
    "stays_on": _("The guest stays on"),
    "left_something": _("The guest has to return to the room"),
}
REINSTATE_WITHIN_DAYS = 1


def check_out_guest(*, actor: Person, stay: Stay, at: datetime, unpaid_reason: str = "") -> Stay:
    """Check the party out; their rooms become dirty.

    Raises ``NotAllowed``, ``WrongState``; ``UnpaidBill`` while lines are open and no reason is given.
    """
    rights.require(actor, "work_desk", stay.property)
    with transaction.atomic():
        left = lock_stay(stay, {Stay.Status.IN_HOUSE})
        _require_paid(left, unpaid_reason)
        holding.lock_rooms_of(left)
        for use in holding.end_uses(left, state=RoomUse.State.ENDED, at=at):
            rooms.make_dirty(use.room)
        left.occupants.filter(left_at__isnull=True).update(left_at=at)
        left.status, left.departed_at = Stay.Status.CHECKED_OUT, at
        left.save(update_fields=["status", "departed_at"])
        figures.count_departure(left, at=at)
        record_deed(actions.CHECKED_OUT, left, actor=actor, detail={"unpaid": unpaid_reason} if unpaid_reason else {})
    return left


def reverse_check_in(*, actor: Person, stay: Stay, reason: str, at: datetime) -> Stay:
    """Take a check-in back on the same business day: the stay is expected again, in the same room.

    What was sealed stays with the stay and ends with it; reports that have not gone out are withdrawn. Raises
    ``NotAllowed``, ``WrongState``, ``TooLate`` and ``UnknownReason``.
    """
    rights.require(actor, "work_desk", stay.property)
    _require_reason(reason, REVERSAL_REASONS)
    with transaction.atomic():
        back = lock_stay(stay, {Stay.Status.IN_HOUSE})
        came_at = _same_day(back, back.arrived_at, at, days=0)
        locked = holding.lock_rooms_of(back)
        figures.count_arrival(back, _registered(back), at=came_at, sign=-1)
        for use in holding.end_uses(back, state=RoomUse.State.UNDONE, at=at):
            room = locked[use.room_id]
            holding.hold_room(stay=back, room=room, during=use.during, state=RoomUse.State.EXPECTED)
        _withdraw_reports(back)
        back.occupants.filter(left_at__isnull=True).update(left_at=at)
        back.status, back.arrived_at = Stay.Status.EXPECTED, None
        back.save(update_fields=["status", "arrived_at"])
        record_deed(actions.CHECK_IN_REVERSED, back, actor=actor, detail={"reason": reason})
    return back


def reinstate_stay(*, actor: Person, stay: Stay, reason: str, at: datetime) -> Stay:
    """Take a check-out back on the same or the next business day, into the same room.

    Raises ``NotAllowed``, ``WrongState``, ``TooLate``, ``UnknownReason``, ``RoomTaken`` and ``RoomOutOfOrder``.
    """
    rights.require(actor, "work_desk", stay.property)
    _require_reason(reason, REINSTATE_REASONS)
    with transaction.atomic():
        back = lock_stay(stay, {Stay.Status.CHECKED_OUT})
        left_at = _same_day(back, back.departed_at, at, days=REINSTATE_WITHIN_DAYS)
        for room in _last_rooms(back, left_at):
            _hold_again(back, room, at)
        figures.count_departure(back, at=left_at, sign=-1)
        back.occupants.filter(left_at=left_at).update(left_at=None)
        back.status, back.departed_at = Stay.Status.IN_HOUSE, None
        back.save(update_fields=["status", "departed_at"])
        record_deed(actions.REINSTATED, back, actor=actor, detail={"reason": reason})
    return back


def may_reverse(stay: Stay, at: datetime) -> bool:
    """Whether the check-in can still be taken back."""
    in_house = stay.status == Stay.Status.IN_HOUSE and stay.arrived_at is not None
    return in_house and _days_since(stay, stay.arrived_at, at) == 0


def may_reinstate(stay: Stay, at: datetime) -> bool:
    """Whether the check-out can still be taken back; whether the room is free is seen when it is done."""
    gone = stay.status == Stay.Status.CHECKED_OUT and stay.departed_at is not None
    return gone and _days_since(stay, stay.departed_at, at) <= REINSTATE_WITHIN_DAYS


def _days_since(stay: Stay, moment: datetime | None, at: datetime) -> int:
    if moment is None:
        raise ValueError("the stay has no such moment")
    return (stay.property.today(at) - stay.property.today(moment)).days


def _same_day(stay: Stay, moment: datetime | None, at: datetime, *, days: int) -> datetime:
    if moment is None or _days_since(stay, moment, at) > days:
        raise TooLate(object_type="stay", object_ref=stay.reference)
    return moment


def _require_reason(reason: str, reasons: Mapping[str, Promise]) -> None:
    if reason not in reasons:
        raise UnknownReason


def _require_paid(stay: Stay, reason: str) -> None:
    if reason and reason not in UNPAID_REASONS:
        raise UnknownReason(field="unpaid_reason", object_type="stay", object_ref=stay.reference)
    if not reason and stay.bill_lines.open().exists():
        raise UnpaidBill(reference=stay.reference, object_type="stay", object_ref=stay.reference)


def _registered(stay: Stay) -> list[Mapping[str, Any]]:
    present = stay.occupants.filter(left_at__isnull=True, register_envelope__isnull=False)
    ids = list(present.values_list("register_envelope_id", flat=True))
    opened = vault.open_for_deed(ids, with_restricted=True)
    return [opened[envelope].plain for envelope in ids if envelope in opened]


def _withdraw_reports(stay: Stay) -> None:
    waiting = [Registration.State.PENDING, Registration.State.FAILED]
    reports = Registration.objects.filter(occupant__stay=stay, state__in=waiting)
    reports.update(state=Registration.State.WITHDRAWN)


def _last_rooms(stay: Stay, left_at: datetime) -> list[Room]:
    uses = stay.room_uses.filter(state=RoomUse.State.ENDED, during__endswith=left_at)
    return [use.room for use in uses.select_related("room__property")]


def _hold_again(stay: Stay, room: Room, at: datetime) -> None:
    locked = rooms.lock_room(room)
    if locked.state == Room.State.OUT_OF_ORDER:
        raise RoomOutOfOrder(locked)
    during = holding.time_from(stay.property, at, stay.departure_on)
    holding.hold_room(stay=stay, room=locked, during=during, state=RoomUse.State.IN_HOUSE)
