"""What stands in the log afterwards, to the last column."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from audit import actions, trace
from audit import services as audit
from audit.models import Event, Session
from audit.tests.factories import COMPANION, SUBJECT, WhoFactory, WhyFactory

in_database = pytest.mark.django_db


def row(ref: UUID) -> dict[str, Any]:
    """A whole row but for what the database makes."""
    values = Event.objects.filter(ref=ref).values().get()
    values["note_commit"] = values["note_commit"] and bytes(values["note_commit"])
    return {name: value for name, value in values.items() if name not in ("id", "ref", "at", "request_n")}


class RoomTaken(audit.Refused):
    """A refusal as a room above would declare it."""

    action = actions.PAGE_REFUSED
    message = "Room %(room)s has just been taken."
    field = "room"


@in_database
def test_the_whole_row_is_what_was_said() -> None:
    session_ref, request_id = uuid4(), uuid4()
    trace.begin(session_ref, request_id)
    ref = audit.record(
        actions.LOG_READ,
        who=WhoFactory(),
        why=WhyFactory(),
        object_type="stay",
        object_ref="2026-000042",
        subjects=[SUBJECT, COMPANION],
        fields=["phone", "email"],
        detail={"count": 2, "urgent": True, "kinds": ["name", "phone_tail"]},
        note_commit=b"n" * 32,
    )
    assert row(ref) == {
        "v": 1,
        "actor": 7,
        "actor_role": "front_desk",
        "property": 3,
        "session_ref": session_ref,
        "action": "log.read",
        "outcome": "ok",
        "purpose": "guest_service",
        "purpose_ref": "2026-000042",
        "object_type": "stay",
        "object_ref": "2026-000042",
        "subjects": [SUBJECT, COMPANION],
        "fields": ["phone", "email"],
        "explained_by": "E1",
        "detail": {"count": 2, "urgent": 1, "kinds": ["name", "phone_tail"]},
        "request_id": request_id,
        "note_commit": b"n" * 32,
    }


@in_database
def test_what_is_not_said_is_empty() -> None:
    ref = audit.record(actions.LOG_READ, who=audit.SYSTEM)
    assert row(ref) == {
        "v": 1,
        "actor": None,
        "actor_role": "system",
        "property": None,
        "session_ref": None,
        "action": "log.read",
        "outcome": "ok",
        "purpose": "",
        "purpose_ref": "",
        "object_type": "",
        "object_ref": "",
        "subjects": [],
        "fields": [],
        "explained_by": "",
        "detail": {},
        "request_id": None,
        "note_commit": None,
    }


@in_database
@pytest.mark.parametrize(
    "facts",
    [
        {"action": "nobody.declared_this"},
        {"outcome": "maybe"},
        {"who": audit.Who(role="Front Desk")},
        {"why": audit.Why(purpose="because I want to")},
        {"why": audit.Why(ref="张伟")},
        {"object_ref": "Li Wei"},
        {"object_type": "x" * 65},
        {"fields": ["phone: 13800000000"]},
        {"detail": {"term": "zhang wei"}},
        {"detail": {"term": "张伟"}},
        {"detail": {"a key": 1}},
        {"detail": {"nothing": None}},
        {"detail": {"share": 0.5}},
        {"detail": {"deep": {"count": 1}}},
        {"detail": {"deep": [[1]]}},
        {"detail": {"large": 2**53}},
    ],
)
def test_free_text_is_refused(facts: dict[str, Any]) -> None:
    facts = {"action": actions.LOG_READ, "who": WhoFactory(), **facts}
    with pytest.raises(ValueError):
        audit.record(**facts)


@in_database
def test_the_database_refuses_free_text_too() -> None:
    statement = (
        "INSERT INTO audit_event (ref, action, request_n, object_ref)"
        " VALUES (gen_random_uuid(), 'log.read', 1, 'Li Wei')"
    )
    with pytest.raises(DatabaseError, match="audit_event_codes"), connection.cursor() as cursor:
        cursor.execute(statement)


def numbers(*refs: UUID) -> list[int]:
    """The request numbers of these rows, in that order."""
    by_ref = dict(Event.objects.filter(ref__in=refs).values_list("ref", "request_n"))
    return [by_ref[ref] for ref in refs]


@in_database
def test_a_request_takes_one_number() -> None:
    trace.begin()
    first, second = numbers(
        audit.record(actions.LOG_READ, who=WhoFactory()), audit.record(actions.LOG_READ, who=WhoFactory())
    )
    trace.end()
    trace.begin()
    (third,) = numbers(audit.record(actions.LOG_READ, who=WhoFactory()))
    assert (second, third) == (first, first + 1)


@in_database
def test_rows_outside_of_requests_take_a_number_each() -> None:
    first, second = numbers(
        audit.record(actions.LOG_READ, who=audit.SYSTEM), audit.record(actions.LOG_READ, who=audit.SYSTEM)
    )
    assert second == first + 1


@in_database
def test_many_rows_are_those_that_would_be_written_one_by_one() -> None:
    facts = [{"object_ref": f"2026-{each:06d}", "subjects": [SUBJECT], "detail": {"count": each}} for each in range(3)]
    told = []
    for write in (audit.record_all, one_by_one):
        trace.begin()
        write(actions.LOG_READ, facts, who=WhoFactory())
        trace.end()
        written = Event.objects.filter(action=actions.LOG_READ).order_by("-id")[:3]
        told.append([row(event.ref) | {"request_id": None} for event in reversed(written)])
        assert len({event.request_n for event in written}) == 1
    assert told[0] == told[1]
    with pytest.raises(ValueError):
        audit.record_all(actions.LOG_READ, [{}, {"object_ref": "Li Wei"}], who=WhoFactory())


def one_by_one(action: str, facts: list[dict[str, Any]], *, who: audit.Who) -> None:
    """Each row as a deed of its own would write it."""
    for each in facts:
        audit.record(action, who=who, **each)


@in_database
def test_a_refusal_is_recorded_after_the_rollback_and_fills_the_gap() -> None:
    current = trace.begin()
    with pytest.raises(RoomTaken) as caught, transaction.atomic():
        undone = audit.record(actions.LOG_READ, who=WhoFactory())
        raise RoomTaken(room="0812", object_type="room", object_ref="12")
    number_of_the_undone = current.request_n
    ref = audit.record_refusal(caught.value, who=WhoFactory())
    assert list(Event.objects.filter(ref=undone)) == []
    assert numbers(ref) == [number_of_the_undone]
    assert row(ref) == {
        "v": 1,
        "actor": 7,
        "actor_role": "front_desk",
        "property": 3,
        "session_ref": None,
        "action": "page.refused",
        "outcome": "denied",
        "purpose": "",
        "purpose_ref": "",
        "object_type": "room",
        "object_ref": "12",
        "subjects": [],
        "fields": ["room"],
        "explained_by": "",
        "detail": {"reason": "RoomTaken"},
        "request_id": current.request_id,
        "note_commit": None,
    }


def test_a_refusal_says_its_sentence() -> None:
    assert str(RoomTaken(room="0812")) == "Room 0812 has just been taken."
    assert str(RoomTaken("Not 100% free.")) == "Not 100% free."


@in_database
def test_a_look_inside_an_open_transaction_raises() -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        audit.record_look(actions.LOG_READ, who=WhoFactory())


def test_a_look_is_committed_when_it_returns(as_owner: Callable[..., list[tuple[Any, ...]]]) -> None:
    ref = audit.record_look(actions.LOG_READ, who=WhoFactory())
    assert as_owner("SELECT action, octet_length(salt), octet_length(private_salt) FROM audit_event WHERE ref = %s", (
        str(ref),
    )) == [("log.read", 16, 16)]  # fmt: skip


@in_database
def test_a_session_ends_once() -> None:
    session_ref = audit.open_session(actor=7, property=3, terminal="desk-1", address="192.0.2.7")
    opened = Session.objects.filter(session_ref=session_ref).values().get()
    started_at = opened.pop("started_at")
    assert opened == {
        "session_ref": session_ref,
        "actor": 7,
        "property": 3,
        "terminal": "desk-1",
        "address": "192.0.2.7",
        "ended_at": None,
    }
    audit.close_session(session_ref)
    first_end = Session.objects.get(session_ref=session_ref).ended_at
    audit.close_session(session_ref)
    assert Session.objects.get(session_ref=session_ref).ended_at == first_end
    assert first_end is not None
    assert first_end > started_at


def test_a_term_is_known_by_its_hash_for_a_month(as_superuser: Callable[..., list[tuple[Any, ...]]]) -> None:
    first, again, other = audit.term_hash("zhang wei"), audit.term_hash("zhang wei"), audit.term_hash("li wei")
    as_superuser("UPDATE audit_term_key SET key = sha256('another month')")
    later = audit.term_hash("zhang wei")
    assert (first == again, first == other, first == later, len(first)) == (True, False, False, 10)
