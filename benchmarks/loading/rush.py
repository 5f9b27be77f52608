"""The house where a hundred clerks check guests in at once: emptied before each measurement."""

from benchmarks.engines import connect
from benchmarks.loading.desks import RUSH

_THERE = "(SELECT id FROM stays_stay WHERE property_id = (SELECT id FROM staff_property WHERE code = %s))"
STATEMENTS = (
    f"UPDATE stays_roomuse SET state = 'undone' WHERE state IN ('expected', 'in_house') AND stay_id IN {_THERE}",
    f"UPDATE stays_stay SET status = 'checked_out', departed_at = now() WHERE status = 'in_house' AND id IN {_THERE}",
    f"UPDATE stays_stay SET status = 'cancelled' WHERE status = 'expected' AND id IN {_THERE}",
    "UPDATE stays_room SET state = 'clean' WHERE property_id = (SELECT id FROM staff_property WHERE code = %s)",
)


def empty() -> None:
    """End every stay of the house and have every room clean."""
    with connect() as session, session.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(statement, [RUSH])
    session.close()
