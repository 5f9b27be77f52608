"""One written form for what people write in many: names, phones, documents.

Both sides of every comparison, index token and query go through here.
"""

import re
import unicodedata
from functools import cache

import opencc
import phonenumbers

HOME_REGION = "CN"
MOST_CHARACTERS = 200

# Middle dots in the names of China's minorities and in transliterated foreign names; NFKC unifies only some.
_MIDDLE_DOTS = "\u00b7\u0387\u1427\u16eb\u2022\u2027\u2219\u22c5\u2e31\u2e33\u30fb\ua78f\U00010101"
_HAN = re.compile(r"[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
# Characters that NFKC leaves as they are: nearly every Chinese name, taken the short way.
_ONLY_COMMON_HAN = re.compile(rf"[\u3400-\u4dbf\u4e00-\u9fff]{{1,{MOST_CHARACTERS}}}")
_BETWEEN_HAN = re.compile(rf"(?<={_HAN.pattern}) (?={_HAN.pattern})")
_NOT_DIGIT = re.compile(r"\D")
_NOT_LETTER_OR_DIGIT = re.compile(r"[\W_]+")
_MAINLAND_MOBILE = re.compile(r"1[3-9]\d{9}")
_HYPHENS = re.compile(r"[-\u2010-\u2015\u2212]")
_APOSTROPHES = re.compile(r"['\u2018\u2019\u02bc\u02b9`\u00b4]")

# Letters without a decomposition. Folding keeps the base letter; passports write two (ICAO 9303-3 section 6).
_PLAIN_LETTER = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ħ": "h"}
)
_PASSPORT_LETTER = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


class _Simplified(dict[int, str]):
    """Traditional to simplified, one character at a time, remembered."""

    def __init__(self) -> None:
        self._convert = opencc.OpenCC("t2s").convert
        super().__init__()

    def __missing__(self, code: int) -> str:
        character = chr(code)
        self[code] = simple = self._convert(character) if _HAN.match(character) else character
        return simple


_SIMPLIFIED = _Simplified()


@cache
def _traditional() -> dict[str, str]:
    """One traditional character for each simplified one that differs, of those common enough for a name."""
    ranges = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000))
    return {_SIMPLIFIED[code]: chr(code) for each in ranges for code in each if _SIMPLIFIED[code] != chr(code)}


def traditional(character: str) -> str:
    """A traditional form of a simplified character, empty when there is none."""
    return _traditional().get(character, "")


def _is_kept(character: str) -> bool:
    if character in _MIDDLE_DOTS:
        return False
    category = unicodedata.category(character)
    is_variation = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    return category != "Cf" and not is_variation and (category != "Cc" or character.isspace())


def _clean(written: str) -> str:
    if written.isascii():
        return " ".join(written.split())
    composed = unicodedata.normalize("NFKC", written)
    return " ".join("".join(filter(_is_kept, composed)).split())


def text(written: str) -> str:
    """NFKC, without format characters, variation selectors and middle dots, single spaces, casefolded."""
    return unicodedata.normalize("NFKC", _clean(written[:MOST_CHARACTERS]).casefold())


def is_han(character: str) -> bool:
    """Whether the character is a Chinese one."""
    return _HAN.match(character) is not None


def han(text: str) -> str:
    """The Chinese characters of a text, in a row."""
    return text if _ONLY_COMMON_HAN.fullmatch(text) else "".join(_HAN.findall(text))


def name(written: str) -> str:
    """A name as it is compared: ``text``, characters simplified, no spaces between Chinese characters."""
    if _ONLY_COMMON_HAN.fullmatch(written):
        return written.translate(_SIMPLIFIED)
    normal = text(written)
    if normal.isascii():
        return normal
    return _BETWEEN_HAN.sub("", normal.translate(_SIMPLIFIED))


def fold(word: str) -> str:
    """A word without diacritics: ``müller`` as ``muller``, ``łódź`` as ``lodz``."""
    if word.isascii():
        return word
    bare = "".join(c for c in unicodedata.normalize("NFD", word) if unicodedata.category(c) != "Mn")
    return unicodedata.normalize("NFC", bare.translate(_PLAIN_LETTER))


def words(written: str) -> tuple[frozenset[str], ...]:
    """The words of a name in letters, each with the ways it is written: ``müller`` is ``muller`` and ``mueller``."""
    if _ONLY_COMMON_HAN.fullmatch(written):
        return ()
    normal = _APOSTROPHES.sub("", name(written))
    found = _spaced(unicodedata.normalize("NFC", normal)).split()
    return tuple(word_forms(word) for word in found if not _HAN.search(word))


def _spaced(text: str) -> str:
    """Spaces for all but letters, marks and numbers; a mark belongs to its word, whatever the script."""
    if text.isascii():
        return _NOT_LETTER_OR_DIGIT.sub(" ", text)
    return "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in text)


def linked_words(written: str) -> tuple[frozenset[str], ...]:
    """``words``, and those tied by a hyphen also as one: ``jean``, ``pierre`` and ``jeanpierre``."""
    found = words(written)
    return (*found, *words(_HYPHENS.sub("", name(written)))) if _HYPHENS.search(written) else found


def word_forms(word: str) -> frozenset[str]:
    """The ways one word is written: diacritics dropped, or spelled out as passports do."""
    if word.isascii():
        return frozenset((word,))
    return frozenset((fold(word), fold(word.translate(_PASSPORT_LETTER))))


def whole_name(written: str) -> str:
    """A name for equality: no spaces, no diacritics, no punctuation."""
    return _NOT_LETTER_OR_DIGIT.sub("", fold(name(written)))


def phone(written: str) -> str:
    """Digits of the number in E.164, read as a mainland number where no country is given; as typed if not valid."""
    clean = unicodedata.normalize("NFKC", written[:MOST_CHARACTERS])
    typed = digits(clean)
    if _MAINLAND_MOBILE.fullmatch(typed) and not clean.lstrip().startswith("+"):
        return "86" + typed
    return _parsed(clean) or typed


def _parsed(clean: str) -> str:
    try:
        number = phonenumbers.parse(clean, HOME_REGION)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)[1:]


def phone_forms(written: str) -> tuple[str, ...]:
    """What a typed number may mean: with the home country's code, and with its own but the plus left out."""
    return tuple(dict.fromkeys((phone(written), digits(written))))


def phone_tail(written: str) -> str:
    """The last four digits, empty when there are fewer."""
    found = digits(written)
    return found[-4:] if len(found) >= 4 else ""


def digits(written: str) -> str:
    """The digits of what was written, in ASCII."""
    if written.isdecimal() and written.isascii():
        return written
    return "".join(str(unicodedata.digit(c)) for c in _NOT_DIGIT.sub("", written))


def document(written: str) -> str:
    """A document number: upper case, letters and digits only."""
    return _NOT_LETTER_OR_DIGIT.sub("", text(written)).upper()


def document_tail(written: str) -> str:
    """The last four letters or digits of a document number, empty when there are fewer."""
    number = document(written)
    return number[-4:] if len(number) >= 4 else ""
