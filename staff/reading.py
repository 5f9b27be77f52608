"""The log as a person reads it: lines with the names of people, things and places in them, and as a file."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from audit import explorer, registry
from audit import services as audit
from audit.actions import LOG_EXPORT_BEGUN, LOG_EXPORTED
from audit.explorer import Line, Question
from audit.models import Event
from audit.registry import Names
from staff.models import Person, Property
from staff.sheets import BYTE_ORDER_MARK, csv_lines

CHUNK: Final = 500
COLUMNS: Final = (
    "time_utc",
    "time_local",
    "property",
    "person",
    "roles",
    "action",
    "outcome",
    "purpose",
    "purpose_ref",
    "object_type",
    "object_ref",
    "fields",
    "sentence",
    "ref",
)


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the log, ready to be read."""

    line: Line
    at: datetime
    place: str
    sentence: str

    @property
    def event(self) -> Event | None:
        """The raw row; None where the line is a change of what is not personal."""
        return self.line.event


def tell(lines: Iterable[Line]) -> list[Told]:
    """The lines in plain sentences of the active language, each on its property's clock. Three queries at most."""
    lines = list(lines)
    properties = Property.objects.in_bulk({line.property_id for line in lines if line.property_id is not None})
    names = _names(lines, properties)
    return [
        Told(
            line=line,
            at=line.at.astimezone(_zone(properties, line)),
            place=names.place(line.property_id),
            sentence=line.sentence(names),
        )
        for line in lines
    ]


def tell_events(rows: Iterable[Event]) -> list[Told]:
    """The same for rows that a room above has found."""
    return tell(Line(row) for row in rows)


def subjects_of(stay: str) -> list[UUID]:
    """Whom the log knows as guests of the stay."""
    found: set[UUID] = set()
    for subjects in Event.objects.about("stay", stay).values_list("subjects", flat=True).distinct():
        found.update(subjects)
    return sorted(found)


def export(question: Question, *, who: audit.Who) -> Iterator[bytes]:
    """The lines as CSV in UTF-8, piece by piece: a row in the log before the first byte, one after the last.

    The last row holds the count and the file's SHA-256. Cells that a spreadsheet would take for a formula are
    quoted with an apostrophe.
    """
    audit.record_look(LOG_EXPORT_BEGUN, who=who)
    digest, count, before = hashlib.sha256(), 0, ""
    for piece in _with_head(COLUMNS):
        digest.update(piece)
        yield piece
    while True:
        page = explorer.read(question, before=before, limit=CHUNK)
        piece = csv_lines(_cells(told) for told in tell(page.lines))
        digest.update(piece)
        count += len(page.lines)
        yield piece
        before = page.older
        if not before:
            break
    audit.record_look(LOG_EXPORTED, who=who, detail={"count": count, "sha256": digest.hexdigest()})


def _names(lines: list[Line], properties: dict[int, Property]) -> Names:
    numbers = {line.event.object_ref for line in lines if line.event and line.event.object_type == "person"}
    actors = {line.actor for line in lines if line.actor is not None}
    people = Person.objects.filter(pk__in=actors) | Person.objects.filter(staff_number__in=numbers)
    found = list(people.only("pk", "staff_number", "name", "latin_name"))
    objects = {("person", one.staff_number): _called(one) for one in found}
    objects |= {("property", one.code): one.name for one in properties.values()}
    objects |= {("right", code): registry.word(code) for code in _rights(lines)}
    return Names(
        people={one.pk: _called(one) for one in found},
        objects=objects,
        properties={pk: one.name for pk, one in properties.items()},
    )


def _rights(lines: list[Line]) -> set[str]:
    return {line.event.object_ref for line in lines if line.event and line.event.object_type == "right"}


def _called(person: Person) -> str:
    return f"{person.shown_name} ({person.staff_number})"


def _zone(properties: dict[int, Property], line: Line) -> ZoneInfo:
    place = properties.get(line.property_id) if line.property_id is not None else None
    return place.zone if place else ZoneInfo("UTC")


def _with_head(columns: Iterable[str]) -> Iterator[bytes]:
    yield BYTE_ORDER_MARK
    yield csv_lines([list(columns)])


def _cells(told: Told) -> list[str]:
    event, line = told.event, told.line
    if event is None:
        raw = ["", explorer.CHANGED, "ok", "", "", "", "", ""]
        ref = str(line.row.pk)
    else:
        raw = [event.actor_role, event.action, event.outcome, event.purpose, event.purpose_ref]
        raw += [event.object_type, event.object_ref, " ".join(event.fields)]
        ref = str(event.ref)
    actor = "" if line.actor is None else str(line.actor)
    return [line.at.isoformat(), told.at.isoformat(), told.place, actor, *raw, told.sentence, ref]
