"""Who came to see a guest."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from staff.models import Property
from stays.models.stays import Stay
from vault.models import Envelope, Subject


class VisitorQuerySet(models.QuerySet["Visitor"]):
    """Visitors in the words of the desk."""

    def at(self, house: Property) -> Self:
        """Of one property, without those of stays out of the desk's sight."""
        return self.filter(stay__in=Stay.objects.at(house).unrestricted())

    def since(self, moment: datetime) -> Self:
        """Who came after a moment, and who has not left yet."""
        return self.filter(Q(came_at__gte=moment) | Q(left_at__isnull=True))


class Visitor(models.Model):
    """Somebody who came to see the guests of a stay (来访登记). Name and document are in the envelope (CN-RET-10)."""

    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="visitors")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    envelope = models.ForeignKey(Envelope, on_delete=models.PROTECT, related_name="+")
    came_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    objects = VisitorQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["-came_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=models.F("came_at")), name="visitor_left_after"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stay_id}:{self.pk}"
