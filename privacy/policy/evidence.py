"""Who has to show what: the least that removes doubt, from what the house already holds.

An unverified person never learns whether a stay exists. Documents are seen and noted, never copied. Room numbers help
to find a stay and prove nothing. Each way is a set that suffices; a person may go any of them.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class ActsAs(StrEnum):
    """In which capacity somebody asks."""

    SELF = "self"
    AGENT = "agent"
    LAWYER = "lawyer"
    GUARDIAN = "guardian"  # of a guest under 14 (PIPL 31)
    RELATIVE = "relative"  # near relative of a guest who has died (PIPL 49)
    OTHER = "other"  # spouse, partner, employer, friend


class Shown(StrEnum):
    """What can be shown; facts have the names under which they are compared.

    ``CODE``: a one-time code sent to the guest's contact on file.
    """

    DOCUMENT_SEEN = "document_seen"
    NAME = "name"
    CODE = "code"
    DOCUMENT_TAIL = "document_tail"
    CARD_LAST4 = "card_last4"
    ARRIVAL_ON = "arrival_on"
    DEPARTURE_ON = "departure_on"
    STAY_REFERENCE = "stay_reference"
    MANDATE = "mandate"  # names, matter, scope and term
    OWN_DOCUMENT = "own_document"
    CALLBACK = "callback"
    LICENCE = "licence"
    FIRM_LETTER = "firm_letter"
    COURT_ORDER = "court_order"
    RELATION_PROOF = "relation_proof"
    DEATH_PROOF = "death_proof"
    KINSHIP_PROOF = "kinship_proof"
    OWN_INTEREST = "own_interest"


class Then(StrEnum):
    """What has to follow before the decision, beside the evidence."""

    SECOND_APPROVAL = "second_approval"
    LEGAL_REVIEW = "legal_review"


class Never(StrEnum):
    """What is not accepted or not done, for the officer's eyes."""

    DOCUMENT_COPY = "document_copy"
    DOCUMENT_PHOTO = "document_photo"
    BLANKET_MANDATE = "blanket_mandate"
    OPPONENTS_RECORDS = "opponents_records"
    PRESENCE = "presence"


# 民法典 1045: near relatives as far as PIPL 49 means them.
KINSHIP: Final = ("spouse", "parent", "child", "sibling", "grandparent", "grandchild")
GUARDIAN_ACTS_BELOW: Final = 14  # years (PIPL 31)
LOCKED_AFTER: Final = 3  # failures (own choice)
LOCKED_HOURS: Final = 24  # own choice

# What destroys or shows a history of stays needs more. An appeal may end in either.
STRICT_KINDS: Final = frozenset({"deletion", "access", "transfer", "appeal"})
# The rules are explained and complaints are heard whoever asks: nothing of a record is told.
OPEN_KINDS: Final = frozenset({"explanation", "complaint"})
KINDS: Final = STRICT_KINDS | OPEN_KINDS | {"correction", "restriction", "objection"}

Way = frozenset[str]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One line of the table, for one kind of request. No way at all: refuse, and confirm nothing."""

    ways: tuple[Way, ...]
    then: tuple[Then, ...] = ()
    never: tuple[Never, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Whether nothing this person can show suffices."""
        return not self.ways


def _way(*shown: Shown) -> Way:
    return frozenset(str(each) for each in shown)


_DOCUMENT = _way(Shown.DOCUMENT_SEEN)
_NAME_AND_CODE = _way(Shown.NAME, Shown.CODE)
_DOCUMENT_TAIL = _way(Shown.DOCUMENT_TAIL)
_CARD_TAIL = _way(Shown.CARD_LAST4)
_STAY = _way(Shown.ARRIVAL_ON, Shown.DEPARTURE_ON, Shown.STAY_REFERENCE)  # a companion knows all three
_AGENT = _way(Shown.MANDATE, Shown.OWN_DOCUMENT, Shown.CALLBACK)
_LAWYER = _way(Shown.LICENCE, Shown.FIRM_LETTER)
_GUARDIAN = _way(Shown.OWN_DOCUMENT, Shown.RELATION_PROOF)
_RELATIVE = _way(Shown.DEATH_PROOF, Shown.KINSHIP_PROOF, Shown.OWN_INTEREST)
_LAWYERS_WAYS = (_LAWYER | _way(Shown.MANDATE), _LAWYER | _way(Shown.COURT_ORDER))
_NO_COPIES = (Never.DOCUMENT_COPY, Never.DOCUMENT_PHOTO)

_TABLE: Final[dict[str, Evidence]] = {
    ActsAs.SELF: Evidence(
        (
            _DOCUMENT,
            _NAME_AND_CODE | _DOCUMENT_TAIL,
            _NAME_AND_CODE | _CARD_TAIL,
            _NAME_AND_CODE | _STAY,
            _DOCUMENT_TAIL | _CARD_TAIL,
            _DOCUMENT_TAIL | _STAY,
            _CARD_TAIL | _STAY,
        ),
        never=_NO_COPIES,
    ),
    ActsAs.AGENT: Evidence((_AGENT,), never=(Never.BLANKET_MANDATE,)),
    ActsAs.LAWYER: Evidence(_LAWYERS_WAYS, never=(Never.OPPONENTS_RECORDS,)),
    ActsAs.GUARDIAN: Evidence((_GUARDIAN,)),
    ActsAs.RELATIVE: Evidence((_RELATIVE,)),
    ActsAs.OTHER: Evidence((), never=(Never.PRESENCE,)),
}
_STRICT: Final[dict[str, Evidence]] = {
    ActsAs.SELF: Evidence((_DOCUMENT, _NAME_AND_CODE | _DOCUMENT_TAIL), never=_NO_COPIES),
    ActsAs.AGENT: Evidence((_AGENT | _way(Shown.CODE),), never=(Never.BLANKET_MANDATE,)),
    ActsAs.LAWYER: _TABLE[ActsAs.LAWYER],
    ActsAs.GUARDIAN: Evidence((_GUARDIAN,), then=(Then.SECOND_APPROVAL,)),
    ActsAs.RELATIVE: Evidence((_RELATIVE,), then=(Then.LEGAL_REVIEW,)),
    ActsAs.OTHER: Evidence((_way(Shown.COURT_ORDER),), never=(Never.PRESENCE,)),
}
_NOTHING = Evidence((frozenset(),))


def must_show(acts_as: str, kind: str) -> Evidence:
    """What this requester has to show for this kind of request. Raises ValueError on an unknown code."""
    if acts_as not in _TABLE or kind not in KINDS:
        raise ValueError(f"no such requester or kind of request: {acts_as}, {kind}")
    if kind in OPEN_KINDS:
        return _NOTHING
    return (_STRICT if kind in STRICT_KINDS else _TABLE)[acts_as]


def is_enough(acts_as: str, kind: str, passed: Collection[str]) -> bool:
    """Whether what has been shown and found right suffices; what follows (``Evidence.then``) comes on top."""
    return any(way.issubset(passed) for way in must_show(acts_as, kind).ways)


def asks_next(
    acts_as: str, kind: str, passed: Collection[str], *, out_of_reach: Collection[str] = ()
) -> tuple[str, ...]:
    """What still to ask for: the least that suffices, in the order of ``Shown``; empty when enough or hopeless.

    ``out_of_reach``: what this person cannot show (not at the desk, no contact on file) or has failed at. Among ways
    of the same length the table's first is taken.
    """
    missing = [way.difference(passed) for way in must_show(acts_as, kind).ways]
    possible = [way for way in missing if way.isdisjoint(out_of_reach)]
    shortest = min(possible, key=len, default=frozenset[str]())
    return tuple(str(each) for each in Shown if each in shortest)
