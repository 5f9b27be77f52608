"""Who looked at a guest's data: role, property, time, purpose. No name of staff, nothing of another case (B10).

Looks for an authority are in no copy at all, whether they are secret or not: where some were told, a gap would show
that there is a secret (PIPL 18(1), 35). The same goes for holds.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.leaves import EVENT
from audit.models import Event, Leaf
from privacy import actions as privacy
from staff.models import Property
from stays import actions as stays

DELIBERATE: Final[dict[str, Promise]] = {
    stays.STAY_VIEWED: _("Stay opened"),
    stays.HISTORY_VIEWED: _("List of the guest's stays opened"),
    stays.FIELD_REVEALED: _("Shown in plain"),
    stays.GUEST_RECOGNISED: _("Recognised by document"),
    stays.CARD_PRINTED: _("Registration card printed"),
    stays.BILL_VIEWED: _("Bill opened"),
    stays.REGISTRATIONS_OPENED: _("Opened for the registration with the police"),
    stays.CALLER_RECOGNISED: _("Dates and bill told on the telephone, to who proved to be you"),
    privacy.CONSENTS_VIEWED: _("Consents opened"),
    privacy.REQUEST_VIEWED: _("Request opened"),
    privacy.CONTACT_REVEALED: _("Contact of who asks shown in plain"),
    privacy.CALLBACK_NUMBER_OPENED: _("Phone number opened, to call back"),
    privacy.COPY_OPENED: _("Copy of the record opened"),
    privacy.TRANSFER_OPENED: _("File for transfer opened"),
    privacy.ANSWER_OPENED: _("Answer opened by its link"),
    privacy.GUEST_SHEET_VIEWED: _("List of looks opened"),
    privacy.GUEST_SHEET_TAKEN: _("List of looks saved, to be handed over"),
}
INCIDENTAL: Final[dict[str, Promise]] = {
    stays.LIST_VIEWED: _("In a list of the front desk"),
    stays.LIST_OPENED: _("In a list exported by the front desk"),
    stays.SEARCHED: _("Among the results of a search"),
    stays.CASES_VIEWED: _("In a list of desk cases"),
    stays.HANDOVER_VIEWED: _("Among the notes between two shifts"),
    stays.VISITORS_VIEWED: _("In the visitor register"),
    stays.ARRIVALS_PRINTED: _("On the arrivals sheet"),
    stays.ROLL_CALLED: _("In the emergency roll call"),
    stays.ROLL_CALL_SHEET_OPENED: _("In the emergency roll call, opened while the system was down"),
    privacy.REQUESTS_LISTED: _("In the list of requests"),
    privacy.PAPER_LISTED: _("In the list of cards on paper"),
    privacy.OTHERS_LEFT_OUT: _("Compared, to be left out of another person's copy"),
}
# Looks at all there is: their fields need no naming on paper.
OF_EVERYTHING: Final = frozenset({privacy.COPY_OPENED, privacy.TRANSFER_OPENED, privacy.ANSWER_OPENED})
SECRET_PURPOSES: Final = ("authority",)


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody opened something of this guest. ``number``: its place in the sealed log, none before its seal."""

    at: datetime
    house: Property | None
    role: str
    what: str
    purpose: str
    fields: tuple[str, ...]
    number: int | None


@dataclass(frozen=True, slots=True, order=True)
class Passing:
    """The guest stood in lists others were looked for in: so often on one day, by one role, for one purpose.

    ``numbers``: the places in the sealed log of those that are sealed.
    """

    day: date
    house: str
    role: str
    what: str
    purpose: str
    times: int
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LogSheet:
    """All looks at a guest, newest first; those at lists counted by day. ``rows``: of the log, behind all of them."""

    guest: UUID
    looks: tuple[Look, ...]
    passing: tuple[Passing, ...]
    rows: tuple[Event, ...]


def log_sheet(guest: UUID) -> LogSheet:
    """The looks at this guest that were carried out, of all properties."""
    rows = Event.objects.about_subjects([guest]).between(None, None).filter(outcome="ok")
    told = rows.filter(action__in=[*DELIBERATE, *INCIDENTAL]).exclude(purpose__in=SECRET_PURPOSES)
    events = list(told.newest())
    houses = Property.objects.in_bulk({event.property for event in events if event.property is not None})
    numbers = _numbers(events)
    looks = {event.pk: _look(event, houses, numbers) for event in events}
    return LogSheet(
        guest=guest,
        looks=tuple(looks[event.pk] for event in events if event.action in DELIBERATE),
        passing=_passing([looks[event.pk] for event in events if event.action in INCIDENTAL]),
        rows=tuple(events),
    )


def _numbers(events: list[Event]) -> dict[int, int]:
    """Places in the sealed log by row."""
    sealed = Leaf.objects.filter(source=EVENT.number, row_id__in=[event.pk for event in events])
    return dict(sealed.values_list("row_id", "number"))


def _look(event: Event, houses: dict[int, Property], numbers: dict[int, int]) -> Look:
    house = houses.get(event.property) if event.property is not None else None
    at = house.local(event.at) if house else event.at
    fields = tuple(event.fields)
    return Look(at, house, event.actor_role, event.action, event.purpose, fields, numbers.get(event.pk))


def _passing(looks: list[Look]) -> tuple[Passing, ...]:
    found: dict[tuple[date, str, str, str, str], list[int | None]] = defaultdict(list)
    for look in looks:
        place = look.house.code if look.house else ""
        found[look.at.date(), place, look.role, look.what, look.purpose].append(look.number)
    lines = (Passing(*key, len(each), tuple(sorted(n for n in each if n is not None))) for key, each in found.items())
    return tuple(sorted(lines, reverse=True))
