"""Guests' requests and what belongs to them. Nothing here names anybody: words and names are the vault's part."""

from privacy.models.casework import Appointment, Message, Step, Task
from privacy.models.certificates import Certificate, Recheck
from privacy.models.consents import Consent
from privacy.models.decisions import Delivery, Item, Letter
from privacy.models.held import HeldEnvelope, HeldStay
from privacy.models.holding import Hold, HoldStep
from privacy.models.law import Holiday, Profile
from privacy.models.purging import Purge, PurgeBatch, PurgeItem
from privacy.models.registers import PaperCard, Processor, Told
from privacy.models.requests import Request
from privacy.models.reviews import Finding, Review
from privacy.models.rules import Rule, RuleChange
from privacy.models.verification import Check, OneTimeCode

__all__ = [
    "Appointment",
    "Certificate",
    "Check",
    "Consent",
    "Delivery",
    "Finding",
    "HeldEnvelope",
    "HeldStay",
    "Hold",
    "HoldStep",
    "Holiday",
    "Item",
    "Letter",
    "Message",
    "OneTimeCode",
    "PaperCard",
    "Processor",
    "Profile",
    "Purge",
    "PurgeBatch",
    "PurgeItem",
    "Recheck",
    "Request",
    "Review",
    "Rule",
    "RuleChange",
    "Step",
    "Task",
    "Told",
]
