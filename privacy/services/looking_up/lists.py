"""The worklist: numbers, kinds, states and clocks; no name stands in it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from audit import services as audit
from privacy import actions, permissions
from privacy.models import Request
from privacy.models.requests import RequestQuerySet
from staff import permissions as rights
from staff.models import Person, Property

ROWS_A_PAGE: Final = 50
MOST_DIGITS: Final = 6
OPEN, MINE, OVERDUE = "open", "mine", "overdue"
STATES: Final = tuple(Request.State.values)
LISTS: Final = (OPEN, MINE, OVERDUE, *STATES)
SHOWN: Final = (
    "number", "property_id", "kind", "channel", "acts_as", "state", "result",
    "received_at", "due_on", "paused_at", "extended_at", "officer__name", "officer__latin_name",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RequestList:
    """One page of one list, and how many requests each list of open ones holds."""

    page: "Page[Request]"
    counts: dict[str, int]
    today: date


class Counted(Paginator):  # type: ignore[type-arg]
    """Pages over rows that are counted already. ``open_ended``: only as far as the page after the one shown."""

    def __init__(self, rows: RequestQuerySet, count: int, *, open_ended: bool = False) -> None:
        super().__init__(rows, ROWS_A_PAGE)
        self.__dict__["count"] = count
        self.open_ended = open_ended


def list_requests(*, actor: Person, property: Property, which: str, page: str | None, at: datetime) -> RequestList:
    """One list of the property, the shortest time left first; what is closed the newest first.

    Raises ``NotAllowed``; an unknown list is the open ones.
    """
    permissions.require_decide(actor, property)
    which = which if which in LISTS else OPEN
    today = property.today(at)
    here = Request.objects.visible_to(actor).at(property)
    counts = _counts(here, actor, today)
    rows = _rows(here, which, actor, today)
    number = _number(page)
    shown = _pages(rows.select_related("officer").only(*SHOWN), counts.get(which), number).get_page(number)
    for request in shown.object_list:
        request.property = property
    audit.record_look(
        actions.REQUESTS_LISTED,
        who=rights.who(actor, property),
        object_type="list",
        object_ref=which,
        detail={"count": len(shown.object_list)},
    )
    return RequestList(shown, counts, today)


def _number(page: str | None) -> int:
    """The page asked for; the first for whatever is none."""
    return max(int(page), 1) if page and page.isdecimal() and len(page) <= MOST_DIGITS else 1


def _pages(rows: RequestQuerySet, count: int | None, number: int) -> Counted:
    """Nobody needs to know how many pages years of closed requests fill, and counting them takes the longest."""
    if count is not None:
        return Counted(rows, count)
    return Counted(rows, rows[: number * ROWS_A_PAGE + 1].count(), open_ended=True)


def _rows(here: RequestQuerySet, which: str, actor: Person, today: date) -> RequestQuerySet:
    if which == Request.State.CLOSED:
        return here.filter(state=which).order_by("-received_at")
    narrowed = {
        OPEN: Q(),
        MINE: Q(officer=actor),
        OVERDUE: _overdue(today),
    }.get(which, Q(state=which))
    return here.open().filter(narrowed).by_time_left()


def _overdue(today: date) -> Q:
    return Q(due_on__lt=today, paused_at__isnull=True)


def _counts(here: RequestQuerySet, actor: Person, today: date) -> dict[str, int]:
    """How many are open, by list, in one query; what is closed is counted where it is shown."""
    by_state = (
        here.open()
        .order_by()
        .values_list("state")
        .annotate(
            all=Count("state"),
            mine=Count("state", filter=Q(officer=actor)),
            late=Count("state", filter=_overdue(today)),
        )
    )
    counts = dict.fromkeys((OPEN, MINE, OVERDUE, *STATES), 0)
    del counts[Request.State.CLOSED]
    for state, found, mine, late in by_state:
        counts[state] = found
        counts[OPEN] += found
        counts[MINE] += mine
        counts[OVERDUE] += late
    return counts
