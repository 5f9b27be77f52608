"""Guests whose stay is over, and requests on their way, for the tests of the decision sheet."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from audit.models import Event
from privacy.models import Certificate, Item, Request
from privacy.services import deciding, executing, sheets
from privacy.tests.factories import AT, State, checked_in, lead, make_person, make_request, subjects_of
from staff.models import Person
from stays import services as desk
from stays.models import Registration, Room, Stay
from stays.typed import GuestData
from vault import services as vault
from vault.models import Envelope

LEFT = AT + timedelta(days=2)  # 2026-05-14
LATER = LEFT + timedelta(days=30)
REGISTER_OVER = LEFT + timedelta(days=3 * 365 + 30)
BILL_OVER = LEFT + timedelta(days=10 * 365 + 30)

PAST_NAME, PAST_PHONE = "欧阳海棠", "13900001234"  # of the lead guest of the factories

LOOKS = ("actor", "actor_role", "property", "outcome", "object_type", "object_ref", "subjects", "fields", "detail")


def a_past_stay(clerk: Person, room: Room, *people: Any, at: datetime = AT, words: str = "", **facts: Any) -> Stay:
    """A stay of two nights, its bill paid and its reports acknowledged, that ended two days after ``at``; with a note
    where words are given."""
    if words:
        facts["special_request"] = words
    stay = checked_in(clerk, room, *people, at=at, **facts)
    line = desk.add_bill_line(actor=clerk, stay=stay, kind="room", amount=Decimal(880), at=at)
    desk.settle_bill_line(actor=clerk, line=line, at=at)
    desk.check_out_guest(actor=clerk, stay=stay, at=at + timedelta(days=2))
    Room.objects.filter(pk=room.pk).update(state=Room.State.CLEAN)
    Registration.objects.filter(occupant__stay=stay).update(state="acknowledged", receipt="R-1")
    stay.refresh_from_db()
    return stay


def stays_of_one_guest(clerk: Person, room: Room, count: int) -> list[Stay]:
    """So many past stays of the same guest, one after the other."""
    return [
        a_past_stay(clerk, room, lead(), at=AT + timedelta(days=3 * each), **_nights(AT + timedelta(days=3 * each)))
        for each in range(count)
    ]


def _nights(at: datetime) -> dict[str, Any]:
    return {"arrival_on": at.date(), "departure_on": at.date() + timedelta(days=2)}


def with_preferences(stay: Stay, text: str = "高层、安静") -> UUID:
    """The lead guest's preferences, sealed."""
    return vault.seal(subject=subjects_of(stay)[0], category="preference", content={"text": text})


def in_review(stay: Stay, *, kind: str = Request.Kind.DELETION, at: datetime = LATER, **facts: Any) -> Request:
    """A verified request of the lead guest that is being reviewed."""
    return make_request(stay.property, state=State.IN_REVIEW, stay=stay, kind=kind, at=at, **facts)


def decided(request: Request, officer: Person, at: datetime = LATER, **facts: Any) -> Request:
    """The sheet made, every proposal chosen, the request decided."""
    sheets.make_sheet(request=request, actor=officer, at=at)
    sheets.choose_proposed(request=request, actor=officer, at=at)
    return deciding.decide_request(request=request, actor=officer, at=at, **facts)


def approved(request: Request, officer: Person, at: datetime = LATER, **facts: Any) -> Request:
    """Decided by the officer, approved by another person."""
    second = make_person(request.property, "second_approver")
    return deciding.approve_decision(request=decided(request, officer, at, **facts), actor=second, at=at)


def executed(request: Request, officer: Person, at: datetime = LATER) -> Certificate | None:
    """What was approved, done; the certificate of what was erased."""
    return executing.execute_decision(request=request, actor=officer, at=at)


def made_sheet(request: Request, officer: Person, at: datetime = LATER) -> list[Item]:
    """The rows of the decision sheet."""
    return sheets.make_sheet(request=request, actor=officer, at=at)


def item_of(items: Iterable[Item], category: str) -> Item:
    """The first row about this category."""
    return next(item for item in items if item.category == category)


def live_of(subject: UUID) -> dict[str, datetime | None]:
    """Until when each category still sealed of the subject is restricted."""
    rows = Envelope.objects.filter(subject=subject, erased_at__isnull=True)
    return dict(rows.values_list("category", "restricted_until"))


def outcomes(items: Iterable[Item]) -> dict[str, str]:
    """What is proposed, by category."""
    return {item.category: item.proposed for item in items}


def log_rows(*actions: str) -> list[dict[str, Any]]:
    """The rows of these actions, oldest first, without what the database and the request add."""
    events = Event.objects.filter(action__in=actions).order_by("id")
    return [{"action": event.action, **{name: getattr(event, name) for name in LOOKS}} for event in events]


def log_row(action: str, actor: Person | None, request: Request, **facts: Any) -> dict[str, Any]:
    """A row about a request as it is expected, of an officer unless said otherwise."""
    plain = {
        "action": action,
        "actor": actor.pk if actor else None,
        "actor_role": "privacy_officer" if actor else "system",
        "property": request.property_id,
        "outcome": "ok",
        "object_type": "request",
        "object_ref": request.number,
        "subjects": [request.guest_id],
        "fields": [],
        "detail": {},
    }
    return plain | facts


def a_stranger() -> GuestData:
    """Somebody else."""
    return GuestData(name="陌生人", phone="13700000000")
