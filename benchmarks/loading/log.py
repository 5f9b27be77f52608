"""``python -m benchmarks.loading.log ROWS``: a log of so many rows, and its twin; runs as the owner.

``ROWS years``: spread over three years, one row in a hundred a list of twenty guests, for the questions of the log's
readers.

The twin of the log is the same row in an ordinary table with the indexes its readers need, without partitions, without
triggers, and nobody seals it.
"""

import sys
from multiprocessing import get_context

from benchmarks.engines import connect
from benchmarks.loading import bulk

PROPERTIES = 20
AT_ONCE = 250_000
LIST_EVERY, LISTED = 100, 20
ROWS = """
INSERT INTO audit_event (ref, at, actor, actor_role, property, session_ref, request_n, action, purpose, purpose_ref,
    object_type, object_ref, subjects, fields, explained_by, detail, request_id)
SELECT gen_random_uuid(), {at}, n %% 211, 'front_desk', n %% 20, gen_random_uuid(), n, 'stay.viewed', 'guest_service',
    stay, {kind}, stay, {guests}, ARRAY['name', 'phone'], 'E1', '{{"count": 2}}', gen_random_uuid()
FROM generate_series(%(first)s, %(last)s) n,
    LATERAL (SELECT '2026-' || lpad((n %% (1 + %(count)s / 12))::text, 6, '0') AS stay) stays
"""
NOW = {"at": "clock_timestamp()", "kind": "'stay'", "guests": "ARRAY[gen_random_uuid()]"}
A_LIST = f"n %% {LIST_EVERY} = 0"
OF_YEARS = {
    "at": "'2026-01-01T00:00Z'::timestamptz + n * (interval '94600000 s' / %(count)s)",
    "kind": f"CASE WHEN {A_LIST} THEN 'list' ELSE 'stay' END",
    "guests": f"""CASE WHEN {A_LIST} THEN ARRAY(
        SELECT md5(((n + 37 * each) %% (1 + %(count)s / 12))::text)::uuid FROM generate_series(1, {LISTED}) each)
        ELSE ARRAY[md5((n %% (1 + %(count)s / 12))::text)::uuid] END""",
}
TWIN = """
CREATE SCHEMA twin;
CREATE TABLE twin.event (LIKE public.audit_event INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING INDEXES);
DROP INDEX twin.event_xact_id_idx;
GRANT USAGE ON SCHEMA twin TO hotelrecords_web;
GRANT INSERT, SELECT ON twin.event TO hotelrecords_web;
"""


def load(count: int) -> None:
    """Write the rows as one transaction, and make the twin."""
    with connect() as session, session.cursor() as cursor:
        cursor.execute(ROWS.format(**NOW), {"first": 1, "last": count, "count": count})
        cursor.execute(TWIN)


def load_years(count: int) -> None:
    """Write the rows with the indexes aside, by two processes, and let the planner know them."""
    parts = [(first, min(first + AT_ONCE - 1, count), count) for first in range(1, count, AT_ONCE)]
    with bulk.without_indexes(["audit_event"]), get_context("fork").Pool(2) as pool:
        pool.map(_write, parts, chunksize=1)
    bulk.execute(["VACUUM (ANALYZE) audit_event"])


def _write(part: tuple[int, int, int]) -> None:
    with connect() as session, session.cursor() as cursor:
        cursor.execute(ROWS.format(**OF_YEARS), dict(zip(("first", "last", "count"), part, strict=True)))


def stay_of(row: int, count: int) -> str:
    """The stay that a row of a log of so many is about."""
    return f"2026-{row % (1 + count // 12):06d}"


if __name__ == "__main__":
    (load_years if sys.argv[2:] == ["years"] else load)(int(sys.argv[1]))
