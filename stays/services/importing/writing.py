"""Writing good rows: many at once by the very deed a person would do, inside the transaction of their batch."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Final

from django.db import transaction

from audit import services as audit
from staff.models import Person
from stays.models import ImportFile, Stay
from stays.services import expecting, holding, rooms
from stays.services.importing.judging import Judge, Judged
from stays.services.importing.past import record_past_stay

Kind = ImportFile.Kind
Written = dict[int, Stay | None]


def write_rows(judge: Judge, good: Mapping[int, Judged], *, actor: Person, at: datetime) -> Written:
    """Do the deed of these rows; by number what stay came of each. Those that were refused are absent.

    Every room is locked first, whatever is tried in parts then: so two deeds never lock up.
    """
    if judge.kind == Kind.BOOKINGS:
        holding.lock_rooms_of(None, *(judged.room for judged in good.values() if judged.room))
    return _written(judge, good, actor, at) if good else {}


def _written(judge: Judge, good: Mapping[int, Judged], actor: Person, at: datetime) -> Written:
    """What is refused together is tried half by half, down to the rows that are refused by themselves."""
    try:
        with transaction.atomic():
            return dict(zip(good, _WRITERS[judge.kind](judge, list(good.values()), actor, at), strict=True))
    except audit.Refused:
        half = len(good) // 2
        halves = [dict(islice(good.items(), half)), dict(islice(good.items(), half, None))] if half else []
        return {number: stay for each in halves for number, stay in _written(judge, each, actor, at).items()}


def _write_bookings(judge: Judge, rows: Sequence[Judged], actor: Person, at: datetime) -> list[Stay]:
    bookings = [row.form.given(row.room) for row in rows]
    return expecting.expect_stays(actor=actor, property=judge.house, bookings=bookings, at=at)


def _write_guests(judge: Judge, rows: Sequence[Judged], actor: Person, at: datetime) -> list[Stay]:
    return [_write_guest(judge, row, actor, at) for row in rows]


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


def _write_rooms(judge: Judge, rows: Sequence[Judged], actor: Person, at: datetime) -> list[None]:
    for row in rows:
        rooms.save_room(actor=actor, property=judge.house, **row.form.cleaned_data)
    return [None] * len(rows)


_WRITERS: Final[Mapping[str, Callable[[Judge, Sequence[Judged], Person, datetime], Sequence[Stay | None]]]] = {
    Kind.BOOKINGS: _write_bookings,
    Kind.GUESTS: _write_guests,
    Kind.ROOMS: _write_rooms,
}
