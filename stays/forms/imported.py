"""One row of an imported list, parsed and judged by the same fields as what a clerk types."""

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from stays import documents
from stays.documents import DocumentType
from stays.forms import countries
from stays.forms.arrival import ExpectedStayForm
from stays.forms.fields import Day, LatinName, Line, Name, Phone
from stays.forms.rooms import RoomForm
from stays.models import Room, Stay
from stays.models.stays import MAX_NIGHTS
from stays.typed import DocumentData, GuestData, OccupantData, PastStay

YES: Final = frozenset({"yes", "y", "true", "1", "是", "√", "保密"})
NO: Final = frozenset({"", "no", "n", "false", "0", "否", "不", "×"})
# Words other systems write, besides the codes and the words of our own pages.
ORIGINS: Final = {
    Stay.Origin.DIRECT: ("direct", "website", "phone", "官网", "电话", "直客", "自营", "直接预订"),
    Stay.Origin.AGENCY: ("agency", "ota", "travel agency", "travel agent", "旅行社", "代理", "网络预订", "平台"),
    Stay.Origin.CORPORATE: ("corporate", "company", "企业", "公司", "协议单位", "协议客户"),
    Stay.Origin.WALK_IN: ("walk-in", "walk in", "上门", "散客", "上门散客"),
}
SEXES: Final = {"F": ("f", "female", "女"), "M": ("m", "male", "男"), "X": ("x", "other", "未说明")}
DOCUMENTS: Final = {
    DocumentType.RESIDENT_ID: ("id", "id card", "resident id", "身份证", "居民身份证", "二代身份证"),
    DocumentType.PASSPORT: ("passport", "护照"),
    DocumentType.HK_MACAO_PERMIT: ("港澳通行证", "港澳居民来往内地通行证", "回乡证"),
    DocumentType.TAIWAN_PERMIT: ("台胞证", "台湾居民来往大陆通行证"),
    DocumentType.RESIDENCE_PERMIT: ("港澳台居民居住证", "居住证"),
    DocumentType.PERMANENT_RESIDENT: ("外国人永久居留身份证", "永久居留证"),
    DocumentType.TEMPORARY_ID: ("临时身份证", "临时居民身份证"),
    DocumentType.MILITARY: ("军官证", "士兵证", "警官证"),
    DocumentType.HOUSEHOLD_REGISTER: ("户口簿", "户口本"),
}
TYPES: Final = {
    Room.Type.SINGLE: ("single", "单人间", "单人房"),
    Room.Type.KING: ("king", "double", "大床房", "大床间", "双人大床房"),
    Room.Type.TWIN: ("twin", "双床房", "双人间", "标准间", "标间"),
    Room.Type.FAMILY: ("family", "家庭房", "亲子房"),
    Room.Type.SUITE: ("suite", "套房"),
}
STATES: Final = {
    Room.State.CLEAN: ("clean", "干净", "干净房", "空净"),
    Room.State.DIRTY: ("dirty", "脏", "脏房", "空脏"),
    Room.State.OUT_OF_ORDER: ("out of order", "ooo", "维修", "维修房", "停用"),
}


class OneOf(forms.Field):
    """One of several things, by its code or any of the words people have for it; ``otherwise`` where nothing stands."""

    def __init__(
        self, *, words: Mapping[Any, tuple[str, ...]], choices: Any, otherwise: str = "", **options: Any
    ) -> None:
        self.codes = {word: str(code) for code, several in words.items() for word in (str(code).casefold(), *several)}
        self.choices, self.otherwise = choices, otherwise
        super().__init__(**options)

    def to_python(self, value: Any) -> str:
        """The code."""
        typed = unicodedata.normalize("NFKC", str(value or "")).strip().casefold()
        if not typed:
            return self.otherwise
        labels = {str(label).casefold(): str(code) for code, label in self.choices}
        code = self.codes.get(typed) or labels.get(typed)
        if code is None:
            offered = " · ".join(str(label) for _code, label in self.choices)
            raise ValidationError(_("Write one of these: %(offered)s."), code="word", params={"offered": offered})
        return code


class YesNo(forms.Field):
    """Yes or no, in a word of either language; nothing means no."""

    def to_python(self, value: Any) -> bool:
        """Whether it says yes."""
        typed = str(value or "").strip().casefold()
        if typed not in YES | NO:
            raise ValidationError(_("Write yes or no."), code="yes_no")
        return typed in YES


def _origin() -> OneOf:
    choices, otherwise = Stay.Origin.choices, Stay.Origin.DIRECT
    return OneOf(label=_("Booked through"), words=ORIGINS, choices=choices, otherwise=otherwise, required=False)


class BookingRow(ExpectedStayForm):
    """A booking that is to come: what a clerk types of an expected stay, the room by its number."""

    party_size = forms.IntegerField(label=_("People"), min_value=1, max_value=20, required=False)
    room = Line(label=_("Room"), max_length=8, required=False)  # type: ignore[assignment]
    origin = _origin()  # type: ignore[assignment]
    confidential = YesNo(label=_("Confidential"), required=False)  # type: ignore[assignment]

    def __init__(self, typed: Mapping[str, str], *, today: date) -> None:
        super().__init__(dict(typed), today=today, offered=[])

    def clean_origin(self) -> str:
        """Whoever booked has not walked in."""
        code: str = self.cleaned_data["origin"]
        return Stay.Origin.DIRECT if code == Stay.Origin.WALK_IN else code

    def clean_party_size(self) -> int:
        """One person where the file does not say."""
        return self.cleaned_data["party_size"] or 1


class GuestRow(forms.Form):
    """A guest with a stay that is over, as the register of the house had it: the document lets them be recognised."""

    name = Name(label=_("Name"), max_length=80)
    latin_name = LatinName(label=_("Latin name"), max_length=80, required=False)
    phone = Phone(label=_("Phone"), required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=120, required=False)
    document_type = OneOf(
        label=_("Document"), words=DOCUMENTS, choices=DocumentType.choices, otherwise="resident_id", required=False
    )
    document_number = Line(label=_("Document number"), max_length=24)
    nationality = Line(label=_("Nationality"), max_length=40, required=False)
    birth_date = Day(label=_("Date of birth"), required=False)
    sex = OneOf(label=_("Sex"), words=SEXES, choices=[("F", _("Female")), ("M", _("Male")), ("X", _("Not stated"))],
                required=False)  # fmt: skip
    arrival_on = Day(label=_("Arrival"))
    departure_on = Day(label=_("Departure"))
    room = Line(label=_("Room"), max_length=8, required=False)
    origin = _origin()

    def __init__(self, typed: Mapping[str, str], *, today: date) -> None:
        self.today = today
        self.reading = documents.Reading("", "")
        super().__init__(dict(typed))

    def clean_nationality(self) -> str:
        """The three letters of the passport, or the country's name in either language."""
        typed = str(self.cleaned_data["nationality"])
        code = typed.upper() if typed.upper() in countries.names() else countries.code_of(typed)
        if typed and not code:
            raise ValidationError(_("Use the three letters of the passport, for example CHN or GBR."), code="country")
        return code

    def clean(self) -> dict[str, Any]:
        """The stay is over; what the number of a document says fills in what is not there."""
        data: dict[str, Any] = super().clean() or {}
        arrival, departure = data.get("arrival_on"), data.get("departure_on")
        if arrival and departure and not 0 <= (departure - arrival).days <= MAX_NIGHTS:
            self.add_error("departure_on", _("Departure must be on or after arrival, within 365 nights."))
        elif departure and departure > self.today:
            self.add_error("departure_on", _("This stay is not over: bring it in with the bookings."))
        number = str(data.get("document_number") or "")
        self.reading = documents.read_document(str(data.get("document_type") or ""), number, self.today)
        for name in ("birth_date", "sex", "nationality"):
            data[name] = data.get(name) or getattr(self.reading, name)
        return data

    def given(self, room: Room | None) -> PastStay:
        """The stay as the services take it, in that room."""
        data = self.cleaned_data
        names = ("document_type", "document_number", "nationality", "birth_date", "sex")
        document = DocumentData(region=self.reading.region, **{name: data[name] for name in names})
        guest = GuestData(name=data["name"], latin_name=data["latin_name"], phone=data["phone"], email=data["email"])
        return PastStay(
            OccupantData(guest, document),
            arrival_on=data["arrival_on"],
            departure_on=data["departure_on"],
            origin=data["origin"],
            room=room,
        )


class RoomRow(RoomForm):
    """A room; two places and clean where the file does not say."""

    type = OneOf(label=_("Type"), words=TYPES, choices=Room.Type.choices)  # type: ignore[assignment]
    capacity = forms.IntegerField(label=_("Places to sleep"), min_value=1, max_value=20, required=False)
    state = OneOf(  # type: ignore[assignment]
        label=_("State"), words=STATES, choices=Room.State.choices, otherwise="clean", required=False
    )

    def __init__(self, typed: Mapping[str, str], *, today: date) -> None:
        super().__init__(dict(typed))

    def clean_capacity(self) -> int:
        """Two where the file does not say."""
        return self.cleaned_data["capacity"] or 2
