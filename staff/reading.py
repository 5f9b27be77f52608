"""The log as a person reads it: lines with the names of people, things and places in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from audit import registry
from audit.explorer import Line
from audit.models import Event
from audit.registry import Names
from staff.models import Person, Property


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
