"""What a change of a rule would move, counted over whole tables before anybody approves it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import connection

from privacy.models import RuleChange
from privacy.policy.periods import rules_over
from privacy.policy.rules import RECORD_OF, Record, Rule
from privacy.services import law
from privacy.services.record_days import SOURCES, Sql, due_on_sql
from privacy.services.restricting import restricting_items
from privacy.services.reviewing import today
from privacy.services.rules.lines import line_of
from staff.models import Property

# A working copy that is locked away already is let back where its period becomes longer: the whole register is counted.
_COUNTED: Final = {**SOURCES, Record.REGISTER_COPY: SOURCES[Record.REGISTER]}
_COUNTS: Final = """
    SELECT count(*),
        count(*) FILTER (WHERE now_due < %(day)s AND (was_due >= %(day)s OR was_due IS NULL)),
        count(*) FILTER (WHERE now_due >= %(day)s AND (was_due > now_due OR was_due IS NULL)),
        count(*) FILTER (WHERE was_due >= %(day)s AND (now_due > was_due OR now_due IS NULL)),
        count(*) FILTER (WHERE was_due < %(day)s AND (now_due >= %(day)s OR now_due IS NULL))
"""


Rules = Sequence[Rule]


@dataclass(frozen=True, slots=True)
class Moved:
    """At one property: how many records there are, how many are due at once, earlier or later than now, no longer due;
    and how many restrictions of guests' requests are reckoned anew."""

    house: Property
    records: int
    at_once: int
    earlier: int
    later: int
    no_longer: int
    restrictions: int


def moved_by(change: RuleChange, *, at: datetime) -> list[Moved] | None:
    """What the change would move at each property it touches, on its day or today where that is later.

    None where records of this kind are not rows with a period of their own, so that nothing can be counted.
    """
    source = _COUNTED.get(change.record)
    if source is None:
        return None
    return [_moved(house, source, change, before, after, day) for house, before, after, day in _touched(change, at)]


def _touched(change: RuleChange, at: datetime) -> list[tuple[Property, Rules, Rules, date]]:
    """The properties whose rules over the record would be others, with the rules before and after, and the day."""
    touched: list[tuple[Property, Rules, Rules, date]] = []
    for house in Property.objects.order_by("code"):
        day = max(today(house, at), change.in_force_from or today(house, at))
        known = law.rules_of_the_house(on=day)
        place: dict[str, Any] = {"record": change.record, "jurisdiction": house.jurisdiction, "region": house.region}
        before = rules_over(known, **place)
        after = rules_over(_amended(known, change), **place)
        if before != after:
            touched.append((house, before, after, day))
    return touched


def _amended(known: Sequence[Rule], change: RuleChange) -> list[Rule]:
    proposed = law.as_policy(change)
    return [*(rule for rule in known if line_of(rule) != line_of(proposed)), proposed]


def _moved(house: Property, source: str, change: RuleChange, before: Rules, after: Rules, day: date) -> Moved:
    (was, was_params), (becomes, becomes_params) = _due(before), _due(after)
    rows = f"SELECT {was} AS was_due, {becomes} AS now_due FROM ({source}) r WHERE r.property = %s"  # noqa: S608
    params = [*was_params, *becomes_params, house.pk]
    counts = _COUNTS.replace("%(day)s", "%s")
    with connection.cursor() as cursor:
        cursor.execute(f"{counts} FROM ({rows}) AS moved", [*[day] * counts.count("%s"), *params])
        records, at_once, earlier, later, no_longer = cursor.fetchone()
    return Moved(house, records, at_once, earlier, later, no_longer, _restrictions(change.record, house))


def _due(found: Sequence[Rule]) -> Sql:
    return due_on_sql(found) if found else ("NULL::date", [])


def _restrictions(record: str, house: Property) -> int:
    """Rows of decision sheets that keep such records locked away until a day."""
    categories = [category for category, about in RECORD_OF.items() if about == record]
    items = restricting_items().filter(category__in=categories, until__isnull=False)
    return items.filter(stay__property=house).count()
