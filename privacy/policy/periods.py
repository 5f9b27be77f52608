"""When a period ends, for one stay, one bill, one case: never from the guest's last stay.

The end is the last day of the period: the record is kept on it and may be erased on the day after (民法典 201, 202).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from privacy.policy.calendars import add_months
from privacy.policy.rules import DEFAULT_JURISDICTION, RECORD_OF, REGULATED, RULES, Kind, Rule, Unit, Weight, applying

# The day on which each event (``rules.Start``) happened, as far as it has.
Facts = Mapping[str, date]


@dataclass(frozen=True, slots=True)
class Ends:
    """Until when one record must be kept, and which rule says so. ``unknown``: the law regulates it and no rule is
    known here."""

    by_law: date | None = None
    law_rule: str = ""
    by_lower: date | None = None
    lower_rule: str = ""
    unknown: bool = False


def end_of(rule: Rule, facts: Facts) -> date | None:
    """The last day of the rule's period, or None while the event it runs from has not happened."""
    start = facts.get(rule.start)
    ends = [] if start is None else [add_period(start, rule.number, rule.unit)]
    at_once = facts.get(rule.at_once_on) if rule.at_once_on else None
    if at_once is not None:
        ends.append(at_once)
    return min(ends, default=None)


def rules_over(
    rules: Iterable[Rule], *, record: str, jurisdiction: str, region: str = "", on: date | None = None
) -> tuple[Rule, ...]:
    """What the house goes by for a record at a place: ``applying``, and where that knows none and the law does not
    regulate the record, the rules of the first jurisdiction."""
    known = tuple(rules)
    own = applying(known, record=record, jurisdiction=jurisdiction, region=region, on=on)
    if own or record in REGULATED:
        return own
    return applying(known, record=record, jurisdiction=DEFAULT_JURISDICTION, on=on)


def due_on(rules: Iterable[Rule], facts: Facts) -> date | None:
    """The last day of a record under all its rules: the latest of what must or is meant to be kept, None while one of
    these has not begun to run; where there are upper limits only, the earliest. ``services.record_days`` says the same
    in SQL."""
    found = tuple(rules)
    kept = [end_of(rule, facts) for rule in found if rule.kind != Kind.MAX]
    if kept:
        known = [end for end in kept if end is not None]
        return max(known) if len(known) == len(kept) else None
    return min((end for rule in found if (end := end_of(rule, facts)) is not None), default=None)


def add_period(start: date, number: int, unit: str) -> date:
    """A day so many hours (full days, rounded up), days, months or years later. Raises ValueError on another unit."""
    if unit == Unit.HOURS:
        return start + timedelta(days=-(-number // 24))
    if unit == Unit.DAYS:
        return start + timedelta(days=number)
    if unit in (Unit.MONTHS, Unit.YEARS):
        return add_months(start, number * 12 if unit == Unit.YEARS else number)
    raise ValueError(f"no such unit of a period: {unit}")


def ends_of(
    category: str,
    facts: Facts,
    *,
    jurisdiction: str,
    region: str = "",
    on: date | None = None,
    rules: Iterable[Rule] = RULES,
) -> Ends:
    """Until when an envelope of this category must be kept, by law and by lower rules; own policy binds nobody.

    ``rules``: those of the house (``services.law.rules_of_the_house``); ``on``: the day they must be in force.
    """
    record = RECORD_OF.get(category)
    if record is None:
        return Ends()
    found = applying(rules, record=record, jurisdiction=jurisdiction, region=region, on=on)
    binding = [rule for rule in found if rule.weight != Weight.NONE]
    by_law, law_rule = _latest((rule for rule in binding if rule.weight == Weight.LAW), facts)
    by_lower, lower_rule = _latest((rule for rule in binding if rule.weight == Weight.LOWER), facts)
    return Ends(by_law, law_rule, by_lower, lower_rule, unknown=record in REGULATED and not binding)


def _latest(rules: Iterable[Rule], facts: Facts) -> tuple[date | None, str]:
    ends = [(end, rule.code) for rule in rules if (end := end_of(rule, facts)) is not None]
    return max(ends, default=(None, ""))
