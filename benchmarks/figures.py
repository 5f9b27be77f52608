"""Medians, 95th percentiles and fair comparisons."""

import gc
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Times:
    """What repeated runs took, in milliseconds."""

    p50: float
    p95: float
    count: int

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Times":
        """Summarise single times in seconds."""
        ordered = sorted(seconds)
        high = ordered[min(len(ordered) - 1, math.ceil(len(ordered) * 0.95) - 1)]
        return cls(round(median(ordered) * 1000, 3), round(high * 1000, 3), len(ordered))

    def plain(self) -> dict[str, float]:
        """As JSON keeps it."""
        return asdict(self)


def timed(deed: Callable[[], Any]) -> float:
    """Seconds one call takes."""
    start = time.perf_counter()
    deed()
    return time.perf_counter() - start


def interleaved(deeds: Sequence[Callable[[int], Any]], rounds: int, warm: int = 3) -> list[Times]:
    """Run the deeds in turns, so that whatever else the machine does meets all alike.

    Each is called with the number of the round; the first of the pair changes from round to round.
    """
    for turn in range(warm):
        for deed in deeds:
            deed(turn)
    gc.collect()
    seconds: list[list[float]] = [[] for _ in deeds]
    for turn in range(rounds):
        order = range(len(deeds)) if turn % 2 else reversed(range(len(deeds)))
        for place in order:
            seconds[place].append(timed(lambda: deeds[place](turn + warm)))  # noqa: B023
    return [Times.of(each) for each in seconds]


def repeated(deed: Callable[[int], Any], rounds: int, warm: int = 3) -> Times:
    """The times of one deed."""
    return interleaved([deed], rounds, warm)[0]
