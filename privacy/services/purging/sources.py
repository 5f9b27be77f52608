"""What may end in a purge, as SQL over whole tables: the records of ``record_days``, and those that follow them.

Notes of a stay end with its register. Names and contacts have no period of their own: they end when no stay leads to
the guest any more, no preference is kept and no marketing consent is in use (PIPL 19, 47(1)(1)).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from privacy.policy.periods import rules_over
from privacy.policy.rules import End, Record, Rule
from privacy.services.law import rules_of_the_house
from privacy.services.record_days import SOURCES, Sql, due_on_sql, local_day
from staff.models import Property

NOTE: Final = "note"
GUEST: Final = "guest"

_STAY_DAYS: Final = (
    f"{local_day('s.departed_at')} AS check_out, COALESCE({local_day('s.arrived_at')}, s.arrival_on) AS arrival"
)
_NOTES: Final = f"""
SELECT ''::text AS ref, e.id AS envelope, s.id AS stay, p.id AS property, {_STAY_DAYS}
FROM vault_envelope e JOIN stays_stay s ON s.id = e.belongs_to JOIN staff_property p ON p.id = s.property_id
WHERE e.erased_at IS NULL AND e.category = 'note'
"""  # noqa: S608
# Of whom no register and no preference is left, told in one look at all envelopes. A stay still leads to the guest
# unless it is over and a register was written, which then is erased. A marketing consent is in use until the guest has
# been away as long as preferences are kept. What is said of the few who are left is asked for each of them, apart
# (MATERIALIZED, OFFSET 0) and as values: else PostgreSQL would go through all subjects, stays and envelopes again.
_GUESTS: Final = """
WITH g AS MATERIALIZED (
    SELECT n.subject_id FROM vault_envelope n
    WHERE n.erased_at IS NULL AND n.category IN ('name', 'contact', 'register', 'preference')
    GROUP BY n.subject_id HAVING bool_and(n.category IN ('name', 'contact')))
SELECT ''::text AS ref, e.id AS envelope, NULL::uuid AS stay, NULL::bigint AS property
FROM g
  CROSS JOIN LATERAL (
    SELECT x.id FROM vault_envelope x
    WHERE x.subject_id = g.subject_id AND x.erased_at IS NULL AND x.category IN ('name', 'contact')
      AND x.belongs_to IS NULL OFFSET 0) e
WHERE (SELECT v.kind FROM vault_subject v WHERE v.id = g.subject_id) = 'guest'
  AND (
    SELECT bool_or(s.status <> 'checked_out' OR o.register_envelope_id IS NULL)
    FROM stays_occupant o JOIN stays_stay s ON s.id = o.stay_id WHERE o.subject_id = g.subject_id) IS NOT TRUE
  AND NOT EXISTS (
    SELECT 1 FROM (
      SELECT k.subject_id, GREATEST(w.seen_on, k.given_at::date) AS last_use, NULL::date AS withdrawal
      FROM privacy_consent k JOIN vault_subject w ON w.id = k.subject_id
      WHERE k.about = 'marketing' AND k.withdrawn_at IS NULL) r
    WHERE r.subject_id = g.subject_id AND {idle_on} >= %s)
"""
_NOT_RESTRICTED: Final = "(e.restricted_until IS NULL OR e.restricted_until <= now())"
# The record whose rules govern each, and where its rows are; in the order in which they are carried out.
_TABLES: Final[Mapping[str, tuple[Record, str]]] = {
    Record.REGISTER_COPY: (Record.REGISTER_COPY, SOURCES[Record.REGISTER_COPY]),
    Record.BOOKING: (Record.BOOKING, SOURCES[Record.BOOKING]),
    Record.PREFERENCE: (Record.PREFERENCE, SOURCES[Record.PREFERENCE]),
    Record.VISITOR: (Record.VISITOR, SOURCES[Record.VISITOR]),
    Record.GUARDIAN: (Record.GUARDIAN, SOURCES[Record.GUARDIAN]),
    Record.REGISTER: (Record.REGISTER, SOURCES[Record.REGISTER]),
    NOTE: (Record.REGISTER, _NOTES),
    Record.BILL: (Record.BILL, SOURCES[Record.BILL]),
    Record.CERTIFICATE: (Record.CERTIFICATE, SOURCES[Record.CERTIFICATE]),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the rows of one record come from, and what happens to them at one property on one day.

    ``sql``: columns ref, envelope, stay, property and the days of ``record_days``; ``due``: the last day of the period,
    over a row ``r``; ``where``: what else must hold of ``r`` and its envelope ``e``; ``asks``: a person approves it.
    """

    record: str
    rule: str
    outcome: str
    asks: bool
    sql: Sql
    due: Sql
    where: str = "TRUE"

    @property
    def is_of_house(self) -> bool:
        """Whether a row says its property; a guest to whom nothing leads belongs to none."""
        return self.record != GUEST


def sources_of(house: Property, today: date) -> list[Source]:
    """All that may end at a property, by the rules in force there on that day, in the order in which it is done."""
    rules = rules_of_the_house(on=today)
    found = []
    for record, (governing, sql) in _TABLES.items():
        over = rules_over(rules, record=governing, jurisdiction=house.jurisdiction, region=house.region, on=today)
        if over:
            found.append(_source(record, over, sql))
    idle = rules_over(rules, record=Record.PREFERENCE, jurisdiction=house.jurisdiction, region=house.region, on=today)
    return [*found, _guests(idle, today)]


def _source(record: str, rules: Sequence[Rule], sql: str) -> Source:
    return Source(
        record=record,
        rule=rules[0].code,
        outcome=End.ERASE if record == NOTE else rules[0].end,
        asks=any(rule.needs_approval for rule in rules),
        sql=(sql, []),
        due=due_on_sql(rules),
        where=_NOT_RESTRICTED if record == Record.REGISTER_COPY else "TRUE",
    )


def _guests(idle: Sequence[Rule], today: date) -> Source:
    idle_on, params = due_on_sql(idle) if idle else ("r.last_use", [])
    sql = (_GUESTS.format(idle_on=idle_on), [*params, today])
    due: Sql = ("%s::date", [today - timedelta(days=1)])
    return Source(record=GUEST, rule="", outcome=End.ERASE, asks=False, sql=sql, due=due)
