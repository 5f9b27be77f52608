"""What the rules end on a day, told again in plain SQL of its own: the purge must come to the very same.

For a house in China, in the words of policy.md; nothing of the planner is used.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import connection

_FACTS: Final = """
WITH place AS (
    SELECT $1 AS house, $2 AS zone, $3 AS today, $4 AS at),
st AS (
    SELECT s.*, CASE WHEN s.departed_at IS NOT NULL THEN (s.departed_at AT TIME ZONE zone)::date
                     WHEN s.status IN ('cancelled', 'no_show') THEN s.departure_on END AS left_on,
        s.status IN ('expected', 'in_house')
        OR EXISTS (SELECT FROM stays_billline b WHERE b.stay_id = s.id AND b.settled_at IS NULL)
        OR EXISTS (SELECT FROM stays_deskcase d WHERE d.stay_id = s.id AND d.state = 'open')
        OR EXISTS (SELECT FROM stays_registration g JOIN stays_occupant o ON o.id = g.occupant_id
                   WHERE o.stay_id = s.id AND g.state NOT IN ('acknowledged', 'withdrawn')) AS is_matter
    FROM stays_stay s, place WHERE s.property_id = house),
force AS (
    SELECT h.stay_id, h.subject_id FROM privacy_hold h, place
    WHERE h.approved_at <= at AND h.until > at AND h.released_at IS NULL),
asked AS (SELECT guest_id AS subject FROM privacy_request WHERE state <> 'closed' AND guest_id IS NOT NULL),
sealed AS (
    SELECT e.id, e.subject_id, e.category, e.belongs_to, e.restricted_until, v.kind
    FROM vault_envelope e JOIN vault_subject v ON v.id = e.subject_id WHERE e.erased_at IS NULL),
held AS (
    SELECT e.id FROM sealed e JOIN force f ON f.subject_id = e.subject_id
    UNION SELECT e.id FROM sealed e JOIN force f ON f.stay_id = e.belongs_to
    UNION SELECT e.id FROM sealed e JOIN stays_occupant o ON o.subject_id = e.subject_id
          JOIN force f ON f.stay_id = o.stay_id
          WHERE e.category IN ('name', 'contact', 'preference')
    UNION SELECT e.id FROM sealed e JOIN stays_occupant o ON o.stay_id = e.belongs_to
          JOIN force f ON f.subject_id = o.subject_id WHERE e.kind = 'guardian'),
free AS (
    SELECT e.* FROM sealed e
    WHERE NOT EXISTS (SELECT FROM held h WHERE h.id = e.id)
      AND NOT EXISTS (SELECT FROM asked a WHERE a.subject = e.subject_id)),
been AS MATERIALIZED (
    SELECT o.subject_id, max(st.left_on) AS left_on FROM stays_occupant o LEFT JOIN st ON st.id = o.stay_id
    GROUP BY o.subject_id),
led_to AS MATERIALIZED (
    SELECT o.subject_id FROM stays_occupant o JOIN stays_stay s ON s.id = o.stay_id
    LEFT JOIN sealed r ON r.id = o.register_envelope_id
    WHERE s.status <> 'checked_out' OR o.register_envelope_id IS NULL OR r.id IS NOT NULL)
"""

_ERASED: Final = """
-- CN-RET-01, with the notes of the stay and the guardian's contact (CN-RET-11)
SELECT e.id FROM free e JOIN st ON st.id = e.belongs_to, place
WHERE NOT st.is_matter AND (st.left_on + interval '3 years')::date < today
  AND (e.category = 'register' OR e.category = 'note' AND st.departed_at IS NOT NULL OR e.kind = 'guardian')
UNION -- CN-RET-05: the full envelope goes, a reduced one takes its place
SELECT e.id FROM free e JOIN st ON st.id = e.belongs_to, place
WHERE e.category = 'payment' AND NOT st.is_matter AND (COALESCE(
    (SELECT max(b.posted_at AT TIME ZONE zone)::date FROM stays_billline b WHERE b.stay_id = st.id), st.left_on)
    + interval '10 years')::date < today
UNION -- CN-RET-08: what hangs on the stay itself
SELECT e.id FROM sealed e JOIN st ON st.id = e.belongs_to, place
WHERE st.status IN ('cancelled', 'no_show') AND NOT st.is_matter AND st.arrival_on + 90 < today
  AND e.category <> 'payment' AND EXISTS (
    SELECT FROM stays_occupant o JOIN sealed x ON x.subject_id = o.subject_id WHERE o.stay_id = st.id)
  AND NOT EXISTS (SELECT FROM stays_occupant o WHERE o.stay_id = st.id
                  AND (o.subject_id IN (SELECT subject FROM asked) OR o.subject_id IN (SELECT subject_id FROM force)))
  AND NOT EXISTS (SELECT FROM force f WHERE f.stay_id = st.id)
UNION -- CN-RET-09
SELECT e.id FROM free e LEFT JOIN been ON been.subject_id = e.subject_id, place WHERE e.category = 'preference' AND (
    CASE WHEN been.subject_id IS NOT NULL THEN been.left_on
        ELSE (SELECT GREATEST(max(v.seen_on), max(c.given_at AT TIME ZONE zone)::date)
              FROM privacy_consent c JOIN vault_subject v ON v.id = c.subject_id
              WHERE c.subject_id = e.subject_id AND c.about = 'preferences') END + interval '24 months')::date < today
UNION -- CN-RET-10
SELECT e.id FROM free e JOIN vault_subject v ON v.id = e.subject_id JOIN st ON st.id = e.belongs_to, place
WHERE v.kind = 'visitor' AND NOT st.is_matter AND (v.created_at AT TIME ZONE zone)::date + 90 < today
UNION -- nothing leads to the guest any more
SELECT e.id FROM free e, place WHERE e.kind = 'guest' AND e.category IN ('name', 'contact')
  AND NOT EXISTS (SELECT FROM sealed r WHERE r.subject_id = e.subject_id AND r.category IN ('register', 'preference'))
  AND NOT EXISTS (SELECT FROM led_to l WHERE l.subject_id = e.subject_id)
  AND NOT EXISTS (
    SELECT FROM privacy_consent c JOIN vault_subject v ON v.id = c.subject_id
    WHERE c.subject_id = e.subject_id AND c.about = 'marketing' AND c.withdrawn_at IS NULL
      AND (GREATEST(v.seen_on, (c.given_at AT TIME ZONE zone)::date) + interval '24 months')::date >= today)
"""
_RESTRICTED: Final = """
SELECT e.id FROM sealed e JOIN st ON st.id = e.belongs_to, place
WHERE e.category = 'register' AND e.restricted_until IS NULL AND NOT st.is_matter AND st.left_on + 180 < today
"""
_CERTIFICATES: Final = """
SELECT c.number FROM privacy_certificate c, place
WHERE c.property_id = house AND ((c.made_at AT TIME ZONE zone)::date + interval '3 years')::date < today
"""
# Asked at once, so that what is sealed and how each stay stands is gathered once a night.
_QUESTION: Final = f"""{_FACTS}
SELECT 'erased', id::text FROM ({_ERASED}) erased
UNION ALL SELECT 'restricted', id::text FROM ({_RESTRICTED}) restricted
UNION ALL SELECT 'certificates', number FROM ({_CERTIFICATES}) certificates
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """What one night ends: ids of envelopes erased and of those restricted, numbers of certificates gone."""

    erased: frozenset[str]
    restricted: frozenset[str]
    certificates: frozenset[str]


def prepare() -> None:
    """Let the database plan the question once for all nights of this connection."""
    with connection.cursor() as cursor:
        cursor.execute(f"PREPARE told (bigint, text, date, timestamptz) AS {_QUESTION}")


def expected(house: int, zone: str, today: date, at: datetime) -> Ended:
    """What the night of this day has to end, told by the state it finds. ``prepare`` comes first."""
    told: dict[str, set[str]] = {"erased": set(), "restricted": set(), "certificates": set()}
    with connection.cursor() as cursor:
        cursor.execute("EXECUTE told (%s, %s, %s, %s)", [house, zone, today, at])
        for what, each in cursor.fetchall():
            told[what].add(each)
    return Ended(**{what: frozenset(ids) for what, ids in told.items()})
