"""The rows of a source that have ended, with what stands against their end, as one SELECT."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db import connection

from privacy.models import Hold, Purge
from privacy.policy.rules import Record
from privacy.services.purging.sources import GUEST, NOTE, Source
from privacy.services.record_days import Sql
from privacy.services.reviewing import today
from staff.models import Property


class Skip(StrEnum):
    """What stands against the end of a row, in the order in which it is tested; the first is told."""

    HOLD = "hold"
    OPEN_STAY = "open_stay"
    OPEN_REQUEST = "open_request"
    RESTRICTED = "restricted"  # at the guest's wish, who may need it (PIPL 44)
    REGISTRATION = "registration"
    UNPAID = "unpaid"
    DESK_CASE = "desk_case"


_CONDITIONS: Final[dict[Skip, str]] = {
    Skip.OPEN_STAY: "st.status IN ('expected', 'in_house')",
    # Each way to the guest asked for itself: one question with OR would go through all requests for each row.
    Skip.OPEN_REQUEST: (
        "(EXISTS (SELECT 1 FROM privacy_request q WHERE q.state <> 'closed' AND q.stay_id = r.stay)"
        " OR EXISTS (SELECT 1 FROM privacy_request q WHERE q.state <> 'closed' AND q.guest_id = e.subject_id)"
        " OR r.envelope IS NULL AND EXISTS (SELECT 1 FROM privacy_request q JOIN stays_occupant o"
        " ON o.subject_id = q.guest_id WHERE q.state <> 'closed' AND o.stay_id = r.stay))"
    ),
    Skip.RESTRICTED: (
        "EXISTS (SELECT 1 FROM privacy_item i JOIN privacy_request q ON q.id = i.request_id"
        " WHERE i.envelope = r.envelope AND i.chosen = 'restrict' AND i.done_at IS NOT NULL"
        " AND q.kind IN ('restriction', 'objection', 'correction'))"
    ),
    Skip.REGISTRATION: (
        "EXISTS (SELECT 1 FROM stays_registration g JOIN stays_occupant o ON o.id = g.occupant_id"
        " WHERE o.stay_id = r.stay AND g.state IN ('pending', 'sent', 'failed'))"
    ),
    Skip.UNPAID: "EXISTS (SELECT 1 FROM stays_billline b WHERE b.stay_id = r.stay AND b.settled_at IS NULL)",
    Skip.DESK_CASE: "EXISTS (SELECT 1 FROM stays_deskcase d WHERE d.stay_id = r.stay AND d.state = 'open')",
}
_OF_STAY: Final = tuple(Skip)
_OF_GUEST: Final = (Skip.HOLD, Skip.OPEN_REQUEST, Skip.RESTRICTED)
# Taking a copy out of the desk's sight erases nothing: only what the desk still works on stands against it.
_OF_COPY: Final = (Skip.OPEN_STAY, Skip.REGISTRATION, Skip.UNPAID, Skip.DESK_CASE)
# Preferences rest on consent alone: an open stay or bill is no reason to keep them (M42).
STANDS_AGAINST: Final[dict[str, tuple[Skip, ...]]] = {
    Record.REGISTER: _OF_STAY,
    NOTE: _OF_STAY,
    Record.BOOKING: _OF_STAY,
    Record.GUARDIAN: _OF_STAY,
    Record.BILL: _OF_STAY,
    Record.VISITOR: _OF_STAY,
    Record.REGISTER_COPY: _OF_COPY,
    Record.PREFERENCE: _OF_GUEST,
    GUEST: _OF_GUEST,
    Record.CERTIFICATE: (),
}
# Rows of these records may name no envelope, or no stay. Of the others each does: PostgreSQL (18) leaves a join out
# that the source has made already, if it is no outer one.
_NO_ENVELOPE: Final = frozenset({Record.BOOKING, Record.CERTIFICATE})
_NO_STAY: Final = frozenset({Record.PREFERENCE, Record.CERTIFICATE, GUEST})
# By what a row of a record is known again.
_KEY: Final[dict[str, str]] = {Record.BOOKING: "stay", Record.CERTIFICATE: "ref"}


# Told once in a deed: the views behind it cost more to plan than a night's rows to judge.
_HELD_NOW: Final = """
SELECT 'envelope', h.envelope_id::text, bool_and(o.confidential)
FROM privacy_heldenvelope h JOIN privacy_hold o ON o.id = h.hold_id WHERE o.id = ANY(%s) GROUP BY 2
UNION ALL
SELECT 'stay', h.stay_id::text, bool_and(o.confidential)
FROM privacy_heldstay h JOIN privacy_hold o ON o.id = h.hold_id WHERE o.id = ANY(%s) GROUP BY 2
"""


@dataclass(frozen=True, slots=True)
class Holds:
    """What the holds in force at a moment keep. In a batch they are read after ``wait_for_holds``.

    ``plain``: ids by what they are of, ``envelope`` or ``stay``; ``secret``: those that only confidential holds keep.
    """

    plain: Mapping[str, list[str]]
    secret: Mapping[str, list[str]]

    @classmethod
    def at(cls, at: datetime) -> "Holds":
        """Those in force now."""
        found = cls(defaultdict(list), defaultdict(list))
        if ids := list(Hold.objects.in_force(at).order_by().values_list("pk", flat=True)):
            with connection.cursor() as cursor:
                cursor.execute(_HELD_NOW, [ids, ids])
                for key, held, is_secret in cursor.fetchall():
                    (found.secret if is_secret else found.plain)[key].append(held)
        return found


def key_of(record: str) -> str:
    """The column of a plan's row that says what it is about."""
    return _KEY.get(record, "envelope")


def candidates(source: Source, house: Property, *, at: datetime, holds: Holds) -> Sql:
    """What has ended at a property by today, with what stands against it: SELECT ref, envelope, stay, due_on, skip.

    Without what only confidential holds keep: such a row is as if it were not due.
    """
    (table, of_table), (due, of_due) = source.sql, source.due
    place, of_place = ("r.property = %s", [house.pk]) if source.is_of_house else ("TRUE", [])
    rows = (
        "SELECT r.ref, r.envelope, r.stay, r.due_on"  # noqa: S608
        f" FROM (SELECT r.*, {due} AS due_on FROM ({table}) r WHERE {place}) r WHERE r.due_on < %s"
    )
    return judged(source, (rows, [*of_due, *of_table, *of_place, today(house, at)]), holds=holds)


def judged(source: Source, rows: Sql, *, holds: Holds) -> Sql:
    """These rows (ref, envelope, stay, due_on) as far as they are alive, with what stands against their end now."""
    table, of_table = rows
    skip, of_skip = _skip(source.record, holds)
    secret, of_secret = _secretly_held(source.record, holds)
    sql = f"""
        SELECT COALESCE(st.reference, CASE WHEN r.envelope IS NULL THEN r.ref END, '') AS ref,
            r.envelope, r.stay, r.due_on, {skip} AS skip
        FROM ({table}) r
        {_join(source.record, _NO_ENVELOPE)} vault_envelope e ON e.id = r.envelope
        {_join(source.record, _NO_STAY)} stays_stay st ON st.id = r.stay
        WHERE e.erased_at IS NULL AND {source.where} AND NOT ({secret})
    """  # noqa: S608
    return sql, [*of_skip, *of_table, *of_secret]


def _join(record: str, without: Collection[str]) -> str:
    return "LEFT JOIN" if record in without else "JOIN"


def unplanned(record: str) -> str:
    """A condition on a candidate ``c``: no run that is approved or at work is about to do it.

    Asked as a list, which is hashed: what was planned a moment ago no statistics know of, and a join would compare each
    row with each.
    """
    key, states = key_of(record), ", ".join(f"'{state}'" for state in (Purge.State.WAITING, Purge.State.RUNNING))
    return (
        f"c.{key} NOT IN (SELECT i.{key} FROM privacy_purgeitem i JOIN privacy_purge p ON p.id = i.purge_id"  # noqa: S608
        f" WHERE p.state IN ({states}) AND i.skip = '' AND i.record = '{record}' AND i.{key} IS NOT NULL)"
    )


def _skip(record: str, holds: Holds) -> Sql:
    """The first thing that stands against a row, empty where nothing does."""
    parts: list[str] = []
    params: list[object] = []
    for code in STANDS_AGAINST[record]:
        condition, given = _held(record, holds.plain) if code == Skip.HOLD else (_CONDITIONS[code], [])
        parts.append(f"WHEN {condition} THEN '{code}'")
        params += given
    return (f"CASE {' '.join(parts)} ELSE '' END", params) if parts else ("''::text", [])


def _secretly_held(record: str, holds: Holds) -> Sql:
    """Kept by a confidential hold and by no other: such a row is as if it were not due."""
    return _held(record, holds.secret) if Skip.HOLD in STANDS_AGAINST[record] else ("FALSE", [])


def _held(record: str, held: Mapping[str, list[str]]) -> Sql:
    key = key_of(record)
    return (f"r.{key} = ANY(%s::uuid[])", [held[key]]) if held.get(key) else ("FALSE", [])
