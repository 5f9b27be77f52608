"""Reading the log: the log's own rows and the changes to what is not personal, in one stream, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from audit import changes, registry
from audit.models import Change, ChangeQuerySet, Event, EventQuerySet
from audit.registry import NO_NAMES, Names

PAGE = 50
CHANGED = "thing.changed"  # stands for every change, where readers choose an action


@dataclass(frozen=True, slots=True)
class Question:
    """What a reader wants to know. Each part narrows the answer; None or empty leaves it open.

    ``properties=None`` means all of them, an empty list none at all. The thing and the subjects belong together:
    a row counts when it is about the one or concerns one of the others. ``reader``: who asks; of secret things they
    read what they did themself.
    """

    properties: Sequence[int] | None = None
    actor: int | None = None
    object_type: str = ""
    object_ref: str = ""
    subjects: Sequence[UUID] = ()
    actions: Sequence[str] = ()
    outcomes: Sequence[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    reader: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One row of either kind, as the explorer shows it."""

    row: Event | Change

    @property
    def event(self) -> Event | None:
        """The row of the log; None where it is a change."""
        return self.row if isinstance(self.row, Event) else None

    @property
    def at(self) -> datetime:
        """When it happened, by the database's clock."""
        at: datetime = self.row.at if isinstance(self.row, Event) else self.row.timestamp
        return at

    @property
    def actor(self) -> int | None:
        """Who did it; None for the system."""
        return self.row.actor if isinstance(self.row, Event) else self.row.actor_id

    @property
    def property_id(self) -> int | None:
        """At which property."""
        return self.row.property

    def sentence(self, names: Names = NO_NAMES) -> str:
        """The row in plain words, in the active language."""
        if isinstance(self.row, Event):
            return registry.sentence(self.row, names)
        return changes.sentence(self.row, names)

    @property
    def order(self) -> tuple[datetime, int, int]:
        """Where the line stands: time, then changes before events, then id."""
        return self.at, int(isinstance(self.row, Event)), self.row.id


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines, newest first, and where the older ones begin (empty at the end)."""

    lines: Sequence[Line]
    older: str

    @property
    def actors(self) -> set[int]:
        """The people to name."""
        return {line.actor for line in self.lines if line.actor is not None}

    @property
    def properties(self) -> set[int]:
        """The properties to name."""
        return {line.property_id for line in self.lines if line.property_id is not None}

    @property
    def objects(self) -> set[tuple[str, str]]:
        """The things to name, as type and reference."""
        events = [line.event for line in self.lines if line.event]
        return {(event.object_type, event.object_ref) for event in events if event.object_ref}


def read(question: Question, *, before: str = "", limit: int = PAGE) -> Page:
    """The lines that answer a question, older than ``before`` (a page's ``older``; unreadable means newest)."""
    position = _position(before)
    rows: list[Event | Change] = [row for part in _events(question, position) for row in part[: limit + 1]]
    rows += _changes(question, position)[: limit + 1]
    lines = sorted((Line(row) for row in rows), key=lambda line: line.order, reverse=True)
    older = _cursor(lines[limit - 1]) if len(lines) > limit else ""
    return Page(lines[:limit], older)


def count(question: Question) -> int:
    """How many lines answer a question. Without a narrow question it looks at the whole log."""
    return sum(part.count() for part in _events(question, None)) + _changes(question, None).count()


def _events(question: Question, position: tuple[datetime, int, int] | None) -> list[EventQuerySet]:
    """The rows of the log that answer, in parts that share none, each newest first."""
    rows = Event.objects.between(question.since, question.until).readable_by(question.reader)
    if question.properties is not None:
        rows = rows.at(question.properties)
    if question.actor is not None:
        rows = rows.by(question.actor)
    if question.actions:
        rows = rows.filter(action__in=question.actions)
    if question.outcomes:
        rows = rows.filter(outcome__in=question.outcomes)
    return _about(question, rows.filter(_older("at", 1, position)))


def _about(question: Question, rows: EventQuerySet) -> list[EventQuerySet]:
    """What is about the thing, and what else concerned the people: in one condition no index serves both."""
    if not question.object_ref and not question.subjects:
        return [rows.newest()]
    parts = []
    if question.object_ref:
        parts.append(rows.about(question.object_type, question.object_ref).newest())
        rows = rows.exclude(object_type=question.object_type, object_ref=question.object_ref)
    if question.subjects:
        parts.append(rows.about_subjects(question.subjects).newest_of_few())
    return parts


def _changes(question: Question, position: tuple[datetime, int, int] | None) -> ChangeQuerySet:
    rows: ChangeQuerySet = Change.objects.between(question.since, question.until).newest()
    if not _asks_for_changes(question):
        return rows.none()
    if question.properties is not None:
        rows = rows.at(question.properties)
    if question.actor is not None:
        rows = rows.by(question.actor)
    if question.object_ref:
        rows = rows.filter(content_type__model=question.object_type, object_pk=question.object_ref)
    return rows.filter(_older("timestamp", 0, position)).select_related("content_type")


def _asks_for_changes(question: Question) -> bool:
    if question.outcomes and "ok" not in question.outcomes:
        return False
    if question.actions and CHANGED not in question.actions:
        return False
    return bool(question.object_ref) or not question.subjects


def _older(column: str, kind: int, position: tuple[datetime, int, int] | None) -> Q:
    if position is None:
        return Q()
    at, its_kind, its_id = position
    at_same_time: dict[str, Any] = {column: at}
    if kind == its_kind:
        at_same_time["id__lt"] = its_id
    if kind > its_kind:
        return Q(**{f"{column}__lt": at})
    return Q(**{f"{column}__lte": at}) & (Q(**{f"{column}__lt": at}) | Q(**at_same_time))


def _cursor(line: Line) -> str:
    at, kind, row_id = line.order
    micros = int(at.timestamp()) * 1_000_000 + at.microsecond
    return f"{micros}.{kind}.{row_id}"


def _position(cursor: str) -> tuple[datetime, int, int] | None:
    try:
        micros, kind, row_id = (int(part) for part in cursor.split("."))
        seconds, rest = divmod(micros, 1_000_000)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest), kind, row_id
    except (ValueError, OverflowError, OSError):
        return None
