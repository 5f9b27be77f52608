"""The typical cases of deletion, as the policy tells them."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from privacy.policy import grounds, periods, words
from privacy.policy.deciding import REVIEW_DAYS, Decision, decide
from privacy.policy.grounds import Ground
from privacy.policy.profiles import Status
from privacy.policy.rules import RULES, Level, Record
from privacy.tests.law_cases import PAST, RUNNING, TODAY, make_case

CHECKED_OUT = date(2025, 5, 1)
POSTED = date(2025, 4, 30)


def of_a_past_stay(category: str, *, today: date = TODAY, asked: bool = True, **facts: object) -> Decision:
    """What happens to a part of a stay that ended on 2025-05-01, by the shipped rules of mainland China."""
    stay = {"check_out": CHECKED_OUT, "posted": POSTED, "last_use": CHECKED_OUT}
    ends = periods.ends_of(category, stay, jurisdiction="CN", on=today)
    over = not any(end is not None and end >= today for end in (ends.by_law, ends.by_lower))
    found = grounds.found(
        category=category, stay_over=True, deletion_asked=asked, asking_is_ground=False, period_over=over
    )
    return decide(
        make_case(
            category,
            today=today,
            grounds=found,
            period_end_by_law=ends.by_law,
            law_rule=ends.law_rule,
            period_end_by_lower=ends.by_lower,
            lower_rule=ends.lower_rule,
            rule_unknown=ends.unknown,
            in_backups=True,
            **facts,
        )
    )


def told(decision: Decision) -> tuple[object, ...]:
    """Outcome, rule, end, words and whether counsel looks."""
    return (decision.outcome, decision.rule, decision.until, decision.wording_code, decision.needs_legal_review)


def test_delete_my_check_in_record_inside_the_register_period() -> None:
    """Register restricted until the date, bill for ten years, preferences and booking extras erased."""
    sheet = {category: told(of_a_past_stay(category)) for category in ("register", "payment", "preference", "note")}
    assert sheet == {
        "register": ("restrict", "CN-RET-01", date(2028, 5, 1), "register_until", True),
        "payment": ("restrict", "CN-RET-05", date(2035, 4, 30), "law_until", False),
        "preference": ("erase", "", None, "erased", False),
        "note": ("erase", "", None, "erased", False),
    }


def test_the_letter_names_the_date_and_the_police_as_another_controller() -> None:
    register = of_a_past_stay("register")
    assert register.also == ("reported_elsewhere",)
    with translation.override("en"):
        assert "2028-05-01" in words.say(register.wording_code, until=register.until)
        assert "public-security" in words.say("reported_elsewhere")


@pytest.mark.parametrize(
    ("today", "outcome"), [(date(2028, 5, 1), "restrict"), (date(2028, 5, 2), "erase"), (date(2030, 1, 1), "erase")]
)
def test_period_over_erased_without_being_asked(today: date, outcome: str) -> None:
    decision = of_a_past_stay("register", today=today, asked=False)
    assert (decision.outcome, decision.needs_legal_review) == (outcome, outcome == "restrict")


def test_only_own_policy_is_no_blocker() -> None:
    """Preferences may be kept for two years by own policy, and go at once when asked for."""
    own = [rule for rule in RULES if rule.level == Level.OWN_POLICY and rule.record == Record.PREFERENCE]
    assert [(rule.code, rule.number, rule.weight) for rule in own] == [("CN-RET-09", 24, "none")]
    assert of_a_past_stay("preference").outcome == "erase"


def test_consent_withdrawn_erases_preferences_at_once_even_in_house() -> None:
    found = grounds.found(category="preference", stay_over=False, deletion_asked=True, asking_is_ground=False)
    decision = decide(make_case("preference", grounds=found, open_stay=True, unpaid=True))
    assert (found, decision.outcome, decision.ground) == (frozenset({"D3"}), "erase", "D3")


def test_unverified_waits_whatever_else_holds() -> None:
    decision = decide(make_case("register", verified=False, authority_freeze=True, grounds=frozenset()))
    assert (decision.outcome, decision.wording_code, decision.also) == ("wait", "identity_open", ())


def test_no_ground_is_refused_with_reasons() -> None:
    decision = decide(make_case(grounds=frozenset()))
    assert (decision.outcome, decision.ground, decision.wording_code) == ("keep", "", "no_ground")


def test_no_ground_during_the_stay_says_until_when_it_is_needed() -> None:
    found = grounds.found(category="contact", stay_over=False, deletion_asked=True, asking_is_ground=False)
    decision = decide(make_case(grounds=found, open_stay=True))
    assert (decision.outcome, decision.wording_code) == ("keep", "still_needed")


def test_frozen_by_an_authority_is_restricted_before_all_else() -> None:
    decision = decide(make_case(authority_freeze=True, unpaid=True, period_end_by_law=RUNNING))
    assert (decision.outcome, decision.wording_code, decision.blockers) == ("restrict", "frozen", ("B1", "B2", "B4"))


def test_a_confidential_freeze_has_neutral_wording_and_is_not_among_what_is_shown() -> None:
    decision = decide(make_case(authority_freeze=True, confidential_hold=True))
    assert (decision.outcome, decision.wording_code) == ("restrict", "locked")
    assert (decision.blockers, decision.shown_blockers) == (("B1",), ())


def test_a_confidential_freeze_leaves_a_guest_in_house_on_the_lists() -> None:
    decision = decide(make_case(open_stay=True, authority_freeze=True, confidential_hold=True))
    assert (decision.outcome, decision.wording_code, decision.shown_blockers) == ("not_now", "not_now", ("B2",))


@pytest.mark.parametrize("matter", ["open_stay", "unpaid", "open_case"])
def test_an_open_matter_is_not_now_with_a_review_date(matter: str) -> None:
    by_default, by_case = decide(make_case(**{matter: True})), decide(make_case(**{matter: True}, review_on=RUNNING))
    assert [(each.outcome, each.until) for each in (by_default, by_case)] == [
        ("not_now", TODAY + timedelta(days=REVIEW_DAYS)),
        ("not_now", RUNNING),
    ]


def test_an_internal_hold_restricts_before_the_periods() -> None:
    decision = decide(make_case(internal_hold=True, period_end_by_law=RUNNING, review_on=RUNNING))
    assert told(decision) == ("restrict", "", None, "locked", False)
    assert decision.review_on == RUNNING


def test_a_period_by_law_restricts_until_its_end() -> None:
    decision = decide(make_case("payment", period_end_by_law=RUNNING))
    assert told(decision) == ("restrict", "CN-RET-05", RUNNING, "law_until", False)


def test_the_later_end_counts_where_law_and_lower_rule_run() -> None:
    decision = decide(make_case("payment", period_end_by_law=TODAY, period_end_by_lower=RUNNING))
    assert (decision.until, decision.blockers) == (RUNNING, ("B4", "B5"))


def test_the_register_without_a_rule_is_neither_erased_nor_refused() -> None:
    decision = decide(make_case("register", jurisdiction="EU"))
    assert told(decision) == ("restrict", "", None, "period_in_review", True)
    assert decision.review_on == TODAY + timedelta(days=REVIEW_DAYS)


def test_a_contested_record_is_restricted() -> None:
    assert told(decide(make_case(contested=True))) == ("restrict", "", None, "contested", False)


def test_a_companions_part_stays_theirs() -> None:
    decision = decide(make_case(holds_other_person=True, in_backups=True))
    assert (decision.outcome, decision.wording_code, decision.also) == (
        "others_part",
        "own_part_erased",
        ("backups_roll_off",),
    )


def test_a_copy_in_backups_rolls_off() -> None:
    decision = decide(make_case(in_backups=True))
    assert (decision.outcome, decision.blockers, decision.also) == ("erase", ("X2",), ("backups_roll_off",))
    with translation.override("en"):
        assert "90 days" in words.say("backups_roll_off")


def test_the_last_day_of_a_period_still_counts() -> None:
    outcomes = [decide(make_case(period_end_by_law=end)).outcome for end in (PAST, TODAY)]
    assert outcomes == ["erase", "restrict"]


def test_in_california_asking_is_ground_enough() -> None:
    found = grounds.found(category="contact", stay_over=False, deletion_asked=True, asking_is_ground=True)
    assert decide(make_case(jurisdiction="US-CA", grounds=found)).outcome == "erase"


def test_the_popular_conditions_are_no_grounds() -> None:
    """Leaked or tampered, and public interest, stand in no law."""
    assert [str(ground) for ground in Ground] == ["D1", "D2", "D3", "D4", "D5", "D6"]
    assert list(words.GROUNDS) == list(Ground)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, set()),
        ({"stay_over": True}, {"D1"}),
        ({"period_over": True}, {"D2"}),
        ({"consent_withdrawn": True}, {"D3"}),
        ({"unlawful": True}, {"D4"}),
        ({"by_other_law": True}, {"D5"}),
        ({"account_closed": True}, {"D6"}),
        ({"category": "draft"}, {"D1"}),
        ({"category": "preference"}, {"D3"}),
        ({"category": "preference", "deletion_asked": False}, set()),
        ({"asking_is_ground": True, "deletion_asked": False}, set()),
    ],
)
def test_grounds_follow_from_the_facts(facts: dict[str, object], expected: set[str]) -> None:
    plain = {"category": "contact", "stay_over": False, "deletion_asked": True, "asking_is_ground": False}
    assert grounds.found(**(plain | facts)) == expected  # type: ignore[arg-type]


def test_a_law_known_from_memory_counts_as_a_lower_rule_until_it_is_confirmed() -> None:
    bill = next(rule for rule in RULES if rule.code == "CN-RET-05")
    unsure = [type(bill)(**{**_fields(bill), "status": Status.MEMORY, "confirmed_on": on}) for on in (None, TODAY)]
    assert [rule.weight for rule in (bill, *unsure)] == ["law", "lower", "law"]


def _fields(rule: object) -> dict[str, object]:
    return {name: getattr(rule, name) for name in type(rule).__slots__}  # type: ignore[attr-defined]
