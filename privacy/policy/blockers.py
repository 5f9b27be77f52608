"""What stands against an erasure, in the order in which it is tested; own policy is not among it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from privacy.policy.cases import Case
from vault.categories import Category


class Outcome(StrEnum):
    """What happens to one record. ``WAIT`` comes before any sheet: nobody is told anything yet."""

    WAIT = "wait"
    ERASE = "erase"
    RESTRICT = "restrict"
    KEEP = "keep"
    NOT_NOW = "not_now"
    OTHERS_PART = "others_part"  # this person's part is erased, the other person's stays


class Block(StrEnum):
    """The codes of the table. X1 and X2 shape an erasure, they do not stop it."""

    UNVERIFIED = "B0"
    FROZEN = "B1"
    STAY_MATTER = "B2"
    HELD = "B3"
    LAW_PERIOD = "B4"
    LOWER_PERIOD = "B5"
    CONTESTED = "B6"
    OTHERS_DATA = "X1"
    IN_BACKUPS = "X2"


@dataclass(frozen=True, slots=True)
class Blocker:
    """One line of the table."""

    code: Block
    outcome: Outcome
    hits: Callable[[Case], bool]


# Preferences rest on consent and drafts on nothing: an open stay or bill is no reason to keep them (M42).
_OF_NO_STAY = frozenset({Category.PREFERENCE, Category.DRAFT})
# Holds that may be confidential.
HOLDS: Final = frozenset({Block.FROZEN, Block.HELD})


def _stay_matter(case: Case) -> bool:
    return (case.open_stay or case.unpaid or case.open_case) and case.category not in _OF_NO_STAY


def _lower_period(case: Case) -> bool:
    """A lower rule's period runs, or the law regulates the record and nobody has confirmed how long: the guest
    register without a confirmed rule is never silently erased and never flatly refused."""
    silent = case.period_end_by_law is None and case.period_end_by_lower is None
    is_unruled = case.rule_unknown or (silent and case.category == Category.REGISTER)
    return case.runs(case.period_end_by_lower) or is_unruled


BLOCKERS: Final[tuple[Blocker, ...]] = (
    Blocker(Block.UNVERIFIED, Outcome.WAIT, lambda case: not case.verified),
    Blocker(Block.FROZEN, Outcome.RESTRICT, lambda case: case.authority_freeze),
    Blocker(Block.STAY_MATTER, Outcome.NOT_NOW, _stay_matter),
    Blocker(Block.HELD, Outcome.RESTRICT, lambda case: case.internal_hold),
    Blocker(Block.LAW_PERIOD, Outcome.RESTRICT, lambda case: case.runs(case.period_end_by_law)),
    Blocker(Block.LOWER_PERIOD, Outcome.RESTRICT, _lower_period),
    Blocker(Block.CONTESTED, Outcome.RESTRICT, lambda case: case.contested),
    Blocker(Block.OTHERS_DATA, Outcome.OTHERS_PART, lambda case: case.holds_other_person),
    Blocker(Block.IN_BACKUPS, Outcome.ERASE, lambda case: case.in_backups),
)
OUTCOME_OF: Final[dict[str, Outcome]] = {blocker.code: blocker.outcome for blocker in BLOCKERS}


def hits(case: Case) -> tuple[str, ...]:
    """All that stands against the erasure, in the order of the table."""
    return tuple(str(blocker.code) for blocker in BLOCKERS if blocker.hits(case))
