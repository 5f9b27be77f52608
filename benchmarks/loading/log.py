"""``python -m benchmarks.loading.log ROWS``: a log of so many rows, and its twin; runs as the owner.

``years`` in the place of ROWS: ten million rows of three years, for the questions of the log's readers.

The twin of the log is the same row in an ordinary table with the indexes its readers need, without partitions, without
triggers, and nobody seals it.
"""

import sys

from benchmarks.engines import connect

PROPERTIES = 20
ROWS_OF_YEARS = 10_000_000
AT_ONCE = 500_000
ROWS = """
INSERT INTO audit_event (ref, at, actor, actor_role, property, session_ref, request_n, action, purpose, purpose_ref,
    object_type, object_ref, subjects, fields, explained_by, detail, request_id)
SELECT gen_random_uuid(), {at}, n %% 211, 'front_desk', n %% 20, gen_random_uuid(), n, 'stay.viewed', 'guest_service',
    stay, 'stay', stay, ARRAY[gen_random_uuid()], ARRAY['name', 'phone'], 'E1', '{{"count": 2}}', gen_random_uuid()
FROM generate_series(%s, %s) n, LATERAL (SELECT '2026-' || lpad((n %% (1 + %s / 12))::text, 6, '0') AS stay) stays
"""
NOW = "clock_timestamp()"
OF_YEARS = "'2026-01-01T00:00Z'::timestamptz + n * interval '9.46 s'"
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
        cursor.execute(ROWS.format(at=NOW), (1, count, count))
        cursor.execute(TWIN)


def load_years() -> None:
    """Write ten million rows, spread over three years, and let the planner know them."""
    session = connect()
    session.autocommit = True
    with session.cursor() as cursor:
        for first in range(1, ROWS_OF_YEARS, AT_ONCE):
            cursor.execute(ROWS.format(at=OF_YEARS), (first, first + AT_ONCE - 1, ROWS_OF_YEARS))
        cursor.execute("VACUUM (ANALYZE) audit_event")
    session.close()


def stay_of(row: int, count: int) -> str:
    """The stay that a row of a log of so many is about."""
    return f"2026-{row % (1 + count // 12):06d}"


if __name__ == "__main__":
    if sys.argv[1] == "years":
        load_years()
    else:
        load(int(sys.argv[1]))
