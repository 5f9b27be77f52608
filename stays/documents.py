"""Identity documents: their types, what can be read from a number, and what looks wrong.

A check warns and never blocks: a genuine document may carry a wrong digit. Sources: GB 11643 (resident ID number,
check digit ISO 7064 MOD 11-2), GB/T 2260 (regions).
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric
from stdnum.iso7064 import mod_11_2


class DocumentType(models.TextChoices):
    """What a guest may show (policy.md, *Document types*)."""

    RESIDENT_ID = "resident_id", _("Resident ID card")
    PASSPORT = "passport", _("Passport")
    HK_MACAO_PERMIT = "hk_macao_permit", _("Hong Kong/Macao travel permit")
    TAIWAN_PERMIT = "taiwan_permit", _("Taiwan travel permit")
    RESIDENCE_PERMIT = "residence_permit", _("Hong Kong/Macao/Taiwan resident permit")
    PERMANENT_RESIDENT = "permanent_resident", _("Foreign permanent resident card")
    TEMPORARY_ID = "temporary_id", _("Temporary resident ID card")
    IDENTITY_CERTIFICATE = "identity_certificate", _("Identity certificate issued by the police")
    MILITARY = "military", _("Military or police card")
    HOUSEHOLD_REGISTER = "household_register", _("Household register (child without a card)")


OVERSEAS = frozenset(
    {
        DocumentType.PASSPORT,
        DocumentType.HK_MACAO_PERMIT,
        DocumentType.TAIWAN_PERMIT,
        DocumentType.RESIDENCE_PERMIT,
        DocumentType.PERMANENT_RESIDENT,
    }
)
CARRIES_RESIDENT_NUMBER = frozenset(
    {DocumentType.RESIDENT_ID, DocumentType.TEMPORARY_ID, DocumentType.HOUSEHOLD_REGISTER}
)
OLDEST_YEARS = 130

# First two digits of GB/T 2260 and, for Hong Kong, Macao and Taiwan, of the resident permit.
REGIONS: dict[str, str | Promise] = {
    "11": _("Beijing"), "12": _("Tianjin"), "13": _("Hebei"), "14": _("Shanxi"), "15": _("Inner Mongolia"),
    "21": _("Liaoning"), "22": _("Jilin"), "23": _("Heilongjiang"),
    "31": _("Shanghai"), "32": _("Jiangsu"), "33": _("Zhejiang"), "34": _("Anhui"), "35": _("Fujian"),
    "36": _("Jiangxi"), "37": _("Shandong"),
    "41": _("Henan"), "42": _("Hubei"), "43": _("Hunan"), "44": _("Guangdong"), "45": _("Guangxi"), "46": _("Hainan"),
    "50": _("Chongqing"), "51": _("Sichuan"), "52": _("Guizhou"), "53": _("Yunnan"), "54": _("Tibet"),
    "61": _("Shaanxi"), "62": _("Gansu"), "63": _("Qinghai"), "64": _("Ningxia"), "65": _("Xinjiang"),
    "71": _("Taiwan"), "81": _("Hong Kong"), "82": _("Macao"), "83": _("Taiwan"),
}  # fmt: skip
PERMIT_REGIONS = {"810000", "820000", "830000"}

Warnings = tuple[str | Promise, ...]

_WARN = {
    "shape": _("This does not look like a number of this kind of document. Please compare it once more."),
    "check": _("The check digit does not fit. Please compare the number once more."),
    "birth": _("The number holds no possible date of birth. Please compare it once more."),
    "region": _("The number begins with no known region. Please compare it once more."),
    "expired": _("This document has expired."),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a number or a machine-readable zone says, and what looks wrong about it.

    ``region``: two digits of GB/T 2260, or empty. ``nationality``: ISO 3166 alpha-3 as ICAO uses it.
    """

    document_type: str
    document_number: str = field(repr=False)
    warnings: Warnings = ()
    birth_date: date | None = field(default=None, repr=False)
    sex: str = ""
    region: str = ""
    nationality: str = ""
    expires_on: date | None = None
    name: str = field(default="", repr=False)
    latin_name: str = field(default="", repr=False)


def normalise(number: str) -> str:
    """Upper case without spaces, hyphens and look-alikes of full width."""
    plain = unicodedata.normalize("NFKC", number).upper()
    return "".join(sign for sign in plain if sign.isalnum())


def region_name(region: str) -> str:
    """The region of two digits in the language of the page, or empty."""
    return str(REGIONS.get(region, ""))


def age_on(birth_date: date, day: date) -> int:
    """Full years of life on that day."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def is_overseas(document_type: str, nationality: str) -> bool:
    """Whether the guest is reported as from outside the mainland (境外人员): by document, else by nationality."""
    if document_type == DocumentType.PASSPORT:
        return nationality != "CHN"
    return document_type in OVERSEAS or nationality not in ("", "CHN")


def origin_key(document_type: str, nationality: str, region: str) -> str:
    """Where a guest comes from, for figures: ``CN-31`` for a region, else the nationality, else ``unknown``."""
    if region in REGIONS and (document_type not in OVERSEAS or region in ("71", "81", "82", "83")):
        return f"CN-{region}"
    return nationality or "unknown"


def read_document(document_type: str, number: str, today: date) -> Reading:
    """What the number of a document says, with warnings. Nothing typed yet gives no warning."""
    plain = normalise(number)
    if not plain:
        return Reading(document_type, plain)
    return _READERS.get(document_type, _read_free)(document_type, plain, today)


def expiry_warnings(expires_on: date | None, today: date) -> Warnings:
    """A warning where the document has run out."""
    return (_WARN["expired"],) if expires_on and expires_on < today else ()


def _birth_of(digits: str, today: date) -> date | None:
    try:
        birth_date = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
    return birth_date if today.replace(year=today.year - OLDEST_YEARS, day=1) <= birth_date <= today else None


def _read_resident(document_type: str, number: str, today: date) -> Reading:
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return Reading(document_type, number, (_WARN["shape"],))
    birth_date, region = _birth_of(number[6:14], today), number[:2]
    return Reading(
        document_type,
        number,
        _resident_warnings(document_type, number, birth_date),
        birth_date,
        "M" if int(number[16]) % 2 else "F",
        region if region in REGIONS else "",
        _nationality_of(document_type),
    )


def _resident_warnings(document_type: str, number: str, birth_date: date | None) -> Warnings:
    known = number[:6] in PERMIT_REGIONS if document_type == DocumentType.RESIDENCE_PERMIT else number[:2] in REGIONS
    wrong = {
        "check": ric.calc_check_digit(number) != number[17],
        "birth": birth_date is None,
        "region": not known,
    }
    return tuple(_WARN[name] for name, is_wrong in wrong.items() if is_wrong)


def _nationality_of(document_type: str) -> str:
    return "CHN" if document_type != DocumentType.PERMANENT_RESIDENT else ""


def _read_permanent(document_type: str, number: str, today: date) -> Reading:
    """The card of 2023: 18 digits beginning with 9, birth date at 7-14. The one of 2017: 3 letters and 12 digits."""
    if re.fullmatch(r"9[0-9]{16}[0-9X]", number):
        birth_date = _birth_of(number[6:14], today)
        wrong = {"check": not mod_11_2.is_valid(number), "birth": birth_date is None}
        warnings = tuple(_WARN[name] for name, is_wrong in wrong.items() if is_wrong)
        return Reading(document_type, number, warnings, birth_date, "M" if int(number[16]) % 2 else "F")
    if re.fullmatch(r"[A-Z]{3}[0-9]{12}", number):
        return Reading(document_type, number, nationality=number[:3])
    return Reading(document_type, number, (_WARN["shape"],))


def _read_hk_macao(document_type: str, number: str, today: date) -> Reading:
    """H or M and eight digits, sometimes with the two digits of the renewal."""
    shape_fits = re.fullmatch(r"[HM][0-9]{8}([0-9]{2})?", number)
    region = {"H": "81", "M": "82"}.get(number[0], "")
    return Reading(document_type, number, () if shape_fits else (_WARN["shape"],), region=region, nationality="CHN")


def _read_taiwan(document_type: str, number: str, today: date) -> Reading:
    shape_fits = re.fullmatch(r"[0-9]{8}", number)
    return Reading(document_type, number, () if shape_fits else (_WARN["shape"],), region="71", nationality="CHN")


def _read_passport(document_type: str, number: str, today: date) -> Reading:
    shape_fits = re.fullmatch(r"[A-Z0-9]{5,12}", number)
    return Reading(document_type, number, () if shape_fits else (_WARN["shape"],))


def _read_free(document_type: str, number: str, today: date) -> Reading:
    return Reading(document_type, number)


_READERS: dict[str, Callable[[str, str, date], Reading]] = {
    DocumentType.RESIDENT_ID: _read_resident,
    DocumentType.TEMPORARY_ID: _read_resident,
    DocumentType.HOUSEHOLD_REGISTER: _read_resident,
    DocumentType.RESIDENCE_PERMIT: _read_resident,
    DocumentType.PERMANENT_RESIDENT: _read_permanent,
    DocumentType.HK_MACAO_PERMIT: _read_hk_macao,
    DocumentType.TAIWAN_PERMIT: _read_taiwan,
    DocumentType.PASSPORT: _read_passport,
}
