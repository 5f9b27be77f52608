"""What the pages of a shift show, as plain data: what is handed over, who is visiting."""

from collections.abc import Sequence
from dataclasses import dataclass

from stays.models import Handover, Note, Visitor
from vault.values import Value


@dataclass(frozen=True, slots=True)
class HandoverView:
    """Words for the next shift."""

    handover: Handover
    text: Value


@dataclass(frozen=True, slots=True)
class OpenNote:
    """A request or feedback somebody still has to see to. ``room``: as a list says it, empty where there is none."""

    note: Note
    text: Value
    room: str


@dataclass(frozen=True, slots=True)
class ShiftPage:
    """What one shift hands to the next: words, open notes, and how much is left to do on the lists."""

    words: Sequence[HandoverView]
    notes: Sequence[OpenNote]
    arrivals: int
    overdue: int
    visitors: int


@dataclass(frozen=True, slots=True)
class VisitorView:
    """A line of the visitor register. ``room``: of the guests visited; ``name`` is empty once it is erased."""

    visitor: Visitor
    room: str
    name: Value
    document: Value
