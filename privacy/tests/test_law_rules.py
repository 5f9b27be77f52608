"""The retention rules as shipped, their weight, and the end of a period."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.models import Rule as StoredRule
from privacy.policy.periods import Ends, add_period, end_of, ends_of
from privacy.policy.rules import RULES, End, Kind, Level, Record, Start, Unit, applying

BY_CODE = {rule.code: rule for rule in RULES}
STAY = {"arrival": date(2025, 4, 28), "check_out": date(2025, 5, 1), "posted": date(2025, 4, 30)}


def test_every_row_of_the_policy_is_there() -> None:
    rows = {code: (rule.number, str(rule.unit), str(rule.start), str(rule.level)) for code, rule in BY_CODE.items()}
    assert rows == {
        "CN-RET-01": (3, "years", "check_out", "local_rule"),
        "CN-RET-02": (180, "days", "check_out", "own_policy"),
        "CN-RET-03": (24, "hours", "recorded", "own_policy"),
        "CN-RET-05": (10, "years", "posted", "administrative_regulation"),
        "CN-RET-08": (90, "days", "planned_arrival", "own_policy"),
        "CN-RET-09": (24, "months", "last_use", "own_policy"),
        "CN-RET-10": (90, "days", "recorded", "own_policy"),
        "CN-RET-11": (3, "years", "check_out", "own_policy"),
        "CN-RET-13": (3, "years", "closed", "own_policy"),
        "CN-RET-14": (30, "days", "recorded", "own_policy"),
        "CN-RET-16": (3, "years", "made", "own_policy"),
        "CN-RET-17": (90, "days", "made", "own_policy"),
        "CN-LOG-01": (6, "months", "made", "law"),
        "CN-LOG-01-KEEP": (36, "months", "made", "own_policy"),
        "CN-LOG-02": (3, "years", "ended", "administrative_regulation"),
        "CN-PIA-02": (3, "years", "made", "law"),
        "DE-RET-01": (1, "years", "arrival", "law"),
        "DE-RET-01-LATEST": (15, "months", "arrival", "law"),
        "ES-RET-01": (3, "years", "check_out", "administrative_regulation"),
        "UK-RET-01": (12, "months", "check_out", "administrative_regulation"),
    }


def test_the_codes_are_those_the_database_allows() -> None:
    assert set(Unit) == set(StoredRule.Unit.values)
    assert set(Kind) == set(StoredRule.Kind.values)
    assert set(Level) == set(StoredRule.Level.values)


def test_only_a_duty_to_keep_weighs() -> None:
    heavy = {code: str(rule.weight) for code, rule in BY_CODE.items() if rule.weight != "none"}
    assert heavy == {
        "CN-RET-01": "lower",
        "CN-RET-05": "law",
        "CN-LOG-01": "law",
        "CN-LOG-02": "law",
        "CN-PIA-02": "law",
        "DE-RET-01": "law",
        "ES-RET-01": "law",
        "UK-RET-01": "law",
    }


@pytest.mark.parametrize(
    ("level", "status", "weight"),
    [
        ("law", "A", "law"),
        ("administrative_regulation", "B", "law"),
        ("law", "?", "lower"),
        ("administrative_regulation", "P", "lower"),
        ("department_rule", "A", "lower"),
        ("local_regulation", "A", "lower"),
        ("local_rule", "A", "lower"),
        ("standard", "A", "lower"),
        ("contract", "A", "lower"),
        ("own_policy", "P", "none"),
    ],
)
def test_weight_by_level_and_status(level: str, status: str, weight: str) -> None:
    rule = replace(BY_CODE["CN-RET-05"], level=level, status=status)
    assert (rule.weight, replace(rule, kind="max").weight) == (weight, "none")


def test_the_register_by_own_policy_counts_as_a_lower_rule() -> None:
    assert replace(BY_CODE["CN-RET-01"], level="own_policy").weight == "lower"


def test_a_regions_rule_goes_before_the_general_one() -> None:
    general = BY_CODE["CN-RET-01"]
    shanghai = replace(general, code="CN-RET-01-31", region="31", number=1, status="A")
    found = {
        region: applying([general, shanghai], record="register", jurisdiction="CN", region=region)
        for region in ("", "31", "44")
    }
    assert found == {"": (general,), "31": (shanghai,), "44": (general,)}


def test_rules_are_law_only_while_they_are_in_force() -> None:
    old = replace(BY_CODE["CN-RET-01"], in_force_to=date(2025, 12, 31))
    new = replace(BY_CODE["CN-RET-01"], number=1, in_force_from=date(2026, 1, 1))
    found = [
        applying([old, new], record="register", jurisdiction="CN", on=day)
        for day in (date(2025, 12, 31), date(2026, 1, 1))
    ]
    assert found == [(old,), (new,)]


@pytest.mark.parametrize(
    ("code", "facts", "end"),
    [
        ("CN-RET-01", {"check_out": "2025-05-01"}, "2028-05-01"),
        ("CN-RET-01", {"check_out": "2024-02-29"}, "2027-02-28"),
        ("CN-RET-02", {"check_out": "2025-05-01"}, "2025-10-28"),
        ("CN-RET-03", {"recorded": "2025-05-01"}, "2025-05-02"),
        ("CN-RET-03", {"recorded": "2025-05-01", "acknowledged": "2025-05-01"}, "2025-05-01"),
        ("CN-RET-05", {"posted": "2025-05-01"}, "2035-05-01"),
        ("CN-RET-08", {"planned_arrival": "2025-05-01"}, "2025-07-30"),
        ("CN-RET-09", {"last_use": "2025-05-01"}, "2027-05-01"),
        ("CN-RET-09", {"last_use": "2025-05-01", "withdrawal": "2025-06-01"}, "2025-06-01"),
        ("CN-RET-09", {"withdrawal": "2025-06-01"}, "2025-06-01"),
        ("CN-RET-09", {"last_use": "2025-05-01", "withdrawal": "2028-06-01"}, "2027-05-01"),
        ("CN-RET-13", {"closed": "2025-05-01"}, "2028-05-01"),
        ("CN-RET-14", {"recorded": "2025-05-01", "closed": "2025-05-10"}, "2025-05-10"),
        ("CN-RET-14", {"recorded": "2025-05-01", "closed": "2025-09-10"}, "2025-05-31"),
        ("DE-RET-01-LATEST", {"arrival": "2025-05-01"}, "2026-08-01"),
        ("CN-RET-01", {"arrival": "2025-05-01"}, None),
        ("CN-RET-05", {}, None),
    ],
)
def test_the_end_of_a_period(code: str, facts: dict[str, str], end: str | None) -> None:
    days = {event: date.fromisoformat(day) for event, day in facts.items()}
    assert end_of(BY_CODE[code], days) == (date.fromisoformat(end) if end else None)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 200), st.sampled_from(sorted(Unit)))
def test_a_longer_period_never_ends_earlier(start: date, number: int, unit: str) -> None:
    end = add_period(start, number, unit)
    assert start < end <= add_period(start, number + 1, unit) <= end + timedelta(days=366)


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="no such unit"):
        add_period(date(2025, 1, 1), 1, "weeks")


@pytest.mark.parametrize(
    ("category", "place", "ends"),
    [
        ("register", "CN", Ends(by_lower=date(2028, 5, 1), lower_rule="CN-RET-01")),
        ("payment", "CN", Ends(by_law=date(2035, 4, 30), law_rule="CN-RET-05")),
        ("register", "DE", Ends(by_law=date(2026, 4, 28), law_rule="DE-RET-01")),
        ("register", "ES", Ends(by_law=date(2028, 5, 1), law_rule="ES-RET-01")),
        ("register", "UK", Ends(by_law=date(2026, 5, 1), law_rule="UK-RET-01")),
        ("register", "EU", Ends(unknown=True)),
        ("payment", "HK", Ends(unknown=True)),
        ("preference", "CN", Ends()),
        ("contact", "CN", Ends()),
        ("note", "EU", Ends()),
    ],
)
def test_until_when_an_envelope_must_be_kept(category: str, place: str, ends: Ends) -> None:
    assert ends_of(category, STAY, jurisdiction=place) == ends


def test_a_bill_never_posted_binds_nobody() -> None:
    assert ends_of("payment", {"planned_arrival": date(2025, 5, 1)}, jurisdiction="CN") == Ends()


def test_the_house_may_have_other_rules() -> None:
    shorter = replace(BY_CODE["CN-RET-05"], number=1)
    assert ends_of("payment", STAY, jurisdiction="CN", rules=[shorter]).by_law == date(2026, 4, 30)


def test_each_record_and_event_of_the_rules_is_known() -> None:
    assert {rule.record for rule in RULES} == set(Record)
    assert {rule.end for rule in RULES} == set(End)
    assert {rule.start for rule in RULES} | {rule.at_once_on for rule in RULES} - {""} <= set(Start)
