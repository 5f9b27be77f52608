"""What is known about one record when its deletion is decided."""

from dataclasses import dataclass
from datetime import date

from privacy.policy.grounds import Ground
from privacy.policy.profiles import PROFILES
from vault.categories import Category

_CATEGORIES = frozenset(Category.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One record and all that speaks for and against its deletion. Raises ValueError on an unknown code.

    ``open_stay``, ``unpaid``, ``open_case``: of the stay the record belongs to, or of any of the guest's where it
    belongs to none. ``open_case``: a claim, lost property, an open complaint. ``contested``: the guest contests the
    accuracy or needs the data for a claim of their own. ``confidential_hold``: a hold on it is one the guest and the
    desk may not learn of. ``period_end_by_law``, ``_by_lower`` and the codes of their rules: ``periods.ends_of``;
    the end is the last day of the period. ``review_on``: when a hold or an open matter is looked at again.
    """

    category: str
    jurisdiction: str
    grounds: frozenset[str]
    verified: bool
    authority_freeze: bool
    internal_hold: bool
    open_stay: bool
    unpaid: bool
    open_case: bool
    contested: bool
    holds_other_person: bool
    period_end_by_law: date | None
    period_end_by_lower: date | None
    confidential_hold: bool
    today: date
    region: str = ""
    law_rule: str = ""
    lower_rule: str = ""
    rule_unknown: bool = False
    in_backups: bool = True
    review_on: date | None = None

    def __post_init__(self) -> None:
        if self.category not in _CATEGORIES or self.jurisdiction not in PROFILES:
            raise ValueError(f"no such category or jurisdiction: {self.category}, {self.jurisdiction}")
        if unknown := self.grounds.difference(Ground):
            raise ValueError(f"no such ground: {', '.join(sorted(unknown))}")

    def runs(self, end: date | None) -> bool:
        """Whether a period of which this is the last day still runs."""
        return end is not None and self.today <= end
