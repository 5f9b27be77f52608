"""Which fields a row of each kind has, and which column of a file is likely to hold which."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

from stays.models import ImportFile

Kind = ImportFile.Kind
Columns = Mapping[str, int]

# Headings that other systems give, in both languages, without spaces and signs.
HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("name", "guest", "guestname", "fullname", "姓名", "客人姓名", "宾客姓名", "住客姓名", "客人", "联系人"),
    "latin_name": (
        "latinname",
        "englishname",
        "passportname",
        "拼音",
        "姓名拼音",
        "英文名",
        "英文姓名",
        "护照姓名",
        "拉丁字母姓名",
    ),
    "phone": ("phone", "mobile", "telephone", "tel", "phonenumber", "电话", "手机", "手机号", "联系电话", "手机号码"),
    "email": ("email", "mail", "emailaddress", "邮箱", "电子邮箱", "电子邮件", "邮件"),
    "arrival_on": (
        "arrival",
        "arrivaldate",
        "checkin",
        "from",
        "抵店日期",
        "入住日期",
        "到店日期",
        "来店日期",
        "抵店",
        "到店",
        "入住",
    ),
    "departure_on": ("departure", "departuredate", "checkout", "to", "离店日期", "退房日期", "离店", "退房"),
    "room": ("room", "roomnumber", "roomno", "房号", "房间", "房间号", "客房"),
    "party_size": ("people", "guests", "persons", "pax", "adults", "人数", "入住人数", "客人数"),
    "origin": ("bookedthrough", "channel", "source", "origin", "来源", "渠道", "预订渠道", "预订来源", "客源"),
    "group": ("group", "groupnumber", "groupno", "groupcode", "团号", "团队", "团队号", "团队编号"),
    "confidential": ("confidential", "incognito", "保密", "保密入住", "是否保密"),
    "document_type": ("document", "documenttype", "idtype", "证件类型", "证件种类", "证件"),
    "document_number": ("documentnumber", "documentno", "idnumber", "passportnumber", "证件号码", "证件号", "身份证号"),
    "nationality": ("nationality", "country", "国籍", "国家或地区"),
    "birth_date": ("birthdate", "dateofbirth", "birthday", "出生日期", "生日"),
    "sex": ("sex", "gender", "性别"),
    "number": ("number", "room", "roomnumber", "roomno", "房号", "房间", "房间号", "客房"),
    "floor": ("floor", "storey", "level", "楼层", "层"),
    "type": ("type", "roomtype", "房型", "房间类型", "客房类型"),
    "capacity": ("places", "placestosleep", "capacity", "beds", "可住人数", "床位数", "容纳人数", "人数"),
    "state": ("state", "roomstate", "status", "房态", "状态", "房间状态"),
}
_GUEST: Final = ("name", "latin_name", "phone", "email")
_STAY: Final = ("arrival_on", "departure_on", "room", "origin")
_DOCUMENT: Final = ("document_type", "document_number", "nationality", "birth_date", "sex")
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    Kind.BOOKINGS: (*_GUEST, *_STAY, "party_size", "group", "confidential"),
    Kind.GUESTS: (*_GUEST, *_DOCUMENT, *_STAY),
    Kind.ROOMS: ("number", "floor", "type", "capacity", "state"),
}
REQUIRED: Final[Mapping[str, frozenset[str]]] = {
    Kind.BOOKINGS: frozenset({"name", "arrival_on", "departure_on"}),
    Kind.GUESTS: frozenset({"name", "document_number", "arrival_on", "departure_on"}),
    Kind.ROOMS: frozenset({"number", "floor", "type"}),
}


def guess_columns(kind: str, headings: Sequence[str]) -> dict[str, int]:
    """By field the first column whose heading is known to mean it; fields without one are absent."""
    plain = [_plain(heading) for heading in headings]
    return {name: place for name in FIELDS[kind] if (place := _place_of(name, plain)) is not None}


def missing_fields(kind: str, columns: Columns) -> list[str]:
    """The fields no row can do without and no column holds, in the order of the form."""
    return [name for name in FIELDS[kind] if name in REQUIRED[kind] and name not in columns]


def facts_of(row: Sequence[str], columns: Columns) -> dict[str, str]:
    """What the row says of each field."""
    return {name: row[place] if place < len(row) else "" for name, place in columns.items()}


def _place_of(name: str, plain: Sequence[str]) -> int | None:
    return next((place for place, heading in enumerate(plain) if heading in HEADINGS[name]), None)


def _plain(heading: str) -> str:
    text = unicodedata.normalize("NFKC", heading).casefold()
    return "".join(letter for letter in text if letter.isalnum())
