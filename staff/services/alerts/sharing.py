"""How much of all access is explained, and what is drawn from the rest to be read: the health of detection."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Q

from audit.models import Event, EventQuerySet
from staff.detecting import kinds
from staff.models import AlertRow, Person, Property, Reminder

HEALTHY: Final = 95
# Two of a hundred, by the row's own random reference: whoever draws again draws the same rows.
DRAWN_BELOW: Final = UUID(int=2**128 // 50)


@dataclass(frozen=True, slots=True)
class Share:
    """Of one role at one property: how many looks at guests there were, and how many the system saw a reason for."""

    house: Property
    role: str
    looks: int
    explained: int

    @property
    def percent(self) -> float:
        """The explained ones of a hundred."""
        return 100 * self.explained / self.looks

    @property
    def is_healthy(self) -> bool:
        """Whether nearly all are explained, so that what is not is worth a look."""
        return self.percent > HEALTHY


def explained_shares(houses: Sequence[Property], since: datetime, until: datetime) -> list[Share]:
    """By property and role, the lowest share first; one question. What is secret is no part of it."""
    by_id = {house.pk: house for house in houses}
    counted = (
        _looks(list(by_id), since, until)
        .order_by()
        .values_list("property", "actor_role")
        .annotate(looks=Count("id"), explained=Count("id", filter=~Q(explained_by="")))
    )
    shares = [Share(by_id[place], role, looks, explained) for place, role, looks, explained in counted if place]
    return sorted(shares, key=lambda share: (share.percent, share.house.code, share.role))


def drawn_rows(houses: Sequence[Property], since: datetime, until: datetime, *, reader: Person) -> EventQuerySet:
    """Two of a hundred looks that raised nothing, newest first, without the reader's own."""
    known = {"event_at__gte": since, "event_at__lt": until}
    rows = _looks([house.pk for house in houses], since, until).exclude(actor=reader.pk)
    for noticed in (AlertRow.objects.filter(**known), Reminder.objects.filter(**known)):
        rows = rows.exclude(ref__in=noticed.values_list("event_ref", flat=True))
    return rows.filter(ref__lt=DRAWN_BELOW).newest()


def _looks(houses: Sequence[int], since: datetime, until: datetime) -> EventQuerySet:
    graded = [grade.action for grade in kinds.grades()]
    rows = Event.objects.at(houses).between(since, until).readable_by(None)
    return rows.filter(action__in=graded, outcome="ok", actor__isnull=False)
