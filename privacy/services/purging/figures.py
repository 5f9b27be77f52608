"""What the purge has done and will do, in numbers: purged, restricted, skipped, due in the twelve months to come."""

from collections import Counter
from datetime import datetime
from typing import Any, Final

from django.db import connection

from audit import services as audit
from privacy import actions, permissions
from privacy.models import Purge
from privacy.policy.calendars import add_months
from privacy.policy.rules import Record
from privacy.services.purging.outlook import MONTHS
from privacy.services.reviewing import today
from staff import permissions as rights
from staff.models import Person, Property

_BY_MONTH: Final = """
SELECT to_char(b.at AT TIME ZONE %s, 'YYYY-MM') AS month, c.key, sum(c.value::bigint)
FROM privacy_purgebatch b JOIN privacy_purge p ON p.id = b.purge_id CROSS JOIN LATERAL jsonb_each_text(b.counts) c
WHERE p.property_id = %s AND b.at >= %s GROUP BY 1, 2
"""


def open_figures(*, actor: Person, property: Property, at: datetime) -> dict[str, Any]:
    """Of the last and the next twelve months: ``purged`` and ``restricted`` by month, ``purged_records`` by record,
    ``skipped`` by reason in the newest plans, ``due`` by month and ``due_records`` by record. Raises ``NotAllowed``."""
    if not any(rights.may(actor, right, property) for right in permissions.SEES_FIGURES):
        raise rights.NotAllowed(object_type="right", object_ref=permissions.SEES_FIGURES[0])
    audit.record_look(
        actions.PURGE_FIGURES_VIEWED,
        who=rights.who(actor, property),
        object_type="property",
        object_ref=property.code,
    )
    return count_purged(property=property, at=at)


def count_purged(*, property: Property, at: datetime) -> dict[str, Any]:
    """The figures as codes and integers. What only a confidential hold keeps is in none of them."""
    since = add_months(today(property, at), 1 - MONTHS).replace(day=1)
    with connection.cursor() as cursor:
        cursor.execute(_BY_MONTH, [property.time_zone, property.pk, since])
        rows = cursor.fetchall()
    past = {f"{add_months(since, month):%Y-%m}": 0 for month in range(MONTHS)}
    purged = [(month, record, int(count)) for month, record, count in rows if record != Record.REGISTER_COPY]
    restricted = [(month, record, int(count)) for month, record, count in rows if record == Record.REGISTER_COPY]
    newest = Purge.objects.at(property).filter(asks=False).order_by("-night").first()
    due = [(line["month"], line["record"], line["count"]) for line in newest.outlook["lines"]] if newest else []
    return {
        "purged": past | _summed(purged, 0),
        "purged_records": _summed(purged, 1),
        "restricted": past | _summed(restricted, 0),
        "skipped": _skipped(newest),
        "due": _summed(due, 0),
        "due_records": _summed(due, 1),
        "night": newest.night if newest else None,
    }


def _summed(rows: list[tuple[str, str, int]], column: int) -> dict[str, int]:
    counted = Counter[str]()
    for month, record, count in rows:
        counted[(month, record)[column]] += count
    return dict(sorted(counted.items()))


def _skipped(newest: Purge | None) -> dict[str, int]:
    """By what stands against them, in both plans of the newest night."""
    counted = Counter[str]()
    if newest:
        for run in Purge.objects.filter(property=newest.property_id, night=newest.night):
            counted.update({line["skip"]: line["count"] for line in run.counts if line["skip"]})
    return dict(counted)
