"""The records a rule is about, and the days from which their periods run, as SQL over whole tables.

The days are those that ``facts`` and ``expiring`` give for one guest or request; when a period ends is said by the
database function ``privacy_period_end``, which is ``policy.periods.add_period`` over again. Tests compare the two.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.conf import settings

from privacy.policy.rules import Kind, Record, Rule, Start

Sql = tuple[str, list[Any]]

_STARTS: Final = tuple(Start)
_NOTHING: Final = {"envelope": "NULL::uuid", "stay": "NULL::uuid", "request": "NULL::uuid"}


def local_day(moment: str) -> str:
    """The calendar day of a moment on the clock of the property ``p``, as SQL: what the law counts for stays."""
    return f"({moment} AT TIME ZONE p.time_zone)::date"


def business_day(moment: str) -> str:
    """The business day of a moment at the property ``p``, as SQL: what counts for requests' papers."""
    hours = int(settings.BUSINESS_DAY_TURNS_AT_HOUR)
    return f"(({moment} AT TIME ZONE p.time_zone) - interval '{hours} hours')::date"


def due_on_sql(rules: Sequence[Rule], *, of: str = "r") -> Sql:
    """``periods.due_on`` over a row ``of`` a source: the expression and its parameters. Raises ValueError without
    rules: what nothing is known of is never due."""
    if not rules:
        raise ValueError("a record without a rule is never due")
    kept = [rule for rule in rules if rule.kind != Kind.MAX]
    ends = [_end_sql(rule, of) for rule in kept or rules]
    params: list[Any] = [param for _text, given in ends for param in given]
    texts = [text for text, _given in ends]
    if not kept:
        return f"LEAST({', '.join(texts)})", params
    if len(texts) == 1:
        return texts[0], params
    known = " AND ".join(f"{text} IS NOT NULL" for text in texts)
    return f"CASE WHEN {known} THEN GREATEST({', '.join(texts)}) END", params * 2


def _end_sql(rule: Rule, of: str) -> Sql:
    """``periods.end_of``: the column of the event the period runs from; what ends it at once comes before."""
    end = f"privacy_period_end({of}.{Start(rule.start).value}, %s, %s)"
    if rule.at_once_on:
        end = f"LEAST({end}, {of}.{Start(rule.at_once_on).value})"
    return end, [rule.number, rule.unit]


def _source(ref: str, tables: str, *, days: Mapping[Start, str], **ids: str) -> str:
    named = {"ref": f"({ref})::text", **_NOTHING, **ids, "property": "p.id"}
    dated = {start.value: days.get(start, "NULL::date") for start in _STARTS}
    columns = ", ".join(f'{value} AS "{name}"' for name, value in (named | dated).items())
    return f"SELECT {columns} {tables}"


_LEFT_ON: Final = (
    f"CASE WHEN s.departed_at IS NOT NULL THEN {local_day('s.departed_at')}"
    " WHEN s.status IN ('cancelled', 'no_show') THEN s.departure_on END"
)
_STAY_DAYS: Final = {
    Start.ARRIVAL: f"COALESCE({local_day('s.arrived_at')}, s.arrival_on)",
    Start.PLANNED_ARRIVAL: "s.arrival_on",
    Start.CHECK_OUT: _LEFT_ON,
}
_OF_STAYS: Final = (
    "FROM vault_envelope e JOIN stays_stay s ON s.id = e.belongs_to JOIN staff_property p ON p.id = s.property_id"
)
_LIVE: Final = "e.erased_at IS NULL"
# Told before the envelopes are looked at, of which most are not due.
_BILLED_STAYS: Final = (
    "(SELECT s.*, max(l.posted_at) AS posted_at FROM stays_stay s LEFT JOIN stays_billline l ON l.stay_id = s.id"
    " GROUP BY s.id)"
)
# The last departure of each guest, the property of the newest stay, and the withdrawal of a consent where none stands.
_LAST_STAY: Final = f"""(
    SELECT o.subject_id, max({_LEFT_ON}) AS left_on,
        (array_agg(s.property_id ORDER BY s.arrival_on DESC, s.reference DESC))[1] AS property_id
    FROM stays_occupant o JOIN stays_stay s ON s.id = o.stay_id JOIN staff_property p ON p.id = s.property_id
    GROUP BY o.subject_id
)"""  # noqa: S608
_AGREED: Final = """(
    SELECT DISTINCT ON (subject_id) subject_id, property_id, given_at FROM privacy_consent
    WHERE about = 'preferences' ORDER BY subject_id, given_at DESC
)"""
_WITHDRAWN: Final = """(
    SELECT subject_id, max(withdrawn_at) AS withdrawn_at FROM privacy_consent WHERE about = 'preferences'
    GROUP BY subject_id HAVING bool_and(withdrawn_at IS NOT NULL)
)"""
_NOTED: Final = "(SELECT envelope, min(at) AS at FROM privacy_check WHERE envelope IS NOT NULL GROUP BY envelope)"


def _sealed_of_stays(where: str) -> str:
    """Envelopes that belong to one stay, by the days of that stay."""
    return _source("e.id", f"{_OF_STAYS} WHERE {_LIVE} AND {where}", envelope="e.id", stay="s.id", days=_STAY_DAYS)


def _bills() -> str:
    posted = f"COALESCE({local_day('s.posted_at')}, {_LEFT_ON})"
    tables = (
        f"FROM vault_envelope e JOIN {_BILLED_STAYS} s ON s.id = e.belongs_to"
        f" JOIN staff_property p ON p.id = s.property_id WHERE {_LIVE} AND e.category = 'payment'"
    )
    return _source("e.id", tables, envelope="e.id", stay="s.id", days={**_STAY_DAYS, Start.POSTED: posted})


def _bookings() -> str:
    """Stays that came to nothing, of whose party or of which themselves something is still sealed, the bill aside."""
    sealed = (
        "(EXISTS (SELECT 1 FROM stays_occupant o JOIN vault_envelope e ON e.subject_id = o.subject_id"  # noqa: S608
        f" WHERE o.stay_id = s.id AND {_LIVE}) OR EXISTS (SELECT 1 FROM vault_envelope e"
        f" WHERE e.belongs_to = s.id AND e.category <> 'payment' AND {_LIVE}))"
    )
    tables = "FROM stays_stay s JOIN staff_property p ON p.id = s.property_id"
    where = f"WHERE s.status IN ('expected', 'cancelled', 'no_show') AND {sealed}"
    return _source("s.reference", f"{tables} {where}", stay="s.id", days=_STAY_DAYS)


def _preferences() -> str:
    """A guest to whom no stay leads any more was seen last on the day of the newest one, or when they agreed."""
    tables = (
        f"FROM vault_envelope e JOIN vault_subject v ON v.id = e.subject_id"
        f" LEFT JOIN {_LAST_STAY} l ON l.subject_id = e.subject_id LEFT JOIN {_AGREED} c ON c.subject_id = e.subject_id"
        f" JOIN staff_property p ON p.id = COALESCE(l.property_id, c.property_id)"
        f" LEFT JOIN {_WITHDRAWN} w ON w.subject_id = e.subject_id"
        f" WHERE {_LIVE} AND e.category = 'preference'"
    )
    seen_on = f"GREATEST(v.seen_on, {local_day('c.given_at')})"
    last_use = f"CASE WHEN l.subject_id IS NULL THEN {seen_on} ELSE l.left_on END"
    days = {Start.LAST_USE: last_use, Start.WITHDRAWAL: local_day("w.withdrawn_at")}
    return _source("e.id", tables, envelope="e.id", days=days)


def _visitors() -> str:
    """Who came to see a guest: noted with the guest's stay."""
    tables = f"{_OF_STAYS} JOIN vault_subject v ON v.id = e.subject_id WHERE {_LIVE} AND v.kind = 'visitor'"
    days = {**_STAY_DAYS, Start.RECORDED: local_day("v.created_at")}
    return _source("e.id", tables, envelope="e.id", stay="s.id", days=days)


def _case_files() -> str:
    """Closed requests of whose papers something is still sealed."""
    sealed = f"EXISTS (SELECT 1 FROM vault_envelope e WHERE e.belongs_to = q.id AND {_LIVE})"  # noqa: S608
    tables = f"FROM privacy_request q JOIN staff_property p ON p.id = q.property_id WHERE {sealed}"
    return _source(
        "q.number", tables, request="q.id", stay="q.stay_id", days={Start.CLOSED: business_day("q.closed_at")}
    )


def _evidence() -> str:
    """What a requester stated or was noted of them, to make sure who asks."""
    tables = (
        "FROM vault_envelope e JOIN privacy_request q ON q.id = e.belongs_to"
        f" JOIN staff_property p ON p.id = q.property_id LEFT JOIN {_NOTED} n ON n.envelope = e.id"
        f" WHERE {_LIVE} AND (e.category = 'draft' OR n.envelope IS NOT NULL)"
    )
    days = {
        Start.RECORDED: business_day("COALESCE(n.at, q.received_at)"),
        Start.CLOSED: business_day("q.closed_at"),
    }
    return _source("e.id", tables, envelope="e.id", request="q.id", stay="q.stay_id", days=days)


def _certificates() -> str:
    tables = "FROM privacy_certificate c JOIN staff_property p ON p.id = c.property_id"
    return _source("c.number", tables, request="c.request_id", days={Start.MADE: local_day("c.made_at")})


# What is counted by each record; backups, the log, disclosures and assessments are not rows with a period of their own.
SOURCES: Final[Mapping[str, str]] = {
    Record.REGISTER: _sealed_of_stays("e.category = 'register'"),
    Record.REGISTER_COPY: _sealed_of_stays("e.category = 'register' AND e.restricted_until IS NULL"),
    Record.BILL: _bills(),
    Record.BOOKING: _bookings(),
    Record.PREFERENCE: _preferences(),
    Record.VISITOR: _visitors(),
    Record.GUARDIAN: _sealed_of_stays(
        "EXISTS (SELECT 1 FROM vault_subject v WHERE v.id = e.subject_id AND v.kind = 'guardian')"
    ),
    Record.REQUEST_CASE: _case_files(),
    Record.IDENTITY_EVIDENCE: _evidence(),
    Record.CERTIFICATE: _certificates(),
}
