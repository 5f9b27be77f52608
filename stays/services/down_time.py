"""The roll call for the time when nothing runs: a sealed file of each property, made anew every quarter of an hour.

The file is sealed under a key of its own, which the provider's root wraps, so that it opens without the database, on
the machine that holds ``KEYS_DIR``. It ends after ``LASTS``. Who opens it leaves a note beside it first; the notes
become rows of the log as soon as the database is back.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from audit import services as audit
from audit.models import Event
from staff.models import Property
from stays import actions
from stays.services.looking_up.roll_call import FIELDS, WHY
from stays.services.present import Floor, Present, by_floor, named, names_of, present_in
from vault import services as vault
from vault.backup import files
from vault.sealing import SealBroken
from vault.values import Value

LASTS: Final = timedelta(hours=12)
SET: Final = "roll-call"
OPERATOR: Final = "operator"
_SUFFIX: Final = ".sheet"
_NOTES: Final = "opened"


class NoSheet(Exception):
    """There is no sheet of this property, or it has expired."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """An opened sheet: of which house, as of when, who is where."""

    house: str
    made_at: datetime
    floors: list[Floor]

    @property
    def count(self) -> int:
        """How many people stand on it."""
        return sum(len(floor.people) for floor in self.floors)


def folder() -> Path | None:
    """Where the sheets lie; None where the house keeps none."""
    return Path(settings.ROLL_CALL_DIR) if settings.ROLL_CALL_DIR else None


def prepare_sheets(*, at: datetime) -> int:
    """Write the sheet of every property, remove what has expired, take in the notes of openings; how many sheets.

    Raises OSError where the folder cannot be written.
    """
    place = folder()
    if place is None:
        return 0
    _take_in_notes(place)
    houses = list(Property.objects.all())
    for house in houses:
        _prepare(place, house, at)
    _remove_expired(place, at)
    return len(houses)


def newest(house: Property, at: datetime) -> datetime | None:
    """When the property's sheet was made, if it is still good."""
    place = folder()
    path = place / f"{house.code}{_SUFFIX}" if place else None
    if path is None or not path.exists():
        return None
    made_at = _made_at(path)
    return made_at if made_at and at < made_at + LASTS else None


def open_sheet(code: str, *, at: datetime) -> Sheet:
    """Open the sheet of a property without the database; a note of it is on the disk before anything is shown.

    Raises NoSheet, and SealBroken where the file was changed.
    """
    place = folder()
    path = place / f"{Path(code).name}{_SUFFIX}" if place else None
    if place is None or path is None or not path.exists():
        raise NoSheet(f"there is no roll call of {code}")
    made_at = _made_at(path)
    if made_at is None or at >= made_at + LASTS:
        path.unlink()
        raise NoSheet(f"the roll call of {code} has expired and is removed")
    told = json.loads(b"".join(files.read(path, set=SET)))
    people = [_person(each) for each in told["people"]]
    _leave_note(place, told["property"], [one.subject for one in people], at)
    return Sheet(told["house"], made_at, by_floor(people))


def _prepare(place: Path, house: Property, at: datetime) -> None:
    with transaction.atomic():
        people = present_in(house)
        opened = vault.open_for_deed(list(names_of(people)), with_restricted=True)
        who = audit.Who(role=audit.SYSTEM.role, property=house.pk)
        audit.record(
            actions.ROLL_CALL_PREPARED,
            who=who,
            why=WHY,
            object_type="property",
            object_ref=house.code,
            detail={"count": len(people)},
        )
        _write(place, house, named(people, opened), at)


def _write(place: Path, house: Property, people: tuple[Present, ...], at: datetime) -> None:
    told = {"house": house.name, "property": house.pk, "people": [_told(one) for one in people]}
    path = place / f"{house.code}{_SUFFIX}"
    facts = {"made_at": at.isoformat()}
    files.write(path, [json.dumps(told).encode()], set=SET, name=house.code, facts=facts)


def _told(one: Present) -> dict[str, Any]:
    facts = {"floor": one.floor, "room": one.room, "confidential": one.confidential, "visitor": one.visitor}
    return {"subject": str(one.subject), "name": one.name.plain, **facts}


def _person(told: dict[str, Any]) -> Present:
    name = Value("name", told["name"])
    return Present(UUID(told["subject"]), told["floor"], told["room"], told["confidential"], told["visitor"], name)


def _made_at(path: Path) -> datetime | None:
    """As the head says; the chunks open only where it says what was written. None where it is no sheet."""
    try:
        return datetime.fromisoformat(files.head_of(path).facts["made_at"])
    except (SealBroken, KeyError, ValueError):
        return None


def _remove_expired(place: Path, at: datetime) -> None:
    for path in place.glob(f"*{_SUFFIX}"):
        made_at = _made_at(path)
        if made_at is None or at >= made_at + LASTS:
            path.unlink(missing_ok=True)


def _leave_note(place: Path, house: int, subjects: list[UUID], at: datetime) -> None:
    """On the disk, and synced: without the note nothing is shown."""
    notes = place / _NOTES
    notes.mkdir(mode=0o700, exist_ok=True)
    told = {"property": house, "at": int(at.timestamp()), "subjects": [str(subject) for subject in subjects]}
    with os.fdopen(os.open(notes / f"{uuid4()}.json", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(told, file)
        file.flush()
        os.fsync(file.fileno())


def _take_in_notes(place: Path) -> None:
    for path in _notes(place):
        with transaction.atomic():
            _record_opening(path.stem, json.loads(path.read_text()))
        path.unlink()


def _notes(place: Path) -> Iterator[Path]:
    return (place / _NOTES).glob("*.json")


def _record_opening(ref: str, told: dict[str, Any]) -> None:
    """Each note once, also when its file could not be removed after its row was written."""
    if Event.objects.about("roll_call_sheet", ref).exists():
        return
    audit.record(
        actions.ROLL_CALL_SHEET_OPENED,
        who=audit.Who(role=OPERATOR, property=told["property"]),
        why=WHY,
        object_type="roll_call_sheet",
        object_ref=ref,
        subjects=told["subjects"],
        fields=FIELDS,
        detail={"count": len(told["subjects"]), "opened_at": told["at"]},
    )
