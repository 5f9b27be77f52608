"""Free text: numbers of people stay out, numbers of the house pass."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from stays.free_text import looks_personal, refuse_numbers


@pytest.mark.parametrize(
    "text",
    [
        "打 13900001234",
        "139 0000 1234",
        "139-0000-1234",
        "+44 7700 900123",
        "身份证 11010519491231002X",
        "护照 ZZ1234567",
        "H12345678",
        "4242 4242 4242 4242",
        "一三九零零零零一二三四",
        "１３９００００１２３４",
        "guest@example.com",
    ],
)
def test_numbers_of_people_are_refused(text):
    with pytest.raises(ValidationError):
        refuse_numbers(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "高楼层，加两个枕头",
        "Room 0812, 23:30, 2 pillows",
        "押金 500.00 元",
        "since 2026-05-12 until 2026-05-14",
        "2026年5月12日到店",
        "see stay 2026-000042 and C-000017",
        "about 120,000 steps",
    ],
)
def test_numbers_of_the_house_pass(text):
    refuse_numbers(text)


@given(st.integers(10**6, 10**18), st.sampled_from(["", " ", "-", "."]), st.text(alphabet="客人要 ", max_size=5))
def test_every_long_number_is_seen(number, between, words):
    assert looks_personal(f"{words} {between.join(str(number))} {words}")
