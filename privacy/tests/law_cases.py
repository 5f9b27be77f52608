"""One record as the decision sees it, for tests of the law: plain but for what a test says."""

from datetime import date
from typing import Any

from privacy.policy.cases import Case

TODAY = date(2026, 3, 2)
PAST, RUNNING = date(2026, 3, 1), date(2028, 5, 31)


def make_case(category: str = "contact", **facts: Any) -> Case:
    """A contact after the stay, asked for by the guest, in mainland China; nothing stands against its erasure."""
    plain: dict[str, Any] = {
        "category": category,
        "jurisdiction": "CN",
        "grounds": frozenset({"D1"}),
        "verified": True,
        "authority_freeze": False,
        "internal_hold": False,
        "open_stay": False,
        "unpaid": False,
        "open_case": False,
        "contested": False,
        "holds_other_person": False,
        "period_end_by_law": None,
        "period_end_by_lower": None,
        "confidential_hold": False,
        "in_backups": False,
        "today": TODAY,
    }
    return Case(**(plain | facts))
