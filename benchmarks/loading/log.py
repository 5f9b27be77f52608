"""``python -m benchmarks.loading.log ROWS``: a log of so many rows, and its twin; runs as the owner.

The twin of the log is the same row in an ordinary table with the indexes its readers need, without partitions, without
triggers, and nobody seals it.
"""

import sys

from benchmarks.engines import connect

ROWS = """
INSERT INTO audit_event (ref, actor, actor_role, property, session_ref, request_n, action, purpose, purpose_ref,
    object_type, object_ref, subjects, fields, explained_by, detail, request_id)
SELECT gen_random_uuid(), n %% 211, 'front_desk', n %% 20, gen_random_uuid(), n, 'stay.viewed', 'guest_service', stay,
    'stay', stay, ARRAY[gen_random_uuid()], ARRAY['name', 'phone'], 'E1', '{"count": 2}', gen_random_uuid()
FROM generate_series(1, %s) n, LATERAL (SELECT '2026-' || lpad((n %% (1 + %s / 12))::text, 6, '0') AS stay) stays
"""
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
        cursor.execute(ROWS, (count, count))
        cursor.execute(TWIN)


if __name__ == "__main__":
    load(int(sys.argv[1]))
