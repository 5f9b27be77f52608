"""Guests from elsewhere: ``nations.tsv`` has for each nationality its weight, names, phones and passport form.

A phone is a prefix and the number of digits after it; in a passport ``#`` is a digit and ``@`` a letter.
Names fall off by rank; the lists are common names of each country in their passport spelling.
"""

from dataclasses import dataclass
from pathlib import Path
from random import Random

from .chinese import zipf

LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Nation:
    code: str
    weight: float
    family: tuple[str, ...]
    men: tuple[str, ...]
    women: tuple[str, ...]
    phones: tuple[str, ...]
    passport: str


def _nations() -> tuple[Nation, ...]:
    lines = (Path(__file__).parent / "nations.tsv").read_text().splitlines()[1:]
    return tuple(_nation(*line.split("\t")) for line in lines)


def _nation(code: str, weight: str, phones: str, passport: str, family: str, men: str, women: str) -> Nation:
    lists = (tuple(text.split()) for text in (family, men, women, phones))
    return Nation(code, float(weight), *lists, passport)


NATIONS = _nations()


class Foreigners:
    """Draws a nation and a name from it."""

    def __init__(self) -> None:
        self._weights = [nation.weight for nation in NATIONS]

    def nation(self, random: Random) -> Nation:
        """One nation by its share of foreign guests."""
        return random.choices(NATIONS, self._weights)[0]

    def draw(self, random: Random, nation: Nation, sex: str) -> tuple[str, str]:
        """Family and given name; one guest in three has a second given name."""
        given = nation.men if sex == "male" else nation.women
        count = 2 if random.random() < 0.35 else 1
        names = random.choices(given, zipf(len(given), 4, 1), k=count)
        family = random.choices(nation.family, zipf(len(nation.family), 3, 1))[0]
        return family, " ".join(dict.fromkeys(names))


def phone(random: Random, nation: Nation) -> str:
    """A mobile number of that nation in E.164."""
    prefix, _, digits = random.choice(nation.phones).partition(":")
    return prefix + str(random.randrange(2 * 10 ** (int(digits) - 1), 10 ** int(digits)))


def passport(random: Random, pattern: str) -> str:
    """A passport number of the given form."""
    return "".join(_character(random, mark) for mark in pattern)


def _character(random: Random, mark: str) -> str:
    if mark == "#":
        return random.choice("0123456789")
    return random.choice(LETTERS) if mark == "@" else mark
