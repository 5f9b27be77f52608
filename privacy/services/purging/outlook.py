"""What the rules end in the months to come, reckoned once a week. Holds do not count: only the rules speak here."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.db import connection

from privacy.policy.calendars import add_months
from privacy.services.purging.sources import Source
from staff.models import Property

MONTHS: Final = 12
_RECKONED_AGAIN: Final = timedelta(days=7)


def outlook(house: Property, found: Sequence[Source], on: date, *, last: Mapping[str, Any]) -> dict[str, Any]:
    """By month and record how much ends in a year ``on`` a day: ``lines`` of month (``2026-05``), record and count.

    ``last``: the outlook of the night before, which holds for a week.
    """
    if last and on < date.fromisoformat(last["on"]) + _RECKONED_AGAIN:
        return dict(last)
    lines = [line for source in found if source.is_of_house for line in _of_record(house, source, on)]
    return {"on": on.isoformat(), "lines": sorted(lines, key=lambda line: (line["month"], line["record"]))}


def _of_record(house: Property, source: Source, on: date) -> list[dict[str, Any]]:
    (table, of_table), (due, of_due) = source.sql, source.due
    sql = (
        "SELECT to_char(r.due_on, 'YYYY-MM') AS month, count(*)"  # noqa: S608
        f" FROM (SELECT {due} AS due_on, r.envelope FROM ({table}) r WHERE r.property = %s) r"
        f" LEFT JOIN vault_envelope e ON e.id = r.envelope"
        f" WHERE r.due_on >= %s AND r.due_on < %s AND {source.where} GROUP BY 1"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*of_due, *of_table, house.pk, on, add_months(on, MONTHS)])
        return [{"month": month, "record": source.record, "count": count} for month, count in cursor.fetchall()]
