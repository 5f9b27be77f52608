"""The regular review of how requests are handled, with its findings (M16)."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from privacy import permissions
from staff.models import Person, Property


class ReviewQuerySet(models.QuerySet["Review"]):
    """Reviews in the words of the office."""

    def visible_to(self, person: Person) -> Self:
        """Those of the properties where the person decides."""
        return self.filter(property__in=permissions.houses_decided_by(person))


class Review(models.Model):
    """One review of a period. ``figures`` are the counts it was made from, as they were then."""

    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="reviews")
    period_from = models.DateField()
    period_to = models.DateField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    figures = models.JSONField(default=dict)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["-period_to", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(period_to__gte=F("period_from")), name="review_period_sane"),
        ]

    def __str__(self) -> str:
        return f"{self.period_from}/{self.period_to}"


class FindingQuerySet(models.QuerySet["Finding"]):
    """Findings in the words of the office."""

    def open(self) -> Self:
        """Not settled yet."""
        return self.filter(done_at__isnull=True)


class Finding(models.Model):
    """What a review found, who sees to it and until when. ``text`` names nobody; forms refuse what looks personal."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="findings")
    code = models.CharField(max_length=32)
    text = models.CharField(max_length=500, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["due_on", "pk"]

    def __str__(self) -> str:
        return f"{self.review_id}:{self.code}"
