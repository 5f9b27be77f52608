"""Chinese names with realistic frequencies.

Surnames follow the order, the shares of the first three (7.25, 7.19, 6.83 %) and the total of the first hundred
(84.77 %) which the Ministry of Public Security published from household registration in April 2007; the shares
between are fitted to its bands (ten names above 20 million bearers, twelve more above 10 million). Given-name
characters fall off by Zipf-Mandelbrot, which puts the commonest at about 2 % of all characters of its sex.
"""

from pathlib import Path
from random import Random

CHARACTERS = dict(line.split("\t") for line in (Path(__file__).parent / "characters.tsv").read_text().splitlines())
COMPOUND = ("欧阳", "上官", "司马", "诸葛", "皇甫", "司徒", "东方", "慕容", "令狐", "尉迟")

SHARES = (7.25, 7.19, 6.83, 5.38, 4.53, 3.08, 2.29, 2.23, 2.05, 2.02)
LARGE = tuple(1.67 - 0.075 * place for place in range(12))
FIRST_HUNDRED = 84.77


def zipf(count: int, shift: float, slope: float) -> list[float]:
    """Weights ``1 / (rank + shift) ** slope`` of Zipf and Mandelbrot for ``count`` ranks."""
    return [1 / (rank + shift) ** slope for rank in range(1, count + 1)]


def surname_shares() -> dict[str, float]:
    """Per cent of bearers of each surname, about 100 in all."""
    known = [*SHARES, *LARGE]
    middle = zipf(100 - len(known), 20, 1.1)
    left = FIRST_HUNDRED - sum(known)
    shares = [*known, *(weight * left / sum(middle) for weight in middle)]
    tail = zipf(len(CHARACTERS["rarer"]), 30, 1.3)
    rest = 100 - FIRST_HUNDRED - 0.05 * len(COMPOUND)
    published = dict(zip(CHARACTERS["published"], shares, strict=True))
    rarer = {name: weight * rest / sum(tail) for name, weight in zip(CHARACTERS["rarer"], tail, strict=True)}
    return {**published, **rarer, **dict.fromkeys(COMPOUND, 0.05)}


class Names:
    """Draws Chinese names; the tables are cumulated once."""

    def __init__(self) -> None:
        shares = surname_shares()
        self.surnames = list(shares)
        self._surname_steps = _steps(list(shares.values()))
        self._given = {"male": CHARACTERS["men"], "female": CHARACTERS["women"]}
        self._pair_steps = {sex: _steps(zipf(len(c), 20, 1.25)) for sex, c in self._given.items()}
        self._single_steps = {sex: _steps(zipf(len(c), 8, 1.4)) for sex, c in self._given.items()}

    def draw(self, random: Random, sex: str, year: int) -> tuple[str, str]:
        """A surname and a given name; one character in six is alone, more often in the seventies to nineties."""
        surname = random.choices(self.surnames, cum_weights=self._surname_steps)[0]
        characters = self._given[sex]
        if random.random() < (0.25 if 1970 <= year < 2000 else 0.08):
            return surname, random.choices(characters, cum_weights=self._single_steps[sex])[0]
        return surname, "".join(random.choices(characters, cum_weights=self._pair_steps[sex], k=2))


def _steps(weights: list[float]) -> list[float]:
    total, steps = 0.0, []
    for weight in weights:
        total += weight
        steps.append(total)
    return steps
