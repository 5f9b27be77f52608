"""The decision about one record whose deletion is asked for, or whose period is over.

First who asks: an unverified person learns nothing. Then the ground: without one the record is kept and the refusal
says why. Then the table of blockers in its order: all hits are kept, the first decides.

A confidential hold never shows. Where the record would stay anyway (kept, not now, restricted for another reason) the
decision is the one without the hold, so that the desk's lists, the wording and the timing are as if it were not there;
where it would be erased it is restricted instead, in the words that any internal hold has.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from privacy.policy import grounds
from privacy.policy.blockers import HOLDS, OUTCOME_OF, Block, Outcome, hits
from privacy.policy.cases import Case
from privacy.policy.rules import RECORD_OF, RULES, Weight, applying
from vault.categories import Category

# When a matter without a date of its own is looked at again (own choice).
REVIEW_DAYS: Final = 30

_DESTROYING = frozenset({Outcome.ERASE, Outcome.OTHERS_PART})


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What happens to a record, and why.

    ``rule``: the retention rule that decides, for B4 and B5. ``until``: the last day of the restriction where a rule
    sets one, the day of review for *not now*, else None: no end of its own. ``review_on``: when it is looked at again,
    where it has no end of its own. ``blockers``: all hits in order; ``hidden``: those of them which only the officers
    named for a confidential hold may see. ``also``: codes of further sentences of the letter.
    """

    outcome: Outcome
    ground: str
    blockers: tuple[str, ...]
    wording_code: str
    rule: str = ""
    until: date | None = None
    review_on: date | None = None
    needs_legal_review: bool = False
    hidden: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def shown_blockers(self) -> tuple[str, ...]:
        """The hits that everybody who decides on the request may see."""
        return tuple(code for code in self.blockers if code not in self.hidden)


def decide(case: Case) -> Decision:
    """The one outcome for a record."""
    found = hits(case)
    hidden = tuple(code for code in found if case.confidential_hold and code in HOLDS)
    shown = tuple(code for code in found if code not in hidden)
    ground = grounds.first(case.grounds)
    outcome, acting = _outcome(ground, shown)
    if hidden and outcome in _DESTROYING:
        outcome, acting = Outcome.RESTRICT, ""
    until = _until(case, acting)
    needs_review_date = outcome in (Outcome.RESTRICT, Outcome.NOT_NOW) and until is None
    review_on = case.review_on or case.today + timedelta(days=REVIEW_DAYS)
    return Decision(
        outcome=outcome,
        ground=ground,
        blockers=found,
        hidden=hidden,
        rule=_rule(case, acting),
        until=review_on if outcome == Outcome.NOT_NOW else until,
        review_on=review_on if needs_review_date else None,
        needs_legal_review=acting == Block.LOWER_PERIOD,
        wording_code=wording(outcome, shown, category=case.category, has_end=until is not None),
        also=also(outcome, shown, category=case.category, jurisdiction=case.jurisdiction),
    )


def wording(outcome: str, blockers: Sequence[str], *, category: str, has_end: bool) -> str:
    """The code of the sentence (``words.WORDINGS``) for a row of the decision sheet, from what may be shown of it.

    ``blockers``: the shown ones, in order; ``has_end``: whether a rule sets the end of the restriction. The letter
    of an officer's own choice is worded by the same function, so that sheet and letter cannot differ.
    """
    if outcome == Outcome.RESTRICT:
        acting = next((code for code in blockers if OUTCOME_OF[code] == Outcome.RESTRICT), "")
        return _restricted(acting, is_register=category == Category.REGISTER, has_end=has_end)
    if outcome == Outcome.KEEP:
        return "still_needed" if Block.STAY_MATTER in blockers else "no_ground"
    return {
        Outcome.WAIT: "identity_open",
        Outcome.NOT_NOW: "not_now",
        Outcome.OTHERS_PART: "own_part_erased",
        Outcome.ERASE: "erased",
    }[Outcome(outcome)]


def also(outcome: str, blockers: Sequence[str], *, category: str, jurisdiction: str) -> tuple[str, ...]:
    """Further sentences: what backups still hold, and that the police's copy is another controller's."""
    is_told = outcome not in (Outcome.WAIT, Outcome.KEEP)
    reported = is_told and category == Category.REGISTER and jurisdiction == "CN"
    in_backups = outcome in _DESTROYING and Block.IN_BACKUPS in blockers
    codes = {"backups_roll_off": in_backups, "reported_elsewhere": reported}
    return tuple(code for code, is_so in codes.items() if is_so)


def _outcome(ground: str, blockers: Sequence[str]) -> tuple[Outcome, str]:
    """The outcome and the blocker that decides it."""
    if Block.UNVERIFIED in blockers:
        return Outcome.WAIT, Block.UNVERIFIED
    if not ground:
        return Outcome.KEEP, ""
    acting = next(iter(blockers), "")
    return OUTCOME_OF.get(acting, Outcome.ERASE), acting


def _restricted(acting: str, *, is_register: bool, has_end: bool) -> str:
    if acting == Block.FROZEN:
        return "frozen"
    if acting == Block.LAW_PERIOD:
        return "register_until" if is_register else "law_until"
    if acting == Block.LOWER_PERIOD:
        return ("register_until" if is_register else "lower_until") if has_end else "period_in_review"
    return "contested" if acting == Block.CONTESTED else "locked"


def _until(case: Case, acting: str) -> date | None:
    """The later end of the periods that run, where a period decides."""
    if acting not in (Block.LAW_PERIOD, Block.LOWER_PERIOD):
        return None
    ends = (case.period_end_by_law, case.period_end_by_lower)
    return max((end for end in ends if end is not None and case.runs(end)), default=None)


def _rule(case: Case, acting: str) -> str:
    """The code of the rule that decides: the caller's, or the one shipped for this record and place."""
    if acting == Block.LAW_PERIOD:
        return case.law_rule or _shipped(case, Weight.LAW)
    return (case.lower_rule or _shipped(case, Weight.LOWER)) if acting == Block.LOWER_PERIOD else ""


def _shipped(case: Case, weight: Weight) -> str:
    record = RECORD_OF.get(case.category)
    place = {"jurisdiction": case.jurisdiction, "region": case.region}
    found = applying(RULES, record=record, on=case.today, **place) if record else ()
    return next((rule.code for rule in found if rule.weight == weight), "")
