"""The guests of the demonstration as plain data, before anything is sealed."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from stdnum.cn import ric
from stdnum.iso7064 import mod_11_2

from stays.demo import names
from stays.documents import DocumentType
from stays.typed import DocumentData, GuestData

# Province codes followed by 0000: no card is issued by a province, so that no number here can be anybody's.
PROVINCES = (
    "11",
    "12",
    "13",
    "21",
    "31",
    "32",
    "33",
    "34",
    "35",
    "36",
    "37",
    "41",
    "42",
    "43",
    "44",
    "50",
    "51",
    "53",
    "61",
)
TOWNS = ("海棠路 18 号", "青石巷 7 号", "望江街 102 号", "银杏里 33 号", "滨河大道 256 号", "书院弄 5 号")


@dataclass(frozen=True, slots=True)
class DemoGuest:
    """One guest who does not exist."""

    guest: GuestData
    document: DocumentData


def make_guest(random: Random, number: int, today: date, *, surname: str = "", age: int | None = None) -> DemoGuest:
    """The guest of this number: three quarters from the mainland, the others from elsewhere."""
    if not surname and number % 20 == 7:
        return _from_across(random, number, today)
    if not surname and number % 6 == 4:
        return _from_abroad(random, number, today)
    return _from_here(random, number, today, surname, age)


def _from_here(random: Random, number: int, today: date, surname: str, age: int | None) -> DemoGuest:
    name = names.chinese(random, number, surname=surname)
    born, province = _birth(random, today, age), random.choice(PROVINCES)
    order = number % 450 * 2 + (1 if name.sex == "M" else 0)
    body = f"{province}0000{born:%Y%m%d}{order:03d}"
    document = DocumentData(
        document_type=DocumentType.RESIDENT_ID,
        document_number=body + ric.calc_check_digit(body + "0"),
        nationality="CHN",
        birth_date=born,
        sex=name.sex,
        expires_on=_expiry(random, today),
        region=province,
    )
    return DemoGuest(_contact(random, name, number), document)


def _from_across(random: Random, number: int, today: date) -> DemoGuest:
    name = names.traditional(number // 20)
    kind, region, digits = (
        (DocumentType.HK_MACAO_PERMIT, "81", f"H{90000000 + number}"),
        (DocumentType.TAIWAN_PERMIT, "71", f"{90000000 + number}"),
        (DocumentType.HK_MACAO_PERMIT, "82", f"M{90000000 + number}"),
    )[number // 20 % 3]
    return DemoGuest(_contact(random, name, number), _foreign_paper(random, name, kind, digits, today, region))


def _from_abroad(random: Random, number: int, today: date) -> DemoGuest:
    name = names.foreign(random, number // 6)
    if number % 60 == 10:
        body = f"9{name.sex == 'F':d}0000{_birth(random, today):%Y%m%d}{number % 450 * 2 + (name.sex == 'M'):03d}"
        digits, kind = body + mod_11_2.calc_check_digit(body), DocumentType.PERMANENT_RESIDENT
        return DemoGuest(_contact(random, name, number), _foreign_paper(random, name, kind, digits, today))
    paper = _foreign_paper(random, name, DocumentType.PASSPORT, f"ZZ{7000000 + number}", today)
    return DemoGuest(_contact(random, name, number), paper)


def _foreign_paper(
    random: Random, name: names.Name, kind: str, digits: str, today: date, region: str = ""
) -> DocumentData:
    born = (
        date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14])) if len(digits) == 18 else _birth(random, today)
    )
    return DocumentData(
        document_type=kind,
        document_number=digits,
        nationality=name.nationality,
        birth_date=born,
        sex=name.sex,
        expires_on=_expiry(random, today),
        region=region,
    )


def _contact(random: Random, name: names.Name, number: int) -> GuestData:
    digits = 11 if name.nationality == "CHN" and name.phone_start.startswith("+86") else 0
    tail = f"{random.randrange(10_000):04d}" if digits else f"{number % 1000:03d}"
    return GuestData(
        name=name.name,
        latin_name=name.latin_name,
        phone=name.phone_start + tail,
        email=f"guest{number:03d}@example.com" if number % 3 == 0 else "",
        address=random.choice(TOWNS) if number % 4 == 0 and name.nationality == "CHN" else "",
    )


def _birth(random: Random, today: date, age: int | None = None) -> date:
    years = random.triangular(19, 82, 36) if age is None else age + 0.3
    return today - timedelta(days=int(years * 365.25) + random.randrange(60))


def _expiry(random: Random, today: date) -> date:
    return today + timedelta(days=random.randrange(200, 3000))
