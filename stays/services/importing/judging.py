"""Judging rows of a list: what each field says, and whether the house could take it now; reasons are sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.utils.functional import cached_property
from psycopg2.extras import DateTimeTZRange

from audit.registry import word
from staff.models import Property
from stays.forms.imported import BookingRow, GuestRow, RoomRow
from stays.models import ImportFile, Room, Stay
from stays.refusals import RoomElsewhere, RoomNumberTaken, RoomOutOfOrder, RoomTaken, RoomTooSmall
from stays.services import holding
from stays.services.importing.past import days_here
from stays.services.importing.refusals import HereAlready
from stays.services.party import document_key
from vault import services as vault

Kind = ImportFile.Kind
FORMS: Final[Mapping[str, Any]] = {
    Kind.BOOKINGS: BookingRow,
    Kind.GUESTS: GuestRow,
    Kind.ROOMS: RoomRow,
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A row that was looked at: ``reasons`` why it cannot be brought in, by field; none for a good one."""

    form: Any
    room: Room | None = None
    reasons: Sequence[tuple[str, str]] = field(default=())

    @property
    def is_good(self) -> bool:
        """It can be brought in."""
        return not self.reasons


class Judge:
    """Judges the rows of one file at one moment; the rooms of the house are read once."""

    def __init__(self, kind: str, house: Property, at: datetime) -> None:
        self.kind, self.house, self.today = kind, house, house.today(at)

    @cached_property
    def rooms(self) -> dict[str, Room]:
        """By number."""
        return {room.number: room for room in Room.objects.at(self.house).select_related("property")}

    def read(self, facts: Mapping[str, str]) -> Judged:
        """What a row says, and whether the rooms it names are there."""
        form: Any = FORMS[self.kind](facts, today=self.today)
        if not form.is_valid():
            reasons = [(name, str(reason)) for name, several in form.errors.items() for reason in several]
            return Judged(form, reasons=reasons)
        return self._room(form) if self.kind == Kind.ROOMS else self._room_named(form)

    def judge(self, rows: Mapping[int, Mapping[str, str]]) -> dict[int, Judged]:
        """All that is to be said of rows: whether the house could take each now too, as the deed will ask once more."""
        return self.against_house({number: self.read(facts) for number, facts in rows.items()})

    def against_house(self, read: Mapping[int, Judged]) -> dict[int, Judged]:
        """Rows that were read, judged by what is in the house already."""
        good = {number: each for number, each in read.items() if each.is_good}
        if self.kind == Kind.BOOKINGS:
            return {**read, **self._in_rooms(good)}
        return {**read, **self._of_guests(good)} if self.kind == Kind.GUESTS else dict(read)

    def label(self, judged: Judged, name: str) -> str:
        """What the field is called."""
        return str(judged.form.fields[name].label) if name in judged.form.fields else str(word(name))

    def _in_rooms(self, judged: Mapping[int, Judged]) -> dict[int, Judged]:
        """Those that name a room, judged by what stands against it; who holds which is one question."""
        wanted = [
            (number, each.form, each.room, self._planned(each.form))
            for number, each in judged.items()
            if each.room is not None
        ]
        taken = holding.taken_places([(room, during) for _number, _form, room, during in wanted])
        found = {}
        for place, (number, form, room, during) in enumerate(wanted):
            refusal = self._refusal(form, room) or (self._taken(room, during) if place in taken else None)
            found[number] = Judged(form, room, [("room", str(refusal))] if refusal else ())
        return found

    def _of_guests(self, judged: Mapping[int, Judged]) -> dict[int, Judged]:
        """Those whose guest has a stay of the same days here; of one that is restricted nothing is said."""
        past = [each.form.given(each.room) for each in judged.values()]
        known = vault.subjects_by_document([document_key(each.guest.document) for each in past])
        here = days_here(Stay.objects.at(self.house).unrestricted(), filter(None, known))
        reason = ("arrival_on", str(HereAlready()))
        return {
            number: Judged(each.form, each.room, [reason])
            for (number, each), subject, stay in zip(judged.items(), known, past, strict=True)
            if (subject, stay.arrival_on, stay.departure_on) in here
        }

    def _refusal(self, form: Any, room: Room) -> Exception | None:
        if form.cleaned_data["party_size"] > room.capacity:
            return RoomTooSmall(room)
        return None if room.is_usable else RoomOutOfOrder(room)

    def _taken(self, room: Room, during: DateTimeTZRange) -> Exception:
        return RoomTaken(room, holding.free_rooms(self.house, during, type=room.type))

    def _planned(self, form: Any) -> DateTimeTZRange:
        return holding.planned_time(self.house, form.cleaned_data["arrival_on"], form.cleaned_data["departure_on"])

    def _room(self, form: Any) -> Judged:
        taken = form.cleaned_data["number"] in self.rooms
        return Judged(form, reasons=[("number", str(RoomNumberTaken()))] if taken else ())

    def _room_named(self, form: Any) -> Judged:
        """With the room the row names, if there is one of this number."""
        number = form.cleaned_data["room"]
        room = self.rooms.get(number)
        return Judged(form, room, [("room", str(RoomElsewhere()))] if number and room is None else ())
