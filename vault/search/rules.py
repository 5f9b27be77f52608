"""The real rules, applied to opened values: what it means that a name, phone or document is what was asked for."""

from collections.abc import Collection, Sequence

from vault import normalise, pinyin

from .terms import Term

LEAST_TYPO = 4
LEAST_PART = 2


class Heard:
    """A written name taken apart: its normal form, what its characters sound like, its words in letters."""

    __slots__ = ("name", "readings", "words")

    def __init__(self, written: str) -> None:
        self.name = normalise.name(written)
        self.readings = pinyin.readings(self.name)
        self.words = normalise.words(self.name)

    @property
    def typed(self) -> list[str]:
        """The words as pinyin is typed."""
        return [pinyin.as_typed(min(forms, key=len)) for forms in self.words]


def has_name(term: Term, written: str) -> bool:
    """Whether a name is the one asked for: its characters in a row, its pinyin, or its words in any order."""
    if term.han and not term.words:
        return term.han in written or term.han in normalise.name(written)
    return _is_named(term, Heard(written))


def _is_named(term: Term, heard: Heard) -> bool:
    if term.han not in heard.name:
        return False
    if pinyin.spells(term.words, heard.readings):
        return True
    if not heard.words:
        return False
    return _each_found(term.word_forms, normalise.linked_words(heard.name)) or _joins(term.words, heard.typed)


def _each_found(asked: Sequence[Collection[str]], words: Sequence[frozenset[str]]) -> bool:
    """Whether every asked word is a word of its own among these, in any order."""
    if not asked or len(asked) > len(words):
        return False
    left = list(words)
    for forms in asked:
        met = next((word for word in left if not word.isdisjoint(forms)), None)
        if met is None:
            return False
        left.remove(met)
    return True


def _joins(asked: Sequence[str], words: Sequence[str]) -> bool:
    """Whether the letters are the whole name's, wherever the spaces are; surname first or last."""
    turned = ("".join([*words[start:], *words[:start]]) for start in range(len(words)))
    return "".join(asked) in turned


def is_like_name(term: Term, written: str) -> bool:
    """The richer rule of a window: beginnings, parts and one slip of the finger too."""
    if term.han or not term.words:
        return has_name(term, written)
    heard = Heard(written)
    if _is_named(term, heard) or pinyin.spells(term.words, heard.readings, is_partial=True):
        return True
    words = heard.typed
    if words and all(_has_part(word, words) for word in term.words):
        return True
    whole = _spelled_whole(heard.readings)
    return all(_has_slip(word, [*words, *whole]) for word in term.words)


def has_initials(term: Term, written: str) -> bool:
    """Whether the letters are first letters of the name in order, or one of its words begins with them."""
    heard = Heard(written)
    letters = term.normalised
    if any(word.startswith(letters) for word in heard.typed):
        return len(letters) >= LEAST_PART
    firsts = [{reading[0] for reading in readings} for readings in heard.readings]
    firsts += [{form[0] for form in forms} for forms in heard.words]
    return _begins(letters, firsts) or _begins(letters, [*firsts[-1:], *firsts[:-1]])


def _begins(letters: str, firsts: Sequence[Collection[str]]) -> bool:
    return len(letters) <= len(firsts) and all(letter in first for letter, first in zip(letters, firsts, strict=False))


def _has_part(asked: str, words: Sequence[str]) -> bool:
    if len(asked) < LEAST_PART:
        return False
    return any(word.startswith(asked) or (len(asked) > LEAST_PART and asked in word) for word in words)


def _has_slip(asked: str, words: Sequence[str]) -> bool:
    return len(asked) >= LEAST_TYPO and any(is_one_slip_away(asked, word) for word in words)


def _spelled_whole(heard: Sequence[Collection[str]]) -> list[str]:
    """The name, its given part and its surname as typed in one go."""
    syllables = [min(readings) for readings in heard]
    return ["".join(syllables), "".join(syllables[1:]), *syllables[:1]]


def is_one_slip_away(one: str, other: str) -> bool:
    """Whether one letter missing, added, wrong, or two neighbours swapped make the one out of the other."""
    if abs(len(one) - len(other)) > 1 or (one[:1] != other[:1] and one[-1:] != other[-1:]):
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    one, other = one[start:], other[start:]
    if one[1:] == other[1:] or one[1:] == other or one == other[1:]:
        return True
    return one[:2] == other[1::-1] and len(other) >= 2 and one[2:] == other[2:]


def has_phone(term: Term, written: str) -> bool:
    """Whether a phone number is the whole number asked for."""
    return normalise.phone(written) in term.phones


def has_phone_tail(term: Term, written: str) -> bool:
    """Whether a phone number ends in the digits asked for."""
    return normalise.digits(written).endswith(term.number)


def has_document(term: Term, written: str) -> bool:
    """Whether a document number is the whole number asked for."""
    return normalise.document(written) == term.number


def has_document_tail(term: Term, written: str) -> bool:
    """Whether a document number ends in the characters asked for."""
    return normalise.document(written).endswith(term.number)
