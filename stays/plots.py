"""Figures as bars: the geometry of each plot, made here. Numbers stand in a table beneath."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise

# Units of the picture's own; the page scales it.
WIDTH: Final = 480
NAMES: Final = 170
BAR: Final = 16
STEP: Final = 26
VALUES: Final = 46


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. ``top``, ``width``: units of the picture; ``text`` is the value as people read it."""

    name: str
    value: float
    text: str
    top: int
    width: float

    @property
    def middle(self) -> int:
        """Where name and value stand."""
        return self.top + BAR // 2

    @property
    def end(self) -> float:
        """Where the value stands."""
        return NAMES + self.width + 8


@dataclass(frozen=True, slots=True)
class Panel:
    """A plot with its table: ``counted`` is the heading of the values."""

    key: str
    title: str | Promise
    counted: str | Promise
    bars: tuple[Bar, ...]

    @property
    def height(self) -> int:
        """Of the picture."""
        return len(self.bars) * STEP + 4


def bars(values: Sequence[tuple[str, float, str]]) -> tuple[Bar, ...]:
    """One bar for each name, value and text of the value, the largest as long as there is room."""
    room = WIDTH - NAMES - VALUES
    most = max((value for _name, value, _text in values), default=0) or 1
    return tuple(
        Bar(name, value, text, row * STEP + 4, round(max(value / most * room, 1), 1))
        for row, (name, value, text) in enumerate(values)
    )
