"""Every combination of ground, blocker, category and jurisdiction has one outcome: the table, read line by line.

The table here is typed from the policy as a person reads it, in words and with its own order, and shares nothing with
the code that decides: neither its codes nor its functions.
"""

from collections.abc import Iterator
from itertools import chain, combinations, product
from typing import Any, Final

import pytest

from privacy.policy.deciding import decide
from privacy.policy.profiles import PROFILES
from privacy.tests.law_cases import PAST, RUNNING, make_case
from vault.categories import Category

GROUNDS: Final = ("D1", "D2", "D3", "D4", "D5", "D6")
# What stands against it, in the order in which it is tested: the line, the fact that makes it hit, the outcome.
TABLE: Final[tuple[tuple[str, dict[str, Any], str], ...]] = (
    ("B0", {"verified": False}, "wait"),
    ("B1", {"authority_freeze": True}, "restrict"),
    ("B2", {"unpaid": True}, "not_now"),
    ("B3", {"internal_hold": True}, "restrict"),
    ("B4", {"period_end_by_law": RUNNING}, "restrict"),
    ("B5", {"period_end_by_lower": RUNNING}, "restrict"),
    ("B6", {"contested": True}, "restrict"),
    ("X1", {"holds_other_person": True}, "others_part"),
)
LINES: Final = tuple(line for line, _facts, _outcome in TABLE)
# Consent and unfinished forms serve no stay: an open bill is no reason to keep them.
OF_NO_STAY: Final = ("preference", "draft")
OVER: Final = {"period_end_by_law": PAST, "period_end_by_lower": PAST}


def subsets(of: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Every choice of them, none and all included."""
    return chain.from_iterable(combinations(of, count) for count in range(len(of) + 1))


def as_the_policy_says(category: str, has_ground: bool, hit: tuple[str, ...]) -> str:
    """The first line that hits decides; without a ground the deletion is refused; nothing against it: erased."""
    standing = [line for line in hit if not (line == "B2" and category in OF_NO_STAY)]
    if "B0" in standing:
        return "wait"
    if not has_ground:
        return "keep"
    return next((outcome for line, _facts, outcome in TABLE if line in standing), "erase")


def facts_of(hit: tuple[str, ...]) -> dict[str, Any]:
    """Facts that make exactly these lines hit; every period that does not run is over."""
    found: dict[str, Any] = dict(OVER)
    for line, facts, _outcome in TABLE:
        found |= facts if line in hit else {}
    return found


@pytest.mark.parametrize("jurisdiction", sorted(PROFILES))
def test_every_combination_has_the_one_outcome_of_the_table(jurisdiction: str) -> None:
    """Exhaustive: 256 combinations of blockers, every category, with and without a ground."""
    wrong = []
    for hit, category, ground in product(subsets(LINES), Category.values, ("", "D1")):
        case = make_case(category, jurisdiction=jurisdiction, grounds=frozenset({ground} - {""}), **facts_of(hit))
        if decide(case).outcome != as_the_policy_says(category, bool(ground), hit):
            wrong.append((hit, category, ground))
    assert wrong == []


@pytest.mark.parametrize("category", Category.values)
def test_grounds_together_weigh_as_one(category: str) -> None:
    """All 64 sets of grounds against each line alone and none."""
    for several, hit in product(subsets(GROUNDS), ((), *((line,) for line in LINES))):
        case = make_case(category, grounds=frozenset(several), **facts_of(hit))
        assert decide(case).outcome == as_the_policy_says(category, bool(several), hit)
        assert decide(case).ground == next(iter(several), "")


@pytest.mark.parametrize("matter", ["open_stay", "unpaid", "open_case"])
def test_each_open_matter_is_the_same_line(matter: str) -> None:
    outcomes = {category: decide(make_case(category, **OVER, **{matter: True})).outcome for category in Category.values}
    assert outcomes == {category: as_the_policy_says(category, True, ("B2",)) for category in Category.values}


def test_own_policy_is_no_line_of_the_table() -> None:
    """Only own policy: no blocker. What it keeps for two years goes at once when it is asked for."""
    assert decide(make_case("preference", grounds=frozenset({"D3"}), **OVER)).outcome == "erase"
