"""What was typed into the one box: which kinds of key it may be."""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from vault import normalise, pinyin
from vault.rows import SealedRow

DOCUMENT, DOCUMENT_TAIL = "document", "document_tail"
PHONE, PHONE_TAIL = "phone", "phone_tail"
NAME, INITIALS = "name", "initials"
KINDS = (DOCUMENT, DOCUMENT_TAIL, PHONE, PHONE_TAIL, NAME, INITIALS)

MOST_CHARACTERS = 100
TAIL = 4
LEAST_TAIL, MOST_TAIL = 3, 6
MOST_INITIALS = 4
MOST_PHONE = 17  # E.164 has at most 15 digits, and 00 may stand before them

_NUMBER = re.compile(r"\+?[\d\s().\-\u2010-\u2015/]+")
_VOWEL = re.compile("[aeiouv]")
# A surname without a vowel, which would otherwise be taken for initials.
_VOWELLESS_NAMES = frozenset({"ng", "mr", "sy"})


@dataclass(frozen=True)
class Term:
    """A search term and the kinds of key it is tried as; results of any kind count.

    ``is_scoped``: too little for the whole chain, only good for filtering a window. Its text is personal data, so
    its ``repr`` shows the kinds alone; ``normalised`` is what the log's hash of the term is made of. ``sealed`` holds
    the envelopes that came along with the candidates of a whole number, so that verifying needs no second query.
    """

    text: str = field(repr=False)
    kinds: tuple[str, ...]
    is_scoped: bool
    normalised: str = field(repr=False)
    sealed: dict[UUID, list[SealedRow]] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def han(self) -> str:
        """The Chinese characters of the term, simplified, in one run."""
        return normalise.han(self.normalised)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words in letters, as pinyin is typed."""
        return tuple(pinyin.as_typed(word) for word in _letters(self.normalised))

    @cached_property
    def word_forms(self) -> tuple[frozenset[str], ...]:
        """The words in letters, each with the ways it is written."""
        return normalise.words(self.normalised)

    @cached_property
    def number(self) -> str:
        """Letters and digits of the term, as documents are written."""
        return normalise.document(self.text)

    @cached_property
    def phones(self) -> tuple[str, ...]:
        """What the term may mean as a phone number."""
        return normalise.phone_forms(self.text)


def _letters(text: str) -> list[str]:
    without = "".join(" " if normalise.is_han(c) else c for c in text)
    return re.sub(r"[^\w\s]|['\u2019]", "", without).split()


def parse(text: str) -> Term:
    """Read a search term; without any kind when it cannot be the key of a guest."""
    text = text.strip()[:MOST_CHARACTERS]
    normal = normalise.name(text)
    if not normal:
        return Term(text, (), True, "")
    if _NUMBER.fullmatch(unicodedata.normalize("NFKC", text)):
        return _number_term(text)
    if any(character.isdigit() for character in normal):
        return _document_term(text)
    return _name_term(text, normal)


def _number_term(text: str) -> Term:
    digits = normalise.document(text)
    if len(digits) > MOST_PHONE:
        return Term(text, (DOCUMENT,), False, digits)
    if len(digits) > MOST_TAIL:
        return Term(text, (PHONE, DOCUMENT), False, digits)
    if len(digits) >= LEAST_TAIL:
        return Term(text, (PHONE_TAIL, DOCUMENT_TAIL), len(digits) < TAIL, digits)
    return Term(text, (), True, digits)


def _document_term(text: str) -> Term:
    number = normalise.document(text)
    if len(number) > MOST_TAIL:
        return Term(text, (DOCUMENT,), False, number)
    if len(number) >= TAIL:
        return Term(text, (DOCUMENT, DOCUMENT_TAIL), False, number)
    return Term(text, (DOCUMENT_TAIL,) if len(number) >= LEAST_TAIL else (), True, number)


def _name_term(text: str, normal: str) -> Term:
    letters = "".join(_letters(normal))
    if "@" in normal or not (letters or any(map(normalise.is_han, normal))):
        return Term(text, (), True, normal)
    if len(normal) == 1:
        return Term(text, (NAME, INITIALS) if letters else (NAME,), True, normal)
    may_be_initials = letters == normal and letters.isascii() and len(letters) <= MOST_INITIALS
    if not may_be_initials:
        return Term(text, (NAME,), False, normal)
    if _VOWEL.search(letters) or letters in _VOWELLESS_NAMES:
        return Term(text, (NAME, INITIALS), False, normal)
    return Term(text, (INITIALS,), True, normal)
