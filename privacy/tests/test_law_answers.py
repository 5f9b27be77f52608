"""Restriction, objection, correction, copy and transfer, part by part."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.policy import words
from privacy.policy.answering import (
    Part,
    decide_correction,
    decide_objection,
    decide_restriction,
    in_copy,
    in_transfer,
)
from vault.categories import Category

parts = st.builds(
    Part,
    category=st.sampled_from(Category.values),
    of_the_guest=st.booleans(),
    under_secrecy=st.booleans(),
    given_by_guest=st.booleans(),
)


def own(category: str) -> Part:
    """A part the guest gave, about nobody else."""
    return Part(category=category, of_the_guest=True, under_secrecy=False, given_by_guest=True)


@pytest.mark.parametrize("category", Category.values)
def test_restriction(category: str) -> None:
    during = "restrict" if category == "preference" else "not_now"
    found = [
        decide_restriction(category, verified=verified, stay_open=stay_open).outcome
        for verified, stay_open in ((False, False), (True, True), (True, False))
    ]
    assert found == ["wait", during, "restrict"]


@pytest.mark.parametrize(
    ("category", "during", "after"),
    [
        ("preference", "erase", "erase"),
        ("register", "keep", "keep"),
        ("payment", "keep", "keep"),
        ("name", "not_now", "restrict"),
        ("contact", "not_now", "restrict"),
        ("note", "not_now", "restrict"),
        ("draft", "not_now", "restrict"),
    ],
)
def test_objection(category: str, during: str, after: str) -> None:
    found = [decide_objection(category, verified=True, stay_open=stay_open).outcome for stay_open in (True, False)]
    assert found == [during, after]
    assert decide_objection(category, verified=False, stay_open=False).outcome == "wait"


@pytest.mark.parametrize(
    ("category", "verified", "proven", "told"),
    [
        ("contact", False, True, ("wait", "identity_open", False, False)),
        ("contact", True, None, ("restrict", "contested", False, False)),
        ("contact", True, False, ("keep", "not_proven", False, False)),
        ("contact", True, True, ("correct", "corrected", True, False)),
        ("register", True, True, ("correct", "corrected_and_reported", True, True)),
    ],
)
def test_correction_keeps_the_old_value_and_reports_the_register_anew(
    category: str, verified: bool, proven: bool | None, told: tuple[object, ...]
) -> None:
    found = decide_correction(category, verified=verified, proven=proven)
    assert (found.outcome, found.wording_code, found.keeps_old, found.reported_anew) == told


def test_every_answer_has_its_words() -> None:
    truths = (True, False)
    answers = [
        *(decide(each, verified=known, stay_open=stay).wording_code
          for decide, each, known, stay in product(
              (decide_restriction, decide_objection), Category.values, truths, truths)),
        *(decide_correction(each, verified=known, proven=proven).wording_code
          for each, known, proven in product(Category.values, truths, (None, *truths))),
    ]  # fmt: skip
    assert [code for code in answers if not words.say(code)] == []


@given(parts)
def test_a_copy_holds_the_guests_own_and_never_what_is_secret(part: Part) -> None:
    assert in_copy(part) is (part.of_the_guest and not part.under_secrecy)


@given(parts)
def test_a_transfer_is_part_of_the_copy_and_never_the_register(part: Part) -> None:
    allowed = in_copy(part) and part.given_by_guest and part.category not in ("register", "draft")
    assert in_transfer(part) is allowed


def test_what_the_guest_gave_is_copied_and_all_but_the_register_transferred() -> None:
    given_categories = [category for category in Category.values if category != "draft"]
    assert [category for category in given_categories if in_copy(own(category))] == given_categories
    assert [category for category in Category.values if in_transfer(own(category))] == [
        "name", "contact", "payment", "preference", "note",
    ]  # fmt: skip
