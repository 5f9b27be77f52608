"""Readings of Chinese names.

A surname's reading is often not its character's common one, so surnames have their own table here: the reading as a
surname first, then the others people use or type. Given names: the reading of each character by itself, so that a
character reads the same in every name, and the second readings names are known to use.
"""

import os
import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from functools import cache, lru_cache

# Characters are read one by one: the library's phrases would cost every process 30 MB and a third of a second.
os.environ |= {"PYPINYIN_NO_PHRASES": "true", "PYPINYIN_NO_DICT_COPY": "true"}

from pypinyin import Style, pinyin

from .normalise import han, traditional
from .surnames import COMPOUND_SURNAMES, GIVEN, SURNAMES

_FINALS: dict[str, str] = {
    "": "a ai an ang ao e ei en eng er o ou",
    "b": "a ai an ang ao ei en eng i ian iao ie in ing o u",
    "p": "a ai an ang ao ei en eng i ian iao ie in ing o ou u",
    "m": "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u",
    "f": "a an ang ei en eng o ou u",
    "d": "a ai an ang ao e ei en eng i ia ian iao ie ing iu ong ou u uan ui un uo",
    "t": "a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo",
    "n": "a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan ue un uo v ve",
    "l": "a ai an ang ao e ei eng i ia ian iang iao ie in ing iu o ong ou u uan ue un uo v ve",
    "g": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "k": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "h": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "j": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "q": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "x": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "zh": "a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo",
    "ch": "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "sh": "a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo",
    "r": "an ang ao e en eng i ong ou u ua uan ui un uo",
    "z": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
    "c": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "s": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "y": "a an ang ao e i in ing o ong ou u uan ue un",
    "w": "a ai an ang ao ei en eng o u",
}
SYLLABLES = frozenset(initial + final for initial, finals in _FINALS.items() for final in finals.split())
LONGEST_SYLLABLE = max(map(len, SYLLABLES))
MOST_SPLITS = 6
MOST_SYLLABLES = 8

# Tone marks over ü, and the ways ü is typed. Passports have written LYU since 2012, LU before.
_MARKED = str.maketrans("ǖǘǚǜü", "vvvvv")
_TYPED = re.compile(r"(?<=l)yu|(?<=^n)yu")
_NEEDLESS = re.compile(r"(?<=[jqxy])v")


def as_typed(word: str) -> str:
    """Typed pinyin in one form: no tone marks, ü as v (``lü``, ``lyu``, ``lv``), plain letters only."""
    bare = unicodedata.normalize("NFC", word).casefold().translate(_MARKED)
    bare = "".join(c for c in unicodedata.normalize("NFD", bare) if unicodedata.category(c) != "Mn")
    return _NEEDLESS.sub("u", _TYPED.sub("v", bare))


@cache
def _common_reading(character: str) -> str:
    read = pinyin(character, style=Style.NORMAL, v_to_u=False, errors="ignore")
    found = as_typed(read[0][0]) if read and read[0] else ""
    if found in SYLLABLES:
        return found
    older = traditional(character)  # characters simplified lately are known by their older form only
    return _common_reading(older) if older else ""


def _with_u(readings: tuple[str, ...]) -> tuple[str, ...]:
    """The readings, and with u where they have ü: many people type lu for lü."""
    return tuple(dict.fromkeys((*readings, *(reading.replace("v", "u") for reading in readings))))


@lru_cache(maxsize=32768)
def given_readings(character: str) -> tuple[str, ...]:
    """Readings of a character inside a name, the common one first. Without any, the character is its own."""
    known = (_common_reading(character), *GIVEN.get(character, ()))
    return _with_u(tuple(filter(None, known))) or (character,)


@lru_cache(maxsize=8192)
def surname_readings(surname: str) -> tuple[str, ...]:
    """Readings of a surname of one or two characters, syllables joined; the reading as a surname first."""
    if surname in COMPOUND_SURNAMES:
        return _with_u(tuple(reading.replace(" ", "") for reading in COMPOUND_SURNAMES[surname]))
    return _with_u(SURNAMES.get(surname, ())) or given_readings(surname)


@lru_cache(maxsize=32768)
def _heard(character: str) -> frozenset[str]:
    return frozenset(given_readings(character))


@lru_cache(maxsize=8192)
def _heard_first(character: str) -> frozenset[str]:
    return _heard(character).union(surname_readings(character))


def readings(name: str) -> tuple[frozenset[str], ...]:
    """For each Chinese character of a normalised name every reading it may have there."""
    characters = han(name)
    if not characters:
        return ()
    heard = (_heard_first(characters[0]), *map(_heard, characters[1:]))
    for spelled in COMPOUND_SURNAMES.get(characters[:2], ()):
        surname = (heard[place].union(_with_u((syllable,))) for place, syllable in enumerate(spelled.split()))
        heard = (*surname, *heard[2:])
    return heard


def splits(letters: str) -> list[tuple[str, ...]]:
    """The ways to read letters as syllables, at most MOST_SPLITS: ``xian`` is xian and xi an."""
    found: list[tuple[str, ...]] = []
    for split in _split(letters, MOST_SYLLABLES):
        found.append(split)
        if len(found) == MOST_SPLITS:
            break
    return found


def _split(letters: str, most: int) -> Iterator[tuple[str, ...]]:
    if not letters:
        yield ()
    elif most:
        for length in range(min(LONGEST_SYLLABLE, len(letters)), 0, -1):
            if letters[:length] in SYLLABLES:
                for rest in _split(letters[length:], most - 1):
                    yield (letters[:length], *rest)


def spells(words: Sequence[str], heard: Sequence[Collection[str]], *, is_partial: bool = False) -> bool:
    """Whether typed words spell a run of characters with these readings, each word whole characters.

    The surname may come first or last. With ``is_partial`` the last syllable may be only begun.
    """
    if not words or not heard:
        return False
    first = words[0]
    for start, readings in enumerate(heard):
        may_start = any(first.startswith(reading) or (is_partial and reading.startswith(first)) for reading in readings)
        if may_start and _reach(words, heard, start, is_partial):
            return True
    turned = [words[-1], *words[:-1]]
    return len(words) > 1 and len(heard) in _reach(turned, heard, 0, False)


def _reach(words: Sequence[str], heard: Sequence[Collection[str]], start: int, is_partial: bool) -> set[int]:
    """The characters after which all words, spelled from ``start`` on, may end."""
    places = {start}
    for number, word in enumerate(words):
        may_break_off = is_partial and number == len(words) - 1
        places = {end for place in places for end in _spell(word, heard, place, may_break_off)}
        if not places:
            break
    return places


def _spell(letters: str, heard: Sequence[Collection[str]], place: int, may_break_off: bool) -> Iterator[int]:
    if not letters:
        yield place
    elif place < len(heard):
        for reading in heard[place]:
            if letters.startswith(reading):
                yield from _spell(letters[len(reading) :], heard, place + 1, may_break_off)
            elif may_break_off and reading.startswith(letters):
                yield place + 1
