"""A change of a retention rule that waits for a second person, for whole-system tests."""

from datetime import datetime

from privacy.models import RuleChange
from privacy.policy.rules import RULES
from privacy.services import rules
from staff.models import Person, Property

CODE = "CN-RET-01"


def make_rule_change(officer: Person, house: Property, at: datetime) -> RuleChange:
    """Five years for the register instead of three."""
    base = next(rule for rule in RULES if rule.code == CODE)
    facts = {name: getattr(base, name) for name in rules.PROPOSED}
    facts |= {"number": 5, "in_force_from": house.local(at).date()}
    return rules.propose_change(actor=officer, house=house, base=base, facts=facts, reason="notice 12", at=at)
