"""The machine-readable zone of a passport: two lines of 44 characters (ICAO Doc 9303 part 4, TD3)."""

import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from stays.documents import DocumentType, Reading, Warnings

MRZ_LENGTH = 88
_WRONG_DIGIT = _("The check digits of the machine-readable lines do not fit. Please compare the fields once more.")
_MRZ_VALUES: Mapping[str, int] = {sign: value for value, sign in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")} | {
    "<": 0
}


class NotMachineReadable(ValueError):
    """The text is no machine-readable zone of a passport."""


def mrz_check_digit(text: str) -> int:
    """ICAO Doc 9303 part 3, 4.9: weights 7, 3, 1, repeated; the sum modulo 10."""
    return sum(_MRZ_VALUES[sign] * (7, 3, 1)[place % 3] for place, sign in enumerate(text)) % 10


def read_mrz(text: str, today: date) -> Reading:
    """The fields of two pasted lines of 44 characters, in one line or two. Raises NotMachineReadable."""
    zone = _mrz_signs(text)
    first, second = zone[:44], zone[44:]
    latin_name = _mrz_name(first[5:])
    return Reading(
        DocumentType.PASSPORT,
        second[:9].replace("<", ""),
        _mrz_warnings(second),
        _mrz_date(second[13:19], today, future=False),
        second[20] if second[20] in "MF" else "X",
        "",
        second[10:13].replace("<", ""),
        _mrz_date(second[21:27], today, future=True),
        latin_name,
        latin_name,
    )


def _mrz_signs(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).upper().replace("«", "<<")
    zone = "".join(plain.split())
    if len(zone) != MRZ_LENGTH or not zone.startswith("P") or not set(zone) <= set(_MRZ_VALUES):
        raise NotMachineReadable
    return zone


def _mrz_name(text: str) -> str:
    surname, _separator, given = text.partition("<<")
    words = (part.replace("<", " ").split() for part in (surname, given))
    return " ".join(word for part in words for word in part)


def _mrz_warnings(line: str) -> Warnings:
    checked = [
        (line[9], line[:9]),
        (line[19], line[13:19]),
        (line[27], line[21:27]),
        (line[43], line[:10] + line[13:20] + line[21:43]),
    ]
    fits = all(_check_fits(digit, part) for digit, part in checked) and _personal_fits(line)
    return () if fits else (_WRONG_DIGIT,)


def _check_fits(digit: str, part: str) -> bool:
    return digit == str(mrz_check_digit(part))


def _personal_fits(line: str) -> bool:
    """The personal number's digit may be ``<`` where the number is empty."""
    return _check_fits(line[42], line[28:42]) or (line[42] == "<" and not line[28:42].strip("<"))


def _mrz_date(text: str, today: date, *, future: bool) -> date | None:
    """YYMMDD in the century that makes sense: a birth is never in the future, an expiry within 50 years of today."""
    if not text.isdigit():
        return None
    year = today.year // 100 * 100 + int(text[:2])
    try:
        found = date(year, int(text[2:4]), int(text[4:6]))
    except ValueError:
        return None
    if not future:
        return found if found <= today else _years_away(found, -100)
    return _years_away(found, -100) if found > today + timedelta(days=50 * 365) else found


def _years_away(day: date, years: int) -> date | None:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return None
