"""Who has to show what: the table of *Identity*, row by row."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import registry
from privacy.models import Request
from privacy.policy.evidence import (
    KINDS,
    KINSHIP,
    OPEN_KINDS,
    STRICT_KINDS,
    ActsAs,
    Evidence,
    Never,
    Shown,
    Then,
    asks_next,
    is_enough,
    must_show,
)
from privacy.policy.words import NEVER, SHOWN, THEN

EVERYTHING = frozenset(str(each) for each in Shown)
CODE = {"name", "code"}
STAY = {"arrival_on", "departure_on", "stay_reference"}
AGENT = {"mandate", "own_document", "callback"}
LAWYER = {"licence", "firm_letter"}
RELATIVE = {"death_proof", "kinship_proof", "own_interest"}
GUARDIAN = {"own_document", "relation_proof"}


def ways(acts_as: str, kind: str) -> set[frozenset[str]]:
    """The sets that suffice."""
    return set(must_show(acts_as, kind).ways)


def sets(*each: set[str]) -> set[frozenset[str]]:
    """As the table holds them."""
    return {frozenset(one) for one in each}


@pytest.mark.parametrize("kind", ["correction", "restriction", "objection"])
def test_guest_two_of_four_or_the_document_at_the_desk(kind: str) -> None:
    pieces = (CODE, {"document_tail"}, {"card_last4"}, STAY)
    pairs = [one | other for one, other in combinations(pieces, 2)]
    assert ways("self", kind) == sets({"document_seen"}, *pairs)


@pytest.mark.parametrize("kind", ["deletion", "access", "transfer", "appeal"])
def test_guest_remote_needs_code_and_document_tail_for_deletion_or_history(kind: str) -> None:
    assert ways("self", kind) == sets({"document_seen"}, CODE | {"document_tail"})


@pytest.mark.parametrize(
    ("kind", "passed", "enough"),
    [
        ("deletion", {"document_seen"}, True),
        ("deletion", CODE | {"document_tail"}, True),
        ("deletion", CODE | STAY | {"card_last4"}, False),
        ("deletion", {"document_tail", "card_last4"} | STAY, False),
        ("correction", {"document_tail", "card_last4"}, True),
        ("correction", CODE, False),
        ("correction", {"code", "document_tail"}, False),
        ("correction", STAY, False),
        ("correction", STAY | {"name"}, False),
        ("correction", STAY | CODE, True),
        ("correction", STAY | {"card_last4"}, True),
    ],
)
def test_guest(kind: str, passed: set[str], enough: bool) -> None:
    assert is_enough("self", kind, passed) is enough


@given(st.frozensets(st.sampled_from(sorted(EVERYTHING))), st.sampled_from(sorted(KINDS - OPEN_KINDS)))
def test_what_a_companion_knows_is_never_enough(passed: frozenset[str], kind: str) -> None:
    """Name, dates and number, without the code, a tail or the document."""
    companion = passed & (STAY | {"name"})
    assert is_enough("self", kind, companion) is False


def test_representative() -> None:
    assert (ways("agent", "correction"), ways("agent", "deletion")) == (sets(AGENT), sets(AGENT | {"code"}))
    assert must_show("agent", "deletion").never == (Never.BLANKET_MANDATE,)


@pytest.mark.parametrize("kind", ["correction", "deletion"])
def test_lawyer_needs_mandate_or_order_besides_licence_and_letter(kind: str) -> None:
    assert ways("lawyer", kind) == sets(LAWYER | {"mandate"}, LAWYER | {"court_order"})
    assert must_show("lawyer", kind).never == (Never.OPPONENTS_RECORDS,)


def test_guardian_and_the_second_approval_of_a_deletion() -> None:
    base, strict = must_show("guardian", "correction"), must_show("guardian", "deletion")
    assert (set(base.ways), base.then) == (sets(GUARDIAN), ())
    assert (set(strict.ways), strict.then) == (sets(GUARDIAN), (Then.SECOND_APPROVAL,))


def test_near_relative_and_the_legal_review_of_a_deletion() -> None:
    base, strict = must_show("relative", "correction"), must_show("relative", "access")
    assert (set(base.ways), base.then) == (sets(RELATIVE), ())
    assert (set(strict.ways), strict.then) == (sets(RELATIVE), (Then.LEGAL_REVIEW,))
    assert KINSHIP == ("spouse", "parent", "child", "sibling", "grandparent", "grandchild")


@pytest.mark.parametrize("kind", ["correction", "restriction", "objection"])
def test_spouse_partner_employer_friend_is_refused_without_confirming_presence(kind: str) -> None:
    evidence = must_show("other", kind)
    assert (evidence.is_refused, evidence.never) == (True, (Never.PRESENCE,))
    assert (is_enough("other", kind, EVERYTHING), asks_next("other", kind, ())) == (False, ())


@pytest.mark.parametrize("kind", sorted(STRICT_KINDS))
def test_spouse_partner_employer_friend_needs_a_court_order_for_the_history(kind: str) -> None:
    assert ways("other", kind) == sets({"court_order"})
    assert is_enough("other", kind, EVERYTHING - {"court_order"}) is False


@pytest.mark.parametrize("acts_as", sorted(ActsAs))
@pytest.mark.parametrize("kind", sorted(OPEN_KINDS))
def test_explanations_and_complaints_need_no_evidence(acts_as: str, kind: str) -> None:
    assert must_show(acts_as, kind) == Evidence((frozenset(),))
    assert is_enough(acts_as, kind, ()) is True


def test_the_table_knows_every_requester_and_kind_of_request() -> None:
    assert set(KINDS) == set(Request.Kind.values)
    assert set(ActsAs) == set(Request.ActsAs.values)
    assert all(must_show(acts_as, kind) for acts_as in ActsAs for kind in KINDS)


@pytest.mark.parametrize(("acts_as", "kind"), [("neighbour", "access"), ("self", "gossip")])
def test_an_unknown_code_is_refused(acts_as: str, kind: str) -> None:
    with pytest.raises(ValueError, match="no such requester"):
        must_show(acts_as, kind)


@pytest.mark.parametrize(
    ("kind", "passed", "out_of_reach", "asked"),
    [
        ("deletion", (), (), ("document_seen",)),
        ("deletion", (), ("document_seen",), ("name", "code", "document_tail")),
        ("deletion", ("name", "document_tail"), ("document_seen",), ("code",)),
        ("deletion", (), ("document_seen", "code"), ()),
        ("correction", ("name",), ("document_seen",), ("code", "document_tail")),
        ("correction", ("name",), ("document_seen", "code"), ("document_tail", "card_last4")),
        ("correction", ("document_tail",), ("document_seen",), ("card_last4",)),
        ("correction", ("document_tail", "card_last4"), (), ()),
    ],
)
def test_the_least_is_asked_for_next(
    kind: str, passed: tuple[str, ...], out_of_reach: tuple[str, ...], asked: tuple[str, ...]
) -> None:
    assert asks_next("self", kind, passed, out_of_reach=out_of_reach) == asked


@given(
    st.sampled_from(sorted(ActsAs)),
    st.sampled_from(sorted(KINDS)),
    st.frozensets(st.sampled_from(sorted(EVERYTHING))),
)
def test_what_is_asked_for_next_is_enough_and_nothing_of_it_is_known(
    acts_as: str, kind: str, passed: frozenset[str]
) -> None:
    asked = asks_next(acts_as, kind, passed)
    assert passed.isdisjoint(asked)
    assert is_enough(acts_as, kind, passed | set(asked)) is not must_show(acts_as, kind).is_refused
    assert (asked == ()) is (is_enough(acts_as, kind, passed) or must_show(acts_as, kind).is_refused)


def test_everything_that_can_be_shown_has_a_word() -> None:
    assert (set(SHOWN), set(THEN), set(NEVER)) == (set(Shown), set(Then), set(Never))


def test_the_log_has_a_word_for_everything_that_can_be_shown() -> None:
    assert [str(each) for each in Shown if registry.word(each) == each] == []
