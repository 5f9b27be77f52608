"""What one shift tells the next."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from staff.models import Property
from vault.models import Envelope


class Handover(models.Model):
    """Words for the next shift, sealed. Words about a guest belong to the stay, as a note."""

    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="handovers")
    envelope = models.ForeignKey(Envelope, on_delete=models.PROTECT, related_name="+")
    writer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["-written_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(done_by__isnull=True, done_at__isnull=True)
                | models.Q(done_by__isnull=False, done_at__isnull=False),
                name="handover_done_has_both",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.property_id}:{self.pk}"
