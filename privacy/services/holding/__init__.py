"""Holds on data (B04): placed, approved, reviewed and released by two people; a release lets go on what waited."""

from privacy.services.holding.expiring import expire_documents
from privacy.services.holding.lasting import ask_release, name_officer, release_hold, review_hold
from privacy.services.holding.placing import (
    HOLD_REASONS,
    LONGEST_DOCUMENT,
    OF_AUTHORITIES,
    About,
    approve_hold,
    place_hold,
    renew_hold,
)
from privacy.services.holding.reminding import holds_to_review, remind_of_review
from privacy.services.holding.resuming import resume_what_waited

__all__ = [
    "HOLD_REASONS",
    "LONGEST_DOCUMENT",
    "OF_AUTHORITIES",
    "About",
    "approve_hold",
    "ask_release",
    "expire_documents",
    "holds_to_review",
    "name_officer",
    "place_hold",
    "release_hold",
    "remind_of_review",
    "renew_hold",
    "resume_what_waited",
    "review_hold",
]
