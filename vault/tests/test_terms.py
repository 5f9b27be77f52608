"""What was typed, and the filter of a window, where a few letters are enough."""

import pytest

from vault import search
from vault.search import rules

from .factories import GuestFactory


@pytest.mark.parametrize(
    ("text", "kinds", "is_scoped"),
    [
        ("张伟", ("name",), False),
        ("张", ("name",), True),
        ("張 偉", ("name",), False),
        ("zhangwei", ("name",), False),
        ("Zhāng Wěi", ("name",), False),
        ("li", ("name", "initials"), False),
        ("zw", ("initials",), True),
        ("zwm", ("initials",), True),
        ("w", ("name", "initials"), True),
        ("Ng", ("name", "initials"), False),
        ("John Smith", ("name",), False),
        ("O'Brien", ("name",), False),
        ("5678", ("phone_tail", "document_tail"), False),
        ("45678", ("phone_tail", "document_tail"), False),
        ("678", ("phone_tail", "document_tail"), True),
        ("12", (), True),
        ("13800005678", ("phone", "document"), False),
        ("+86 138-0000-5678", ("phone", "document"), False),
        ("１３８００００５６７８", ("phone", "document"), False),
        ("002X", ("document", "document_tail"), False),
        ("E1234567", ("document",), False),
        ("11010519491231002x", ("document",), False),
        ("军字第1234567号", ("document",), False),
        ("a@example.com", (), True),
        ("", (), True),
        ("   ", (), True),
        ("---", (), True),
        ("\u200b", (), True),
    ],
)
def test_terms(text, kinds, is_scoped):
    term = search.parse(text)
    assert (term.kinds, term.is_scoped) == (kinds, is_scoped)


def test_a_term_does_not_show_what_was_typed():
    assert repr(search.parse("张伟")) == "Term(kinds=('name',), is_scoped=False)"


WINDOW = {
    "zw": ["张伟", "张伟明", "Wei Zhang", "Zoë Weber"],
    "zwm": ["张伟明"],
    "wz": ["张伟", "Wei Zhang", "Zoë Weber"],
    "伟": ["张伟", "张伟明"],
    "明": ["张伟明"],
    "zhangw": ["张伟", "张伟明", "Wei Zhang"],
    "zhagn": ["张伟", "张伟明", "Wei Zhang"],
    "zhangwie": ["张伟"],
    "zha": ["张伟", "张伟明", "Wei Zhang"],
    "eber": ["Zoë Weber"],
    "webre": ["Zoë Weber"],
    "wbeer": ["Zoë Weber"],
    "weder": ["Zoë Weber"],
    "李": ["李静"],
    "shanghai": [],
}


@pytest.mark.django_db
@pytest.mark.parametrize("text", WINDOW)
def test_a_window_is_filtered_by_the_richer_rule(text):
    guests = {GuestFactory(name=name).subject: name for name in ("张伟", "张伟明", "Wei Zhang", "Zoë Weber", "李静")}
    hits = search.filter_window(search.parse(text), list(guests))
    assert {guests[hit] for hit in hits} == set(WINDOW[text])


@pytest.mark.django_db
@pytest.mark.parametrize(("text", "hits"), [("678", 1), ("5678", 1), ("31002x", 1), ("999", 0), ("1", 0)])
def test_a_window_is_filtered_by_tails(text, hits):
    guest = GuestFactory(phone="13800005678", document_number="11010519491231002X")
    assert search.filter_window(search.parse(text), [guest.subject]) == ({guest.subject} if hits else set())


@pytest.mark.parametrize(
    ("one", "other", "is_away"),
    [
        ("smith", "smith", True),
        ("smiht", "smith", True),
        ("smth", "smith", True),
        ("smitth", "smith", True),
        ("snith", "smith", True),
        ("msith", "smith", True),
        ("smi", "smith", False),
        ("smyht", "smith", False),
        ("jones", "smith", False),
    ],
)
def test_one_slip_of_the_finger(one, other, is_away):
    assert rules.is_one_slip_away(one, other) is is_away
