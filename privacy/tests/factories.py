"""Objects for the tests of requests: people, house and guests are those of the desk's tests."""

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from privacy.models import Hold, Profile, Request, Rule
from staff.models import Person, Property
from stays.models import Stay
from stays.tests.factories import (
    AT,
    TODAY,
    NoticeFactory,
    RoomFactory,
    as_row,
    basics_of,
    checked_in,
    companion,
    contents_of,
    document,
    expected,
    guest,
    lead,
    make_person,
    make_property,
    row,
    subjects_of,
)
from vault.services import new_subject, seal

__all__ = [
    "AT",
    "TODAY",
    "NoticeFactory",
    "Result",
    "RoomFactory",
    "State",
    "as_row",
    "basics_of",
    "checked_in",
    "companion",
    "contents_of",
    "document",
    "expected",
    "guest",
    "lead",
    "make_hold",
    "make_person",
    "make_profile",
    "make_property",
    "make_request",
    "make_rule",
    "new_subject",
    "row",
    "seal_requester",
    "subjects_of",
]

State, Result = Request.State, Request.Result
_numbers = count(900_001)


def make_request(
    house: Property, *, state: str = State.RECEIVED, at: datetime = AT, stay: Stay | None = None, **facts: Any
) -> Request:
    """A request in this state, with all that the database wants of one in it; ``facts`` win.

    With ``stay`` it is about the stay's lead guest. A closed one was granted, unless ``result`` says otherwise.
    """
    known = facts.pop("guest_id", None) or (subjects_of(stay)[0] if stay else None)
    plain = _plain(house, state, at) | {"stay": stay, "guest_id": known} | _of_state(house, state, at, known, facts)
    return Request.objects.create(**(plain | facts))


def _plain(house: Property, state: str, at: datetime) -> dict[str, Any]:
    return {
        "number": f"R-2026-{next(_numbers):06d}",
        "property": house,
        "kind": Request.Kind.DELETION,
        "channel": Request.Channel.DESK,
        "language": Request.Language.ZH_HANS,
        "requester_id": new_subject("requester"),
        "state": state,
        "received_at": at,
        "due_on": house.today(at) + timedelta(days=30),
    }


def _of_state(house: Property, state: str, at: datetime, known: UUID | None, facts: dict[str, Any]) -> dict[str, Any]:
    reached = list(State.values).index(state)
    result = facts.get("result", Result.GRANTED) if state == State.CLOSED else ""
    more: dict[str, Any] = {}
    if state in (State.IN_REVIEW, State.AWAITING_SECOND, State.EXECUTING) or result in (Result.GRANTED, Result.PARTLY):
        more |= {"verified_at": at, "guest_id": known or new_subject()}
    if reached >= list(State.values).index(State.AWAITING_SECOND) and result not in ("withdrawn", "unverified"):
        decision = facts.get("decision", result or Result.GRANTED)
        more |= {"decision": decision, "decided_by": facts.get("decided_by") or _decider(house), "decided_at": at}
        more |= {"refusal_ground": "no_ground"} if decision == Result.REFUSED else {}
    if state in (State.EXECUTING, State.CLOSED) and "decided_by" in more:
        more |= {"approved_by": facts.get("approved_by") or make_person(house, "second_approver")}
    return more | ({"result": result, "closed_at": at} if result else {})


def _decider(house: Property) -> Person:
    return make_person(house, "privacy_officer")


def seal_requester(request: Request, *, name: str = "欧阳海棠", phone: str = "13900001234", text: str = "") -> None:
    """What the requester says of themself, sealed under the requester, and their words where there are any."""
    of = {"subject": request.requester_id, "belongs_to": request.pk}
    seal(category="name", content={"name": name}, **of)
    seal(category="contact", content={"phone": phone}, **of)
    if text:
        seal(category="note", content={"text": text}, **of)


def make_hold(house: Property, *, placed_by: Person, at: datetime = AT, **facts: Any) -> Hold:
    """An internal hold for 90 days, approved by nobody yet; on the ``stay`` or ``subject`` of the facts."""
    plain = {
        "number": f"H-{next(_numbers):06d}",
        "property": house,
        "kind": Hold.Kind.INTERNAL,
        "reason": "dispute",
        "review_on": house.today(at) + timedelta(days=30),
        "until": at + timedelta(days=90),
        "placed_by": placed_by,
        "placed_at": at,
    }
    return Hold.objects.create(**(plain | facts))


def make_profile(code: str = "CN", **facts: Any) -> Profile:
    """The clock of a jurisdiction: 30 calendar days, one extension of 15."""
    plain = {"law": code, "answer_days": 30, "answer_target_working_days": 15, "extension_days": 15}
    return Profile.objects.update_or_create(code=code, defaults=plain | facts)[0]


def make_rule(code: str = "CN-RET-01", **facts: Any) -> Rule:
    """Three years from check-out for the register, our own choice."""
    plain = {
        "code": code,
        "jurisdiction": "CN",
        "record": "register",
        "number": 3,
        "unit": Rule.Unit.YEARS,
        "start": "check_out",
        "kind": Rule.Kind.MIN,
        "level": Rule.Level.LOCAL_RULE,
        "instrument": "旅馆业治安管理办法",
        "article": "6",
        "end": "unlink_and_erase",
        "status": "P",
        "in_force_from": date(2021, 11, 1),
    }
    return Rule.objects.create(**(plain | facts))
