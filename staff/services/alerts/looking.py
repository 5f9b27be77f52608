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
from staff.models import Alert, AlertQuerySet, AlertRow, AlertStep, Person, Property

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
    """The alerts of the properties whose log the person reads, and of the whole house; never those about themselves."""
    places = permissions.property_ids_where(person, RIGHT)
    seen = Alert.objects.filter(Q(property__in=places) | Q(property=None)) if places else Alert.objects.none()
    return seen.not_concerning(person).select_related("actor", "property", "rule", "triaged_by")


def require_reader(actor: Person, house: Property | None) -> None:
    """Raise ``NotAllowed`` unless the person reads the log of the property; of any, for what is of the whole house."""
    if not permissions.may_at(actor, RIGHT, house):
        raise permissions.NotAllowed(object_type="right", object_ref=RIGHT)


def open_alert(alert: Alert, *, actor: Person) -> AlertPage:
    """An alert the actor may see, with its rows; the look is on record. Raises ``NotAllowed``."""
    require_reader(actor, alert.property)
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
