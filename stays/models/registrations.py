"""The report of an occupant to the public-security system."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from stays.models.stays import Occupant


class Registration(models.Model):
    """One report per occupant. ``due_at``: 24 h for overseas guests (旅馆业治安管理办法 6(2)), 1 h for others (own)."""

    class Kind(models.TextChoices):
        """Which clock runs."""

        DOMESTIC = "domestic", _("Domestic")
        OVERSEAS = "overseas", _("Overseas")

    class State(models.TextChoices):
        """How far the report is."""

        PENDING = "pending", _("Pending")
        SENT = "sent", _("Sent")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        FAILED = "failed", _("Failed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    occupant = models.ForeignKey(Occupant, on_delete=models.PROTECT, related_name="registrations")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PENDING)
    due_at = models.DateTimeField()
    receipt = models.CharField(max_length=40, blank=True)

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["due_at"]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=models.Q(state__in=["pending", "failed"]), name="registration_due"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["domestic", "overseas"]), name="registration_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["pending", "sent", "acknowledged", "failed", "withdrawn"]),
                name="registration_state_known",
            ),
            models.UniqueConstraint(
                fields=["occupant"], condition=~models.Q(state="withdrawn"), name="registration_one_live"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occupant_id}:{self.state}"
