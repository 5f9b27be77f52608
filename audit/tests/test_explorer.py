"""The questions a reader asks: who opened this, what did this person open, page by page."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit import actions, explorer
from audit import services as audit
from audit.explorer import Line, Question
from audit.models import Change, Event
from audit.tests.factories import COMPANION, SUBJECT, WhoFactory

pytestmark = pytest.mark.django_db

PLACE = 900_001  # a property no other row names


def told(question: Question, **paging: Any) -> list[str]:
    """The answer, each line by its object."""
    return [object_of(line) for line in explorer.read(question, **paging).lines]


def object_of(line: Line) -> str:
    """The reference of what a line is about."""
    return line.row.object_ref if isinstance(line.row, Event) else line.row.object_pk


def look(object_ref: str, *, actor: int = 7, subjects: tuple[UUID, ...] = (), outcome: str = "ok") -> None:
    """One person opened one stay."""
    audit.record(
        actions.LOG_READ,
        who=WhoFactory(actor=actor, property=PLACE),
        object_type="stay",
        object_ref=object_ref,
        subjects=subjects,
        outcome=outcome,
    )


def change(pk: int, *, property_id: int = PLACE) -> Change:
    """Somebody changed a group."""
    group = Group(pk=pk, name="desk")
    group.property_id = property_id  # type: ignore[attr-defined]
    noticed: Change = Change.objects.log_create(group, action=Change.Action.UPDATE, changes={"name": ["a", "b"]})
    return noticed


@pytest.fixture
def a_day() -> None:
    """Four looks and two changes, in this order."""
    look("S-1", subjects=(SUBJECT,))
    change(5)
    look("S-2", actor=8, subjects=(COMPANION,))
    look("list", subjects=(SUBJECT, COMPANION))
    change(6)
    look("S-1", actor=8, subjects=(SUBJECT,), outcome="denied")


@pytest.mark.usefixtures("a_day")
@pytest.mark.parametrize(
    ("parts", "answer"),
    [
        ({}, ["S-1", "6", "list", "S-2", "5", "S-1"]),
        ({"actor": 8}, ["S-1", "S-2"]),
        ({"object_type": "stay", "object_ref": "S-1"}, ["S-1", "S-1"]),
        ({"subjects": [SUBJECT]}, ["S-1", "list", "S-1"]),
        ({"object_type": "stay", "object_ref": "S-2", "subjects": [COMPANION]}, ["list", "S-2"]),
        ({"object_type": "group", "object_ref": "5"}, ["5"]),
        ({"actions": [explorer.CHANGED]}, ["6", "5"]),
        ({"actions": ["log.read"]}, ["S-1", "list", "S-2", "S-1"]),
        ({"outcomes": ["denied"]}, ["S-1"]),
    ],
)
def test_a_question_is_answered(parts: dict[str, Any], answer: list[str]) -> None:
    assert told(Question(properties=[PLACE], **parts)) == answer


@pytest.mark.usefixtures("a_day")
def test_another_property_reads_nothing() -> None:
    assert told(Question(properties=[PLACE + 1])) == []
    assert told(Question(properties=[])) == []


@pytest.mark.usefixtures("a_day")
def test_times_bound_the_answer() -> None:
    first = explorer.read(Question(properties=[PLACE])).lines[-1].at
    assert told(Question(properties=[PLACE], since=first + timedelta(days=1))) == []
    assert told(Question(properties=[PLACE], until=first)) == []
    assert len(told(Question(properties=[PLACE], since=first))) == 6


def page_by_page(question: Question, limit: int) -> list[str]:
    """The answer, so many lines at a time."""
    found, before = [], ""
    for _page in range(10):
        page = explorer.read(question, before=before, limit=limit)
        found += [object_of(line) for line in page.lines]
        before = page.older
        if not before:
            break
    return found


@pytest.mark.usefixtures("a_day")
@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 6, 7])
def test_pages_neither_repeat_nor_lose_a_line(limit: int) -> None:
    assert page_by_page(Question(properties=[PLACE]), limit) == ["S-1", "6", "list", "S-2", "5", "S-1"]


@pytest.mark.usefixtures("a_day")
@pytest.mark.parametrize("limit", [1, 2, 3, 4])
def test_a_thing_and_its_people_are_one_answer(limit: int) -> None:
    question = Question(properties=[PLACE], object_type="stay", object_ref="S-1", subjects=[SUBJECT, COMPANION])
    assert page_by_page(question, limit) == ["S-1", "list", "S-2", "S-1"]
    assert explorer.count(question) == 4


@pytest.mark.usefixtures("a_day")
@pytest.mark.parametrize("cursor", ["yesterday", "1.2", "9" * 40 + ".1.1", "'; --"])
def test_an_unreadable_cursor_begins_with_the_newest(cursor: str) -> None:
    assert told(Question(properties=[PLACE]), before=cursor, limit=1) == ["S-1"]


@pytest.mark.usefixtures("a_day")
def test_a_page_says_whom_and_what_to_name() -> None:
    page = explorer.read(Question(properties=[PLACE]))
    assert page.actors == {7, 8}
    assert page.properties == {PLACE}
    assert page.objects == {("stay", "S-1"), ("stay", "S-2"), ("stay", "list")}


@pytest.mark.usefixtures("a_day")
def test_a_page_takes_as_many_queries_for_one_line_as_for_many() -> None:
    counts = []
    for limit in (1, 6):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            [line.sentence() for line in explorer.read(Question(properties=[PLACE]), limit=limit).lines]
        counts.append(len(queries))
    assert counts == [2, 2]


def test_rows_of_one_moment_keep_their_order() -> None:
    refs = [audit.record(actions.LOG_READ, who=WhoFactory(property=PLACE), object_ref=f"n-{n}") for n in range(5)]
    assert len(set(refs)) == 5
    assert told(Question(properties=[PLACE])) == ["n-4", "n-3", "n-2", "n-1", "n-0"]


def test_a_stranger_is_in_no_row() -> None:
    look("S-9", subjects=(SUBJECT,))
    assert told(Question(properties=[PLACE], subjects=[uuid4()])) == []
