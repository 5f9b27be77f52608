"""Rules of detection: entered as the product brings them, changed by two people, replayed before they count."""

from staff.services.detection.changing import approve_rule, propose_rule, withdraw_rule
from staff.services.detection.entering import enter_rules
from staff.services.detection.replaying import replay_rules

__all__ = ["approve_rule", "enter_rules", "propose_rule", "replay_rules", "withdraw_rule"]
