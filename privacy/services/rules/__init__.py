"""Retention rules: proposed by one person, approved by another, in force from a day; what follows from that."""

from privacy.services.rules.approving import approve_change, refuse_change, withdraw_change
from privacy.services.rules.following import changes_since, follow_changes
from privacy.services.rules.lines import Version, history_of, versions
from privacy.services.rules.moving import Moved, moved_by
from privacy.services.rules.proposing import PROPOSED, STARTS_OF, propose_change

__all__ = [
    "PROPOSED",
    "STARTS_OF",
    "Moved",
    "Version",
    "approve_change",
    "changes_since",
    "follow_changes",
    "history_of",
    "moved_by",
    "propose_change",
    "refuse_change",
    "versions",
    "withdraw_change",
]
