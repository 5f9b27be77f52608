"""A rule at one place as a line of versions, and the changes that made them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from audit.models import Change
from privacy.models import Rule, RuleChange
from privacy.policy import rules
from privacy.services import law
from staff.models import Person


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a rule. ``line``: its code, and its region where it is one of a region's own."""

    rule: rules.Rule
    row: Rule | None
    day: date

    @property
    def line(self) -> str:
        """What the version is one of: ``CN-RET-01``, ``CN-RET-01:CN-31``."""
        return line_of(self.rule)

    @property
    def state(self) -> str:
        """``in_force``, ``coming`` or ``past`` on the day it is looked at."""
        if self.rule.is_in_force(self.day):
            return "in_force"
        begins = self.rule.in_force_from
        return "coming" if begins is not None and begins > self.day else "past"

    @property
    def confirmed_by(self) -> Person | None:
        """Who confirmed the number, where a person did."""
        return self.row.confirmed_by if self.row else None


def line_of(rule: rules.Rule | Rule | RuleChange) -> str:
    """The code of a rule, and its region where it has one."""
    return f"{rule.code}:{rule.region}" if rule.region else rule.code


def versions(*, on: date, line: str = "") -> list[Version]:
    """The versions of every rule, or of one line: newest first within a line, lines by code and region."""
    found = [Version(rule, row, on) for rule, row in law.versions_of_rules() if not line or line_of(rule) == line]
    found.sort(key=lambda each: each.rule.in_force_from or date.min, reverse=True)
    return sorted(found, key=lambda each: (each.rule.jurisdiction, each.rule.code, each.rule.region))


def history_of(found: Sequence[Version]) -> list[Change]:
    """What the log of changes knows about these versions, newest first."""
    rows = [str(version.row.pk) for version in found if version.row]
    changes = Change.objects.filter(content_type__app_label="privacy", content_type__model="rule", object_pk__in=rows)
    return list(changes.select_related("content_type").order_by("-timestamp", "-pk"))
