"""How guests' requests are handled, in numbers (M15): counts of cases, never of what a person is.

What requesters thought of it is told of five or more only: below that a rating could be laid at somebody's door.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.conf import settings
from django.db.models import Aggregate, Avg, Count, DurationField, ExpressionWrapper, F

from audit import services as audit
from privacy import actions, permissions
from privacy.models import Request
from privacy.models.requests import RequestQuerySet
from staff import permissions as rights
from staff.models import Person, Property

FEWEST: Final = 5
LONGEST_DAYS: Final = 1100  # three years and a little
UPHELD: Final = (Request.Result.GRANTED, Request.Result.PARTLY)
Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Period:
    """Business days of the property, both included."""

    first: date
    last: date


class Median(Aggregate):
    """The continuous median of PostgreSQL."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


def open_figures(*, actor: Person, property: Property, period: Period, at: datetime) -> Figures:
    """The figures of a period, on record as looked at. Raises ``NotAllowed``."""
    if not any(rights.may(actor, right, property) for right in permissions.SEES_FIGURES):
        raise rights.NotAllowed(object_type="right", object_ref=permissions.SEES_FIGURES[0])
    audit.record_look(
        actions.FIGURES_VIEWED,
        who=rights.who(actor, property),
        object_type="property",
        object_ref=property.code,
        detail={"from": period.first.isoformat(), "to": period.last.isoformat()},
    )
    return count_requests(property=property, period=period, at=at)


def count_requests(*, property: Property, period: Period, at: datetime) -> Figures:
    """The figures as codes and integers, so that a review can keep them. ``None``: too few, or nothing to tell of.

    Counted are requests received in the period, duplicates left out; what came of them is as of now. Days are told in
    tenths, ratings in hundredths.
    """
    requests = _received(property, period)
    closed = requests.exclude(closed_at=None)
    late = requests.open().filter(paused_at=None, due_on__lt=property.today(at))
    return {
        "received": requests.count(),
        "open": requests.open().count(),
        "overdue": late.count(),
        "closed": closed.count(),
        "closed_late": closed.filter(closed_at__date__gt=F("due_on")).count(),
        "median_days": _tenths_of_days(closed.aggregate(middle=_middle())["middle"]),
        "kinds": _counts(requests, "kind"),
        "channels": _counts(requests, "channel"),
        "outcomes": _counts(closed, "result"),
        "grounds": _counts(closed.filter(result=Request.Result.REFUSED), "refusal_ground"),
        "medians": _medians(closed),
        "appeals": _appeals(closed),
        "ratings": _ratings(requests),
    }


def _received(house: Property, period: Period) -> RequestQuerySet:
    turn = time(settings.BUSINESS_DAY_TURNS_AT_HOUR)
    begins = datetime.combine(period.first, turn, house.zone)
    ends = datetime.combine(period.last + timedelta(days=1), turn, house.zone)
    return Request.objects.at(house).filter(received_at__gte=begins, received_at__lt=ends, duplicate_of=None).order_by()


def _counts(requests: RequestQuerySet, field: str) -> dict[str, int]:
    """How many of each code, most first."""
    found = requests.values_list(field).annotate(count=Count("pk")).order_by("-count", field)
    return dict(found)


def _middle() -> Median:
    return Median(ExpressionWrapper(F("closed_at") - F("received_at"), output_field=DurationField()))


def _medians(closed: RequestQuerySet) -> dict[str, int | None]:
    found = closed.values_list("kind").annotate(middle=_middle()).order_by("kind")
    return {kind: _tenths_of_days(middle) for kind, middle in found}


def _tenths_of_days(span: timedelta | None) -> int | None:
    return None if span is None else round(span / timedelta(days=1) * 10)


def _appeals(closed: RequestQuerySet) -> dict[str, int]:
    """Appeals decided, and how many of them at least in part for the guest."""
    decided = closed.filter(kind=Request.Kind.APPEAL)
    return {"decided": decided.count(), "upheld": decided.filter(result__in=UPHELD).count()}


def _ratings(requests: RequestQuerySet) -> dict[str, int | None]:
    rated = requests.exclude(rating=None).aggregate(count=Count("pk"), average=Avg("rating"))
    if rated["count"] < FEWEST:
        return {"count": None if rated["count"] else 0, "average": None}
    return {"count": rated["count"], "average": round(float(rated["average"]) * 100)}
