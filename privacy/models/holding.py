"""Holds: data that must stay although somebody asks for its erasure."""

import builtins
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from psycopg2.extras import DateTimeTZRange

from privacy import permissions
from privacy.models.requests import Request
from staff.models import Person, Property
from stays.models import Room, Stay
from vault.models import Subject

LONGEST = timedelta(days=180)  # policy.md, B3
_NO_GUEST = Q(subject__isnull=True, stay__isnull=True)
_NO_ROOM = Q(room__isnull=True, during__isnull=True)
_NO_REQUEST = Q(request__isnull=True)


class HoldQuerySet(models.QuerySet["Hold"]):
    """Holds in the words of the office."""

    def visible_to(self, person: Person) -> Self:
        """Those of the properties where the person decides; a confidential one only for its named officers."""
        named = Q(placed_by=person) | Q(approved_by=person) | Q(pk__in=self._naming(person))
        houses = Q(property__in=permissions.houses_decided_by(person))
        return self.filter(houses, Q(confidential=False) | named)

    def in_force(self, at: datetime) -> Self:
        """Holding at that moment: an authority's from its placing on, an internal one once it is approved."""
        begun = Q(kind=Hold.Kind.AUTHORITY) | Q(approved_at__lte=at)
        lasting = Q(until__isnull=True) | Q(until__gt=at)
        released = Q(released_at__lte=at)
        return self.filter(begun, lasting, placed_at__lte=at).exclude(released)

    def open(self, at: datetime) -> Self:
        """Neither released nor ended by then; one that waits for its approval is open and holds nothing yet."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=at)).exclude(released_at__lte=at)

    def over(self, at: datetime) -> Self:
        """Released, or ended by time."""
        return self.filter(Q(until__lte=at) | Q(released_at__lte=at))

    @staticmethod
    def _naming(person: Person) -> "models.QuerySet[Hold, int]":
        return Hold.objects.filter(officers=person).values_list("pk", flat=True)


class Hold(models.Model):
    """Keeps data from erasure: a guest's, a stay's, of a guest in a stay, of all who use a room in a time, or of a
    request, which is its file and the guest it is about. An internal one ends within 180 days; renewing is a new hold.

    An authority's hold may stand without an end, until it is released; it is looked at again on ``review_on``.
    ``renews``: the hold it goes on from. ``resumed_at``: after its end, when what had waited for it was taken up again.
    """

    class Kind(models.TextChoices):
        """Who wants the data kept."""

        AUTHORITY = "authority", _("Freeze by an authority")
        INTERNAL = "internal", _("Internal hold")

    number = models.CharField(max_length=16, unique=True)
    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="holds")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True, related_name="+")
    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, null=True, related_name="holds")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, related_name="+")
    during: "models.Field[Any, DateTimeTZRange | None]" = DateTimeRangeField(null=True)  # type: ignore[misc]
    request = models.ForeignKey(Request, on_delete=models.PROTECT, null=True, related_name="holds")
    renews = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="renewals")
    authority = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=32)
    review_on = models.DateField()
    until = models.DateTimeField(null=True)
    confidential = models.BooleanField(default=False)
    officers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    release_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    resumed_at = models.DateTimeField(null=True)
    envelope = models.UUIDField(null=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["review_on", "number"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=["authority", "internal"]), name="hold_kind_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="hold_has_reason"),
            models.CheckConstraint(
                condition=Q(_NO_ROOM, _NO_REQUEST) & (Q(subject__isnull=False) | Q(stay__isnull=False))
                | Q(_NO_GUEST, _NO_REQUEST, room__isnull=False, during__isnull=False, during__isempty=False)
                | Q(_NO_GUEST, _NO_ROOM, request__isnull=False),
                name="hold_is_on_one_thing",
            ),
            models.CheckConstraint(condition=~Q(renews=F("id")), name="hold_renews_another"),
            models.CheckConstraint(condition=Q(kind="authority") | Q(authority=""), name="hold_authority_of_freeze"),
            models.CheckConstraint(
                condition=Q(until__isnull=True, kind="authority")
                | Q(until__isnull=False, until__gt=F("placed_at"), kind="authority")
                | Q(until__isnull=False, until__gt=F("placed_at"), until__lte=F("placed_at") + LONGEST),
                name="hold_at_most_180_days",
            ),
            models.CheckConstraint(
                condition=Q(resumed_at__isnull=True)
                | Q(released_at__isnull=False, released_at__lte=F("resumed_at"))
                | Q(until__isnull=False, until__lte=F("resumed_at")),
                name="hold_resumed_after_end",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | (Q(approved_by__isnull=False, approved_at__isnull=False) & ~Q(approved_by=F("placed_by"))),
                name="hold_approver_is_another",
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True, released_at__isnull=True)
                | (
                    Q(released_by__isnull=False, released_at__isnull=False, release_asked_by__isnull=False)
                    & ~Q(released_by=F("release_asked_by"))
                ),
                name="hold_released_by_two",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @builtins.property
    def days(self) -> tuple[date, date]:
        """The first and the last day of a room's hold. Raises ValueError for any other."""
        if self.during is None or self.during.lower is None or self.during.upper is None:
            raise ValueError(f"hold {self.number} is on no room")
        first, after = (self.property.local(moment).date() for moment in (self.during.lower, self.during.upper))
        return first, after - timedelta(days=1)

    def has_ended(self, at: datetime) -> bool:
        """Released, or past its end."""
        return self.released_at is not None or (self.until is not None and self.until <= at)

    def waits_for_approval(self, at: datetime) -> bool:
        """An internal one that nobody else has approved yet."""
        return self.kind == self.Kind.INTERNAL and self.approved_at is None and not self.has_ended(at)

    def is_due(self, today: date) -> bool:
        """Its day of review has come; an ended one is reviewed no more, which the caller knows."""
        return self.review_on <= today

    def is_in_force(self, at: datetime) -> bool:
        """The same rule as ``HoldQuerySet.in_force``, of a hold placed before that moment."""
        return not self.has_ended(at) and not self.waits_for_approval(at)


class HoldStep(models.Model):
    """One line of a hold's timeline, never changed. ``code`` is that of the log.

    ``outcome`` and ``review_on``: of a review, and the day it set for the next. ``named``: who may know of it from now.
    """

    class Outcome(models.TextChoices):
        """What a review came to."""

        KEEP = "keep", pgettext_lazy("review of a hold", "Keep it")
        RELEASE = "release", pgettext_lazy("review of a hold", "Ask for its release")

    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=64)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    review_on = models.DateField(null=True)
    named = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["at", "pk"]
        indexes: ClassVar = [models.Index(fields=["hold", "at"], name="hold_timeline")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome="keep", review_on__isnull=False, code="hold.reviewed")
                | Q(outcome="release", review_on__isnull=True, code="hold.reviewed")
                | Q(outcome="", review_on__isnull=True) & ~Q(code="hold.reviewed"),
                name="hold_review_has_outcome",
            ),
            models.CheckConstraint(
                condition=Q(named__isnull=True) | Q(code="hold.officer_named"), name="hold_step_names_officer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hold_id}:{self.code}"
