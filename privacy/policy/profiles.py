"""Jurisdiction profiles: how long a house may take to answer, and whose articles it cites.

Statuses: A read in the instrument, B secondary source, P our own choice, ? from memory.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """How well a number is known."""

    READ = "A"
    SECONDARY = "B"
    OWN = "P"
    MEMORY = "?"


class Counts(StrEnum):
    """What the days of an answer are."""

    CALENDAR = "calendar"
    WORKING = "working"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The clock of one jurisdiction. ``None``: this unit is not used, or there is no extension.

    ``law``: whose articles are cited (``articles.ARTICLES``). ``asking_is_ground``: a request for deletion needs no
    further ground there.
    """

    code: str
    law: str
    answer_days: int | None = None
    answer_months: int | None = None
    answer_target_working_days: int | None = None
    extension_days: int | None = None
    extension_months: int | None = None
    ack_working_days: int = 1
    counts: str = Counts.CALENDAR
    status: str = Status.SECONDARY
    asking_is_ground: bool = False


# CN: PIPL 50 says "promptly"; cap, target and extension are numbers of our own. EU, DE, ES: GDPR 12(3). UK: UK GDPR
# 12(3). HK: Personal Data (Privacy) Ordinance, s. 19; it knows no further period, only reasons within the 40 days.
# SG: Personal Data Protection Regulations 2021. US-CA: Civil Code 1798.130(a)(2).
PROFILES: Final[dict[str, Profile]] = {
    profile.code: profile
    for profile in (
        Profile(
            code="CN", law="CN", answer_days=30, answer_target_working_days=15, extension_days=15, status=Status.MEMORY
        ),
        Profile(code="EU", law="EU", answer_months=1, extension_months=2),
        Profile(code="DE", law="EU", answer_months=1, extension_months=2),
        Profile(code="ES", law="EU", answer_months=1, extension_months=2),
        Profile(code="UK", law="UK", answer_months=1, extension_months=2),
        Profile(code="HK", law="HK", answer_days=40),
        Profile(code="SG", law="SG", answer_days=30, status=Status.MEMORY),
        Profile(code="US-CA", law="US-CA", answer_days=45, extension_days=45, asking_is_ground=True),
    )
}
