"""Writing good rows: each by the very deed a person would do, inside the transaction of its batch."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from staff.models import Person
from stays.models import ImportFile, Stay
from stays.services import expecting, rooms
from stays.services.importing.judging import Judge, Judged
from stays.services.importing.past import record_past_stay

Kind = ImportFile.Kind


def write_row(judge: Judge, judged: Judged, *, actor: Person, at: datetime) -> Stay | None:
    """Do the deed of a row; the stay that came of it, if any. Raises what the deed raises."""
    return _WRITERS[judge.kind](judge, judged, actor, at)


def _write_booking(judge: Judge, judged: Judged, actor: Person, at: datetime) -> Stay:
    data = judged.form.cleaned_data
    return expecting.expect_stay(
        actor=actor,
        property=judge.house,
        arrival_on=data["arrival_on"],
        departure_on=data["departure_on"],
        room=judged.room,
        origin=data["origin"],
        guest=judged.form.given(),
        party_size=data["party_size"],
        confidential=data["confidential"],
        group=data["group"],
        at=at,
    )


def _write_guest(judge: Judge, judged: Judged, actor: Person, at: datetime) -> Stay:
    data = judged.form.cleaned_data
    return record_past_stay(
        actor=actor,
        property=judge.house,
        guest=judged.form.given(),
        arrival_on=data["arrival_on"],
        departure_on=data["departure_on"],
        room=judged.room,
        origin=data["origin"],
        at=at,
    )


def _write_room(judge: Judge, judged: Judged, actor: Person, at: datetime) -> None:
    rooms.save_room(actor=actor, property=judge.house, **judged.form.cleaned_data)


_WRITERS: Final[Mapping[str, Callable[[Judge, Judged, Person, datetime], Stay | None]]] = {
    Kind.BOOKINGS: _write_booking,
    Kind.GUESTS: _write_guest,
    Kind.ROOMS: _write_room,
}
