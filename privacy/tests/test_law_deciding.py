"""Every combination of ground, blocker, category and jurisdiction has exactly one outcome, and holds its promises."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.policy import words
from privacy.policy.blockers import BLOCKERS, Outcome
from privacy.policy.cases import Case
from privacy.policy.deciding import Decision, decide, wording
from privacy.policy.grounds import Ground
from privacy.policy.profiles import PROFILES
from privacy.tests.law_cases import PAST, RUNNING, TODAY, make_case
from vault.categories import Category

FLAGS = (
    "verified",
    "authority_freeze",
    "internal_hold",
    "open_stay",
    "contested",
    "holds_other_person",
    "confidential_hold",
    "in_backups",
)
ENDS = (None, PAST, RUNNING)
SHOWN = ("outcome", "wording_code", "until", "review_on", "also", "rule", "needs_legal_review", "shown_blockers")

cases = st.builds(
    make_case,
    category=st.sampled_from(Category.values),
    jurisdiction=st.sampled_from(sorted(PROFILES)),
    region=st.sampled_from(["", "31", "44"]),
    grounds=st.frozensets(st.sampled_from([str(ground) for ground in Ground])),
    period_end_by_law=st.none() | st.dates(TODAY - timedelta(days=9), TODAY + timedelta(days=9)),
    period_end_by_lower=st.none() | st.dates(TODAY - timedelta(days=9), TODAY + timedelta(days=9)),
    review_on=st.none() | st.dates(TODAY, TODAY + timedelta(days=180)),
    **{flag: st.booleans() for flag in (*FLAGS, "unpaid", "open_case", "rule_unknown")},
)


def by_the_table(case: Case) -> str:
    """The table of the policy once more, written as it is read."""
    if not case.verified:
        return "wait"
    if not case.grounds:
        return "keep"
    is_open = case.open_stay or case.unpaid or case.open_case
    unknown = case.category == "register" and not (case.period_end_by_law or case.period_end_by_lower)
    table = (
        ("restrict", case.authority_freeze and not case.confidential_hold),
        ("not_now", is_open and case.category not in ("preference", "draft")),
        ("restrict", case.internal_hold and not case.confidential_hold),
        ("restrict", case.period_end_by_law is not None and case.period_end_by_law >= TODAY),
        ("restrict", case.period_end_by_lower is not None and case.period_end_by_lower >= TODAY),
        ("restrict", unknown or case.rule_unknown),
        ("restrict", case.contested),
        ("others_part", case.holds_other_person),
        ("erase", True),
    )
    first = next(outcome for outcome, is_so in table if is_so)
    is_hidden = case.confidential_hold and (case.authority_freeze or case.internal_hold)
    return "restrict" if is_hidden and first in ("erase", "others_part") else first


def test_the_table_is_followed_in_every_combination_of_blockers() -> None:
    """Exhaustive: 8 facts, both ends, all categories, with and without a ground."""
    combinations = product(*[(False, True)] * len(FLAGS), ENDS, ENDS, Category.values, (frozenset(), {"D1"}))
    wrong, seen = [], set()
    for *flags, law, lower, category, grounds in combinations:
        facts = dict(zip(FLAGS, flags, strict=True))
        case = make_case(
            category, grounds=frozenset(grounds), period_end_by_law=law, period_end_by_lower=lower, **facts
        )
        outcome = decide(case).outcome
        seen.add(str(outcome))
        if outcome != by_the_table(case):
            wrong.append(case)
    assert wrong == []
    assert seen == {str(outcome) for outcome in Outcome}


@pytest.mark.parametrize("jurisdiction", sorted(PROFILES))
def test_each_ground_meets_each_blocker_alike_everywhere(jurisdiction: str) -> None:
    alone = [{flag: True} for flag in (*FLAGS[1:-1], "unpaid", "open_case")]
    ends = [{"period_end_by_law": RUNNING}, {"period_end_by_lower": RUNNING}, {"verified": False}, {}]
    for ground, facts, category in product([*Ground, ""], alone + ends, Category.values):
        case = make_case(category, grounds=frozenset({ground} - {""}), jurisdiction=jurisdiction, **facts)
        assert decide(case).outcome == by_the_table(case)


@given(cases)
def test_any_case_has_one_outcome_and_a_letter(case: Case) -> None:
    decision = decide(case)
    assert decision.outcome == by_the_table(case)
    for code in (decision.wording_code, *decision.also):
        assert words.say(code, until=decision.until)
        assert words.article_of(code, case.jurisdiction, ground=decision.ground)


@given(cases)
def test_all_hits_are_kept_in_the_order_of_the_table(case: Case) -> None:
    order = [blocker.code for blocker in BLOCKERS]
    decision = decide(case)
    assert list(decision.blockers) == [code for code in order if code in decision.blockers]
    hit = {
        "B0": not case.verified,
        "B1": case.authority_freeze,
        "B3": case.internal_hold,
        "B6": case.contested,
        "X1": case.holds_other_person,
        "X2": case.in_backups,
    }
    assert {code: code in decision.blockers for code in hit} == hit


@given(cases)
def test_nothing_that_must_stay_is_erased(case: Case) -> None:
    destroying = decide(case).outcome in (Outcome.ERASE, Outcome.OTHERS_PART)
    must_stay = (
        not case.verified
        or case.authority_freeze
        or case.internal_hold
        or case.contested
        or case.runs(case.period_end_by_law)
        or case.runs(case.period_end_by_lower)
        or not case.grounds
    )
    assert not (destroying and must_stay)


@given(cases)
def test_a_restriction_has_an_end_or_a_day_of_review(case: Case) -> None:
    decision = decide(case)
    dates = (decision.until is not None, decision.review_on is not None)
    expected = {"restrict": ((True, False), (False, True)), "not_now": ((True, True),)}
    assert dates in expected.get(str(decision.outcome), ((False, False),))


def shown(decision: Decision) -> dict[str, object]:
    """All that anybody but the officers named for a confidential hold can see."""
    return {name: getattr(decision, name) for name in SHOWN}


@given(cases)
def test_a_confidential_hold_never_shows(case: Case) -> None:
    hidden = decide(replace(case, authority_freeze=True, confidential_hold=True))
    without = decide(replace(case, authority_freeze=False, internal_hold=False, confidential_hold=False))
    if without.outcome in (Outcome.ERASE, Outcome.OTHERS_PART):
        assert (hidden.outcome, hidden.wording_code) == (Outcome.RESTRICT, "locked")
        assert (hidden.until, hidden.rule, hidden.needs_legal_review) == (None, "", False)
        assert hidden.shown_blockers == without.shown_blockers
    else:
        assert shown(hidden) == shown(without)


def test_the_words_of_a_confidential_hold_are_those_of_any_internal_one() -> None:
    told = [
        decide(make_case(authority_freeze=True, confidential_hold=True)),
        decide(make_case(internal_hold=True)),
        decide(make_case(internal_hold=True, confidential_hold=True)),
    ]
    assert {(each.outcome, each.wording_code, each.until, each.also) for each in told} == {
        (Outcome.RESTRICT, "locked", None, ())
    }


@given(cases)
def test_the_letter_says_what_the_row_of_the_sheet_says(case: Case) -> None:
    decision = decide(case)
    has_end = decision.outcome == Outcome.RESTRICT and decision.until is not None
    row = wording(decision.outcome, decision.shown_blockers, category=case.category, has_end=has_end)
    assert row == decision.wording_code


@given(cases, st.sampled_from([outcome for outcome in Outcome if outcome != Outcome.WAIT]))
def test_an_officers_own_choice_has_words_too(case: Case, chosen: Outcome) -> None:
    code = wording(chosen, decide(case).shown_blockers, category=case.category, has_end=False)
    assert words.say(code, until=TODAY)


@pytest.mark.parametrize("facts", [{"category": "passport"}, {"jurisdiction": "FR"}, {"grounds": frozenset({"D7"})}])
def test_an_unknown_code_is_refused(facts: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no such"):
        make_case(**facts)  # type: ignore[arg-type]
