"""Awkward ways to write names, phones and documents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault import normalise


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("张伟", "张伟"),
        ("張偉", "张伟"),
        (" 张  伟 ", "张伟"),
        ("张\u3000伟", "张伟"),
        ("张\u200b伟", "张伟"),
        ("张\u2060伟\ufeff", "张伟"),
        ("葛\U000e0100", "葛"),
        ("﨑", "﨑"),
        ("後藤", "后藤"),
        ("阿不都·热合曼", "阿不都热合曼"),
        ("阿不都•热合曼", "阿不都热合曼"),
        ("阿不都・热合曼", "阿不都热合曼"),
        ("阿不都‧热合曼", "阿不都热合曼"),
        ("Ｊｏｈｎ　Ｓｍｉｔｈ", "john smith"),
        ("JOHN\tSMITH", "john smith"),
        ("Straße", "strasse"),
        ("İpek", "i\u0307pek"),
        ("山田 さくら", "山田 さくら"),
        ("", ""),
    ],
)
def test_names(written, normal):
    assert normalise.name(written) == normal


@pytest.mark.parametrize(
    ("written", "forms"),
    [
        ("John Smith", [{"john"}, {"smith"}]),
        ("O'Brien", [{"obrien"}]),
        ("O\u2019Brien", [{"obrien"}]),
        ("Jean-Pierre Dupont", [{"jean"}, {"pierre"}, {"dupont"}]),
        ("Müller", [{"muller", "mueller"}]),
        ("Mu\u0308ller", [{"muller", "mueller"}]),
        ("Łukasz Żółć", [{"lukasz"}, {"zolc"}]),
        ("Søren Ångström", [{"soren", "soeren"}, {"angstrom", "aangstroem"}]),
        ("Nguyễn Văn Đức", [{"nguyen"}, {"van"}, {"duc"}]),
        ("İpek", [{"ipek"}]),
        ("श्री राम", [{"शरी"}, {"राम"}]),
        ("Иван Петров", [{"иван"}, {"петров"}]),
        ("SMITH, JOHN", [{"smith"}, {"john"}]),
        ("张伟", []),
        ("山田 さくら", [{"さくら"}]),
    ],
)
def test_words(written, forms):
    assert [set(word) for word in normalise.words(written)] == forms


def test_linked_words_are_one_word_too():
    assert [set(word) for word in normalise.linked_words("Jean-Pierre Dupont")] == [
        {"jean"},
        {"pierre"},
        {"dupont"},
        {"jeanpierre"},
        {"dupont"},
    ]


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("13800005678", "8613800005678"),
        ("138 0000 5678", "8613800005678"),
        ("138-0000-5678", "8613800005678"),
        ("+86 138 0000 5678", "8613800005678"),
        ("0086 138 0000 5678", "8613800005678"),
        ("１３８００００５６７８", "8613800005678"),
        ("010-6552 9988", "861065529988"),
        ("+1 (415) 555-2671", "14155552671"),
        ("+852 5123 4567", "85251234567"),
        ("110", "110"),
        ("ask reception", ""),
        ("", ""),
    ],
)
def test_phones(written, normal):
    assert normalise.phone(written) == normal


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("13800005678", "+86 13800005678"),
        ("8613800005678", "13800005678"),
        ("+8613800005678", "138 0000 5678"),
        ("14155552671", "+1 415 555 2671"),
        ("85251234567", "+852 5123 4567"),
    ],
)
def test_a_phone_is_found_however_it_is_typed(typed, stored):
    assert [normalise.phone(stored)] == [
        form for form in normalise.phone_forms(typed) if form == normalise.phone(stored)
    ]


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("11010519491231002x", "11010519491231002X"),
        ("110105 19491231 002X", "11010519491231002X"),
        ("e-1234 567", "E1234567"),
        ("Ｅ１２３４５６７", "E1234567"),
        ("军字第 1234567 号", "军字第1234567号"),
        ("", ""),
    ],
)
def test_documents(written, normal):
    assert normalise.document(written) == normal


@pytest.mark.parametrize(("written", "tail"), [("11010519491231002x", "002X"), ("E12", ""), ("E123", "E123")])
def test_document_tails(written, tail):
    assert normalise.document_tail(written) == tail


@given(st.text(max_size=80))
def test_normal_forms_are_normal(written):
    assert normalise.name(normalise.name(written)) == normalise.name(written)
    assert normalise.document(normalise.document(written)) == normalise.document(written)


@given(st.text())
def test_anything_can_be_normalised(written):
    kinds = {type(form(written)) for form in (normalise.phone, normalise.phone_tail, normalise.whole_name)}
    assert kinds == {str}
