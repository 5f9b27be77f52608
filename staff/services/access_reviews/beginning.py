"""Beginning an access review: every role somebody holds at the property, with how it was used."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Max
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from audit.models import Event
from staff import duties, permissions, uses
from staff.actions import ACCESS_REVIEW_BEGUN, ACCESS_REVIEW_REFUSED
from staff.detecting import kinds
from staff.models import AccessReview, AccessReviewLine, Person, Post, Property
from staff.services.duties import expect

COUNTED: Final = timedelta(days=91)  # a quarter
LOOKED_BACK: Final = timedelta(days=366)  # for the last use
DAYS_TO_REVIEW: Final = 30


class ReviewUnderWay(audit.Refused):
    """A property reviews its roles once at a time."""

    action = ACCESS_REVIEW_REFUSED
    message = _("Access review %(number)s is not signed off yet. Finish it first.")


class NobodyToReview(audit.Refused):
    """Nobody holds a role at the property."""

    action = ACCESS_REVIEW_REFUSED
    message = _("Nobody holds a role at this property.")


def begin_access_review(*, property: Property, actor: Person | None, at: datetime) -> AccessReview:
    """Begin a review of all roles at the property; due within thirty days. ``actor``: nobody when the quarter does it.

    Raises ``NotAllowed``, ``ReviewUnderWay`` and ``NobodyToReview``.
    """
    if actor is not None:
        permissions.require(actor, permissions.REVIEWS_ACCESS, property)
    with transaction.atomic():
        house = Property.objects.select_for_update(of=("self",)).get(pk=property.pk)
        for review in AccessReview.objects.open().filter(property=house):
            raise ReviewUnderWay(object_type="access_review", object_ref=review.number, number=review.number)
        review = _make(house, actor, at)
        lines = AccessReviewLine.objects.bulk_create(_lines(review))
        if not lines:
            raise NobodyToReview(object_type="property", object_ref=house.code)
        expect(code=duties.ACCESS_REVIEW, property=house, due_at=_end_of(review.due_on, house), at=at)
        _record(review, actor, len(lines))
    return review


def begin_due_reviews(*, at: datetime) -> int:
    """Begin the quarter's review of each property that had none in it and was there before; how many were begun."""
    begun = 0
    for house in Property.objects.filter(posts__group__user__isnull=False).distinct():
        if _is_due(house, at):
            begin_access_review(property=house, actor=None, at=at)
            begun += 1
    return begun


def _is_due(house: Property, at: datetime) -> bool:
    newest = AccessReview.objects.filter(property=house).first()
    if newest is not None and newest.is_open:
        return False
    since = newest.begun_at if newest else house.created_at
    return quarter_of(house.today(since)) < quarter_of(house.today(at))


def quarter_of(day: date) -> tuple[int, int]:
    """Year and quarter, from 1 to 4."""
    return day.year, (day.month + 2) // 3


def _make(house: Property, actor: Person | None, at: datetime) -> AccessReview:
    since = at - COUNTED
    done = _counted(house, since, at, uses.check_ins())
    return AccessReview.objects.create(
        property=house,
        since=since,
        begun_at=at,
        begun_by=actor,
        due_on=house.today(at) + timedelta(days=DAYS_TO_REVIEW),
        check_ins=sum(done.values()),
    )


def _lines(review: AccessReview) -> list[AccessReviewLine]:
    """One for each person and role, those who cannot sign in now too: a reactivated account has its roles back."""
    house, at = review.property, review.begun_at
    held = Post.objects.filter(property=house, group__user__isnull=False).values_list("group__user", "role")
    reveals = _counted(house, review.since, at, kinds.actions_of(kinds.REVEAL))
    used = _last_used(house, at)
    return [
        AccessReviewLine(
            review=review,
            person_id=person,
            role=role,
            last_used_at=used.get((person, role)),
            reveals=reveals.get(person, 0),
        )
        for person, role in held
    ]


def _counted(house: Property, since: datetime, at: datetime, actions: Iterable[str]) -> dict[int | None, int]:
    """How often each person did these at the property."""
    rows = Event.objects.between(since, at).at([house.pk]).readable_by(None).filter(action__in=actions, outcome="ok")
    return dict(rows.values_list("actor").annotate(times=Count("id")))


def _last_used(house: Property, at: datetime) -> dict[tuple[int, str], datetime]:
    """When somebody last did something here in each role: a row of the log names all roles held at that moment."""
    rows = Event.objects.between(at - LOOKED_BACK, at).at([house.pk]).readable_by(None).exclude(actor=None)
    found: dict[tuple[int, str], datetime] = {}
    for actor, roles, last in rows.values_list("actor", "actor_role").annotate(last=Max("at")).order_by(F("last")):
        found.update({(actor, role): last for role in roles.split("+")})
    return found


def _end_of(day: date, house: Property) -> datetime:
    """When the business day turns."""
    return datetime.combine(day + timedelta(days=1), time(settings.BUSINESS_DAY_TURNS_AT_HOUR), house.zone)


def _record(review: AccessReview, actor: Person | None, count: int) -> None:
    house = review.property
    who = permissions.who(actor, house) if actor else audit.Who(role=audit.SYSTEM.role, property=house.pk)
    audit.record(
        ACCESS_REVIEW_BEGUN,
        who=who,
        object_type="access_review",
        object_ref=review.number,
        detail={"count": count},
    )
