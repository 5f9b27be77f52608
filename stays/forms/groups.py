"""Checking in a group: what holds for everybody once, and a row for each booking."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django import forms
from django.forms import BoundField
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from stays import documents, review
from stays.documents import DocumentType, Reading
from stays.forms.arrival import METHODS, Ticks
from stays.forms.fields import Line, Name, Phone
from stays.models import Notice, Occupant, ReviewRule, Room, Stay
from stays.mrz import NotMachineReadable, read_mrz
from stays.typed import ArrivalData, DocumentData, GuestData, OccupantData, PaymentData

COMMON: Final = "group"
_OF_A_ROW: Final = re.compile(r"(initial-)?([0-9]{4}-[0-9]{6,9})-(room|phone|(document|read|name)_[0-9]{1,2})")
AppliesTo = ReviewRule.AppliesTo
# A minor's lines are met one by one, on the page of the minor's own stay.
ASKED_ONCE: Final = frozenset({AppliesTo.ANY, AppliesTo.OVERSEAS, AppliesTo.RETURNING})


def is_asked(name: str) -> bool:
    """Whether the page has a field of this name."""
    part, _dash, field = name.partition("-")
    return bool(_OF_A_ROW.fullmatch(name)) or (part == COMMON and field in CommonForm.base_fields)


def row_of(name: str) -> str:
    """The stay whose row this field stands in, by its number; of what is asked once, nothing."""
    found = _OF_A_ROW.fullmatch(name)
    return found[2] if found else ""


@dataclass(frozen=True, slots=True)
class Offered:
    """What the house has for the group: rooms by number, the lines of the checklist, the notice in force."""

    rooms: Mapping[str, Room]
    rules: Sequence[ReviewRule]
    notice: Notice | None

    @property
    def lines(self) -> list[ReviewRule]:
        """The lines a person ticks, once for the group."""
        manual = [rule for rule in self.rules if rule.kind == ReviewRule.Kind.MANUAL]
        return review.applying(manual, ASKED_ONCE)


class CommonForm(forms.Form):
    """What is the same for everybody: how it is paid, and what the clerk did with each of them."""

    method = forms.ChoiceField(label=_("Way of payment"), choices=METHODS, initial="agency")
    payer = Name(label=_("Paid by"), max_length=80, required=False, help_text=_("Where it is not the guest."))
    notice_shown = forms.BooleanField(label=_("Privacy notice shown"), required=False)
    ticks = Ticks(label=_("Checklist"), required=False)

    def __init__(self, data: Any, *, offered: Offered) -> None:
        super().__init__(data, prefix=COMMON)
        self.offered = offered
        self.fields["ticks"].choices = [(rule.code, rule.text) for rule in offered.lines]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What every arrival needs is ticked, so that thirty people are not refused for one tick."""
        data: dict[str, Any] = super().clean() or {}
        needed = {rule.code for rule in self.offered.lines if rule.applies_to == AppliesTo.ANY}
        if not needed <= data.get("ticks", frozenset()):
            self.add_error("ticks", _("Tick what you did with every guest."))
        asks_for_notice = any(rule.code == "notice_shown" for rule in self.offered.rules)
        if asks_for_notice and not data.get("notice_shown"):
            self.add_error("notice_shown", _("Show the privacy notice first."))
        return data


class BookingForm(forms.Form):
    """A row: the room, and what each of the party shows. Without any document it waits.

    ``read_0`` … hold the numbers of which the page has already said that they look wrong: sent once more, they count.
    """

    room = Line(label=_("Room"), max_length=8, required=False, show_hidden_initial=True)
    phone = Phone(label=_("Phone"), required=False)

    def __init__(self, data: Any, *, stay: Stay, today: date, rooms: Mapping[str, Room], room: str = "") -> None:
        super().__init__(data, prefix=stay.reference, initial={"room": room})
        self.stay, self.today, self.rooms, self.places = stay, today, rooms, range(stay.party_size)
        self.readings: dict[int, Reading] = {}
        for place in self.places:
            self.fields[f"document_{place}"] = Line(label=_("Document number"), max_length=100, required=False)
            self.fields[f"read_{place}"] = Line(max_length=100, required=False, widget=forms.HiddenInput)
            if place:
                self.fields[f"name_{place}"] = Name(label=_("Name"), max_length=80, required=False)
        self._prepare_widgets()

    def _prepare_widgets(self) -> None:
        """In a table each field says by itself what it is, and of whom."""
        for name, field in self.fields.items():
            if field.label:
                field.widget.attrs["aria-label"] = f"{field.label} · {self.stay.reference}"
            if name.startswith("document_"):
                field.widget.attrs["data-scan"] = True
            elif name != "room" and field.label:
                field.widget.attrs["placeholder"] = field.label
        self.fields["room"].widget.attrs["list"] = "group-rooms"

    @property
    def people(self) -> Iterator[tuple[BoundField | None, BoundField, BoundField]]:
        """For each of the party the fields of name (of a companion), document, and what the page has read."""
        for place in self.places:
            yield self[f"name_{place}"] if place else None, self[f"document_{place}"], self[f"read_{place}"]

    @property
    def is_begun(self) -> bool:
        """Some document is typed: the booking waits no longer."""
        return self.is_bound and any(self[f"document_{place}"].value() for place in self.places)

    @property
    def is_typed(self) -> bool:
        """Something is typed, or another room chosen than the one proposed."""
        if not self.is_bound:
            return False
        return "room" in self.changed_data or any(field.value() for field in self if field.name != "room")

    def clean(self) -> dict[str, Any]:
        """The room is there, everybody's document is read; a number that looks wrong is told once and never blocks."""
        data: dict[str, Any] = super().clean() or {}
        if not self.is_begun:
            return data
        if not data.get("room"):
            self.add_error("room", _("Choose a room."))
        elif data["room"] not in self.rooms:
            self.add_error("room", _("There is no such room at this property."))
        for place in self.places:
            self._read(place, data)
        return data

    def _read(self, place: int, data: dict[str, Any]) -> None:
        field = f"document_{place}"
        text = data.get(field, "")
        reading = self.readings[place] = _reading(text, self.today)
        if place and text and not (data.get(f"name_{place}") or reading.name):
            self.add_error(f"name_{place}", _("Write the companion's name."))
        if not text:
            self.add_error(field, _("A document of everybody is needed; who does not come: use their own page."))
        elif reading.birth_date is None:
            self.add_error(field, _("This is no resident ID number and no passport's two lines: use their own page."))
        elif data.get(f"read_{place}") != text:
            self._doubt(place, text, [*reading.warnings, *documents.expiry_warnings(reading.expires_on, self.today)])

    def _doubt(self, place: int, text: str, warnings: Sequence[Any]) -> None:
        if not warnings:
            return
        self.data[self.add_prefix(f"read_{place}")] = text  # type: ignore[index]
        for warning in warnings:
            self.add_error(f"document_{place}", str(warning))
        self.add_error(f"document_{place}", _("If it is right, send it once more."))

    def given(self) -> list[OccupantData]:
        """The party as the services take it. The lead guest's name is on file."""
        return [self._person(place, self.readings[place]) for place in self.places]

    def _person(self, place: int, reading: Reading) -> OccupantData:
        data = self.cleaned_data
        name = (data[f"name_{place}"] or reading.name) if place else ""
        guest = GuestData(name=name, latin_name=reading.latin_name, phone="" if place else data["phone"])
        facts = ("document_type", "document_number", "nationality", "birth_date", "sex", "expires_on", "region")
        role = Occupant.Role.COMPANION if place else Occupant.Role.LEAD
        return OccupantData(guest, DocumentData(**{name: getattr(reading, name) for name in facts}), role)


class GroupForms:
    """The page as one: what holds for everybody, and the bookings by their number."""

    def __init__(self, stays: Sequence[Stay], offered: Offered, today: date, data: Any = None) -> None:
        self.offered, self.today, self.data = offered, today, data
        self.common = CommonForm(data, offered=offered)
        self.done: set[str] = set()
        self.bookings = {} if data is None else {stay.reference: self._booking(stay, data) for stay in stays}

    def row(self, stay: Stay, room: str) -> BookingForm:
        """The row of one booking: as it was typed, or with the room proposed."""
        typed = self.bookings.get(stay.reference)
        return typed if typed and typed.is_typed else self._booking(stay, None, room)

    @property
    def standing(self) -> dict[UUID, str]:
        """By stay the room that stands in its row; those that were chosen before those that were proposed."""
        rows = sorted(self.bookings.values(), key=lambda form: not form.is_typed)
        return {form.stay.pk: room for form in rows if (room := form["room"].value())}

    def _booking(self, stay: Stay, data: Any, room: str = "") -> BookingForm:
        return BookingForm(data, stay=stay, today=self.today, rooms=self.offered.rooms, room=room)

    def ready(self) -> list[BookingForm]:
        """The bookings that can be checked in; each of the others says why not. Nothing counts twice."""
        ready, seen = [], set[tuple[str, str]]()
        for form in self.bookings.values():
            if not form.is_begun or not form.is_valid():
                continue
            shown = {("room", form.cleaned_data["room"]), *_documents_of(form)}
            if twice := shown & seen:
                _complain_of(form, {kind for kind, _number in twice})
                continue
            seen |= shown
            ready.append(form)
        return ready

    @property
    def are_done(self) -> bool:
        """Everybody of whom something was typed is in house: nothing typed is left on the page."""
        return all(reference in self.done for reference, form in self.bookings.items() if form.is_typed)

    def require_somebody(self) -> None:
        """Say so where no document is typed at all."""
        if self.common.is_valid() and not any(form.is_begun for form in self.bookings.values()):
            self.common.add_error(None, _("Scan or type a document first."))

    def forget_common_errors(self) -> None:
        """Show what is ticked without judging it yet: the rows are still being filled in."""
        self.common.full_clean()
        self.common._errors = ErrorDict()  # type: ignore[attr-defined]

    def arrival(self, form: BookingForm) -> ArrivalData:
        """The arrival of one booking as the service takes it."""
        common, stay = self.common.cleaned_data, form.stay
        return ArrivalData(
            occupants=tuple(form.given()),
            room=self.offered.rooms[form.cleaned_data["room"]],
            arrival_on=self.today,
            departure_on=max(stay.departure_on, self.today),
            payment=PaymentData(method=common["method"], payer=common["payer"]),
            origin=stay.origin,
            notice=self.offered.notice if common["notice_shown"] else None,
            ticked=common["ticks"],
            confidential=stay.confidential,
        )


def _reading(text: str, today: date) -> Reading:
    """What was scanned: the two lines of a passport, or the number of a resident ID card."""
    try:
        return read_mrz(text, today)
    except NotMachineReadable:
        return documents.read_document(DocumentType.RESIDENT_ID, text, today)


def _documents_of(form: BookingForm) -> set[tuple[str, str]]:
    return {("document_0", reading.document_number) for reading in form.readings.values()}


def _complain_of(form: BookingForm, kinds: set[str]) -> None:
    if "room" in kinds:
        form.add_error("room", _("Another row has this room already."))
    if "document_0" in kinds:
        form.add_error("document_0", _("Another row has this document already."))
