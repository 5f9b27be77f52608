"""Holds: data that must stay although somebody asks for its erasure."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from privacy import permissions
from staff.models import Person, Property
from stays.models import Stay
from vault.models import Subject

LONGEST = timedelta(days=180)  # policy.md, B3


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

    @staticmethod
    def _naming(person: Person) -> "models.QuerySet[Hold, int]":
        return Hold.objects.filter(officers=person).values_list("pk", flat=True)


class Hold(models.Model):
    """Keeps a guest's or a stay's data from erasure. An internal one ends within 180 days; renewing is a new hold.

    An authority's hold may stand without an end, until it is released; it is looked at again on ``review_on``.
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
    envelope = models.UUIDField(null=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["review_on", "number"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=["authority", "internal"]), name="hold_kind_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="hold_has_reason"),
            models.CheckConstraint(
                condition=Q(subject__isnull=False) | Q(stay__isnull=False), name="hold_is_on_something"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True, kind="authority")
                | Q(until__isnull=False, until__gt=F("placed_at"), until__lte=F("placed_at") + LONGEST),
                name="hold_at_most_180_days",
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
