"""The tables of the log: its rows, and what seals them."""

from .rows import OF_FEW, Change, ChangeQuerySet, Event, EventQuerySet, KeeperBeat, Session, TermKey
from .seals import (
    Anchor,
    Checkpoint,
    Cosignature,
    Leaf,
    Origin,
    Pruning,
    PruningApproval,
    Statement,
    Verification,
)

__all__ = [
    "OF_FEW",
    "Anchor",
    "Change",
    "ChangeQuerySet",
    "Checkpoint",
    "Cosignature",
    "Event",
    "EventQuerySet",
    "KeeperBeat",
    "Leaf",
    "Origin",
    "Pruning",
    "PruningApproval",
    "Session",
    "Statement",
    "TermKey",
    "Verification",
]
