"""What the other requests lead to, part by part: restriction, objection, correction, copy and transfer."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from privacy.policy.blockers import Outcome
from privacy.policy.grounds import CONSENT_BASED
from vault.categories import Category

# What a law obliges the house to go on doing with it (report, account): PIPL 44 leaves that untouched.
LEGAL_DUTY: Final = frozenset({Category.REGISTER, Category.PAYMENT})
# Transfer is for what the person gave, on consent or contract (PIPL 45(3), 网络数据安全管理条例 25, GDPR 20): the
# register rests on legal duty.
NOT_TRANSFERRED: Final = frozenset({Category.REGISTER, Category.DRAFT})


@dataclass(frozen=True, slots=True)
class Answer:
    """What happens to one part of the record, and the code of its sentence (``words.WORDINGS``)."""

    outcome: Outcome
    wording_code: str


def decide_restriction(category: str, *, verified: bool, stay_open: bool) -> Answer:
    """Restricting the use of a part (PIPL 44, GDPR 18). While the stay is open only what rests on consent is."""
    if not verified:
        return Answer(Outcome.WAIT, "identity_open")
    if stay_open and category not in CONSENT_BASED:
        return Answer(Outcome.NOT_NOW, "needed_for_stay")
    return Answer(Outcome.RESTRICT, "restricted_on_request")


def decide_objection(category: str, *, verified: bool, stay_open: bool) -> Answer:
    """Objecting to the use of a part (PIPL 44, GDPR 21).

    What rests on consent goes: to object is to withdraw (PIPL 15, 47(1)(3)). What rests on legal duty stays. What
    rests on contract is needed until the stay is over, and is restricted then.
    """
    if not verified:
        return Answer(Outcome.WAIT, "identity_open")
    if category in CONSENT_BASED:
        return Answer(Outcome.ERASE, "erased")
    if category in LEGAL_DUTY:
        return Answer(Outcome.KEEP, "duty_goes_on")
    return decide_restriction(category, verified=verified, stay_open=stay_open)


class Correcting(StrEnum):
    """What happens to a value the guest calls wrong or incomplete."""

    WAIT = "wait"
    CORRECT = "correct"
    RESTRICT = "restrict"  # until it is checked
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Correction:
    """``keeps_old``: the value before it is kept, so that what was reported stays explainable. ``reported_anew``: the
    authority that was told the old value is told the new one."""

    outcome: Correcting
    wording_code: str
    keeps_old: bool = False
    reported_anew: bool = False


def decide_correction(category: str, *, verified: bool, proven: bool | None) -> Correction:
    """Correcting or completing a part (PIPL 46, GDPR 16). ``proven``: None while it is not checked yet.

    A hold or a running period is no reason to keep a wrong value: the old one stays beside it.
    """
    if not verified:
        return Correction(Correcting.WAIT, "identity_open")
    if proven is None:
        return Correction(Correcting.RESTRICT, "contested")
    if not proven:
        return Correction(Correcting.KEEP, "not_proven")
    is_reported = category == Category.REGISTER
    wording = "corrected_and_reported" if is_reported else "corrected"
    return Correction(Correcting.CORRECT, wording, keeps_old=True, reported_anew=is_reported)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of what is held: an envelope, a fact of a stay, a line of the log.

    ``of_the_guest``: about this person and nobody else of the party or the staff. ``under_secrecy``: a law obliges
    the house to keep it secret. ``given_by_guest``: by the guest, not written down by us about the guest.
    """

    category: str
    of_the_guest: bool
    under_secrecy: bool
    given_by_guest: bool


def in_copy(part: Part) -> bool:
    """Whether it stands in the guest's copy (PIPL 45(1), GDPR 15). What is under a secrecy duty never does, and no
    gap, count or word shows that it is missing (PIPL 18(1))."""
    return part.of_the_guest and not part.under_secrecy


def in_transfer(part: Part) -> bool:
    """Whether it goes to another house at the guest's wish: of the copy, what the guest gave on consent or contract."""
    return in_copy(part) and part.given_by_guest and part.category not in NOT_TRANSFERRED
