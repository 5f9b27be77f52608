"""Which alerts a person may look into, and one alert with the rows it rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Final

from django.db.models import Q

from audit import services as audit
from audit.models import Event
from staff import permissions
from staff.actions import ALERT_VIEWED
from staff.models import Alert, AlertQuerySet, AlertRow, AlertStep, Person

RIGHT: Final = "read_whole_log"
SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the log that an alert rests on. ``event`` is None where it ended by the rule of retention."""

    row: AlertRow
    event: Event | None


@dataclass(frozen=True, slots=True)
class AlertPage:
    """One alert: its rows, the newest hundred, how many there are, and what was done."""

    alert: Alert
    rows: Sequence[Row]
    count: int
    steps: Sequence[AlertStep]


def alerts_seen_by(person: Person) -> AlertQuerySet:
    """The alerts of the properties whose log the person reads, and of the whole house; never those about themselves.

    Those that no manager of their own property may look into are seen by the managers of all others.
    """
    places = permissions.property_ids_where(person, RIGHT)
    of_others = Q(pk__in=Alert.objects.beyond_their_house().values("pk"))
    seen = Q(property__in=places) | Q(property=None) | of_others if places else Q(pk__in=[])
    found = Alert.objects.filter(seen).not_concerning(person)
    return found.select_related("actor", "property", "rule", "triaged_by")


def require_reader(actor: Person, alert: Alert) -> None:
    """Raise ``NotAllowed`` unless the person reads the log of its property, or is one of those who see it instead."""
    seen = alerts_seen_by(actor).filter(pk=alert.pk)
    if not permissions.may_at(actor, RIGHT, alert.property) and not seen.exists():
        raise permissions.NotAllowed(object_type="right", object_ref=RIGHT)


def open_alert(alert: Alert, *, actor: Person) -> AlertPage:
    """An alert the actor may see, with its rows; the look is on record. Raises ``NotAllowed``."""
    require_reader(actor, alert)
    audit.record_look(
        ALERT_VIEWED,
        who=permissions.who(actor, alert.property),
        object_type="alert",
        object_ref=alert.number,
    )
    rows = list(alert.rows.select_related("actor").order_by("-event_at", "-event_id")[:SHOWN])
    steps = list(alert.steps.select_related("by", "to"))
    return AlertPage(alert, with_events(rows, reader=actor), alert.rows.count(), steps)


def with_events(rows: Sequence[AlertRow], *, reader: Person | None) -> list[Row]:
    """The rows with what the log says, in their order, so far as the reader may know of it. One question."""
    if not rows:
        return []
    named = reduce(or_, (Q(at=row.event_at, id=row.event_id) for row in rows))
    times = [row.event_at for row in rows]
    found = Event.objects.between(min(times), max(times) + timedelta(microseconds=1)).filter(named)
    events = {event.ref: event for event in found.readable_by(reader.pk if reader else None)}
    return [Row(row, events.get(row.event_ref)) for row in rows]
