"""What rooms above say of a stay beside its status, told by the statement that reads the stay.

Rooms above add theirs in a ``marks.py`` of their own; ``StaysConfig.ready`` loads them all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Expression
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Mark:
    """A badge, for everybody who sees the stay. ``lies_on``: whether it lies on the stay that is read, at a moment."""

    code: str
    word: Promise
    lies_on: Callable[[datetime], Expression]


MARKS: dict[str, Mark] = {}


def add_mark(mark: Mark) -> Mark:
    """A mark of a room above."""
    MARKS[mark.code] = mark
    return mark


def marks_on(stay: object) -> tuple[str, ...]:
    """The codes of the marks that lie on a stay; none where it was read without them (``StayQuerySet.marked``)."""
    return tuple(code for code in MARKS if getattr(stay, code, False))
