"""Fields of the desk: what they take, what they refuse, what they make of it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from stays.forms import countries
from stays.forms.fields import Day, Digits, LatinName, Line, Name, Phone, Words, day_typed


@pytest.mark.parametrize(
    "typed",
    ["2026-11-21", "20261121", "2026/11/21", "2026.11.21", "2026年11月21日", " ２０２６－１１－２１ ", "2026 11 21"],
)
def test_a_date_may_be_written_as_people_do(typed: str) -> None:
    assert Day().clean(typed) == date(2026, 11, 21)


@pytest.mark.parametrize(
    "typed", ["21.11.2026", "2026-02-30", "1899-12-31", "2200-01-01", "now", "2026-11-21x", "1" * 99]
)
def test_a_date_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        Day().clean(typed)


def test_a_date_half_typed_is_none_yet() -> None:
    assert day_typed("2026-1", date(2026, 1, 2)) == date(2026, 1, 2)


@pytest.mark.parametrize("typed", ["张\u202e伟", "张\u0000伟", "zero\u200bwidth", "\ue000", "123", "··"])
def test_a_name_holds_letters_and_nothing_hidden(typed: str) -> None:
    with pytest.raises(ValidationError):
        Name(max_length=80).clean(typed)


@pytest.mark.parametrize(
    ("typed", "kept"), [(" 欧阳　海棠 ", "欧阳 海棠"), ("Ｌｉ  Ｗｅｉ", "Li Wei"), ("O’Brien-Núñez", "O’Brien-Núñez")]
)
def test_a_name_is_normalised(typed: str, kept: str) -> None:
    assert Name(max_length=80).clean(typed) == kept


@pytest.mark.parametrize("typed", ["张伟", "Иван", "Li 伟"])
def test_a_latin_name_is_latin(typed: str) -> None:
    with pytest.raises(ValidationError):
        LatinName(max_length=80).clean(typed)


@pytest.mark.parametrize("typed", ["13900001234", "+44 20 7946 0000", "(010) 6554-0000", "1234567"])
def test_a_phone_number_is_taken_as_typed(typed: str) -> None:
    assert Phone().clean(typed) == typed


@pytest.mark.parametrize("typed", ["1234", "1" * 16, "139-0000-CALL", "1" * 30])
def test_a_phone_number_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        Phone().clean(typed)


@pytest.mark.parametrize("typed", ["424", "42424", "42a4", "4242424242424242"])
def test_no_more_than_the_last_four_digits_of_a_card(typed: str) -> None:
    with pytest.raises(ValidationError):
        Digits(count=4).clean(typed)


def test_free_text_keeps_its_lines() -> None:
    assert Words(max_length=50).clean("one\r\ntwo\rthree") == "one\ntwo\nthree"


@given(st.text(max_size=60))
def test_a_line_is_one_line_or_refused(typed: str) -> None:
    try:
        line = Line(max_length=200, required=False).clean(typed)
    except ValidationError:
        return
    assert line.splitlines() in ([], [line])
    assert line == line.strip()


def test_every_country_has_three_letters_and_two_names() -> None:
    table = countries.names()
    assert all(len(code) == 3 and code.isupper() and all(pair) for code, pair in table.items())
    assert (len(table) > 240, countries.name("CHN") in ("China", "中国"), countries.name("QQQ")) == (True, True, "QQQ")
