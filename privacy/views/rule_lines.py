"""A retention rule in words: for the public summary, and for those who change it."""

from dataclasses import dataclass
from datetime import date

from privacy.models import Rule as Row
from privacy.policy import citing, words
from privacy.policy.rules import Rule
from staff.models import Property


@dataclass(frozen=True, slots=True)
class Line:
    """One rule in words."""

    code: str
    region: str
    record: str
    period: str
    starts: str
    at_once: str
    ends: str
    source: str
    level: str
    is_confirmed: bool
    needs_approval: bool
    first: date | None
    last: date | None

    @property
    def lasts(self) -> str:
        """The period and what it begins with, in the order of the language."""
        return citing.since(self.period, self.starts)


def line(rule: Rule) -> Line:
    """The rule in the words of the active language."""
    return Line(
        code=rule.code,
        region=rule.region,
        record=str(words.RECORDS.get(rule.record, rule.record)),
        period=citing.limited(rule),
        starts=str(words.STARTS[rule.start]),
        at_once=str(words.AT_ONCE.get(rule.at_once_on, "")),
        ends=str(words.ENDS[rule.end]),
        source=citing.source(rule),
        level=str(Row.Level(rule.level).label),
        is_confirmed=rule.is_confirmed,
        needs_approval=rule.needs_approval,
        first=rule.in_force_from,
        last=rule.in_force_to,
    )


def place_name(jurisdiction: str) -> str:
    """What a jurisdiction is called."""
    return str(dict(Property._meta.get_field("jurisdiction").flatchoices).get(jurisdiction, jurisdiction))
