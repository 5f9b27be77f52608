"""Writing good rows: many at once by the very deed a person would do, inside the transaction of their batch."""

from collections import Counter
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
from stays.services.importing.past import record_past_stays
from stays.services.party import document_key

Kind = ImportFile.Kind
Written = dict[int, Stay | None]


def write_rows(judge: Judge, rows: Mapping[int, Mapping[str, str]], *, actor: Person, at: datetime) -> Written:
    """Read rows once more and do their deed; by number what stay came of each. Those that were refused are absent.

    Every room is locked first, whatever is tried in parts then: so two deeds never lock up.
    """
    read = {number: each for number, facts in rows.items() if (each := judge.read(facts)).is_good}
    if judge.kind == Kind.BOOKINGS:
        holding.lock_rooms_of(None, *(each.room for each in read.values() if each.room))
    written: Written = {}
    for together in _apart(read) if judge.kind == Kind.GUESTS else [read]:
        good = {number: each for number, each in judge.against_house(together).items() if each.is_good}
        written |= _written(judge, good, actor, at) if good else {}
    return written


def _apart(read: Mapping[int, Judged]) -> list[dict[int, Judged]]:
    """Rows in rounds: the second stay of a guest comes once the first is written, and they are known by it."""
    rounds: list[dict[int, Judged]] = []
    seen = Counter[tuple[str, str]]()
    for number, each in read.items():
        document = document_key(each.form.given(each.room).guest.document)
        if seen[document] == len(rounds):
            rounds.append({})
        rounds[seen[document]][number] = each
        seen[document] += 1
    return rounds


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
    past = [row.form.given(row.room) for row in rows]
    return record_past_stays(actor=actor, property=judge.house, past=past, at=at)


def _write_rooms(judge: Judge, rows: Sequence[Judged], actor: Person, at: datetime) -> list[None]:
    for row in rows:
        rooms.save_room(actor=actor, property=judge.house, **row.form.cleaned_data)
    return [None] * len(rows)


_WRITERS: Final[Mapping[str, Callable[[Judge, Sequence[Judged], Person, datetime], Sequence[Stay | None]]]] = {
    Kind.BOOKINGS: _write_bookings,
    Kind.GUESTS: _write_guests,
    Kind.ROOMS: _write_rooms,
}
