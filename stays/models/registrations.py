"""The report of an occupant to the public-security system."""

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from staff.models import Property
from stays.models.stays import Occupant


class RegistrationFile(models.Model):
    """A file of reports that was handed out once, to be uploaded. Nothing of it is kept but its hash (SHA-256)."""

    class Format(models.TextChoices):
        """How it is written; ``docs/registration-file.md`` describes both."""

        CSV = "csv", "CSV"
        JSON = "json", "JSON"

    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="registration_files")
    format = models.CharField(max_length=4, choices=Format.choices)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    count = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.property_id}:{self.pk}"


class RegistrationQuerySet(models.QuerySet["Registration"]):
    """Reports in the words of the desk."""

    def at(self, house: Property) -> Self:
        """Of one property. Of a stay out of the desk's sight only what has no receipt yet: a restriction stops no duty
        by law (PIPL 13(1)(3))."""
        here = self.filter(occupant__stay__property=house)
        done = [Registration.State.ACKNOWLEDGED, Registration.State.WITHDRAWN]
        return here.exclude(occupant__stay__restricted_until__gt=timezone.now(), state__in=done)

    def to_send(self) -> Self:
        """Not uploaded yet, or in vain."""
        return self.filter(state__in=[Registration.State.PENDING, Registration.State.FAILED])

    def open(self) -> Self:
        """Without a receipt."""
        states = Registration.State
        return self.filter(state__in=[states.PENDING, states.FAILED, states.SENT])

    def late(self, at: datetime) -> Self:
        """Without a receipt after their time."""
        return self.open().filter(due_at__lt=at)


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

    class Failure(models.TextChoices):
        """Why an upload was in vain."""

        REJECTED = "rejected", pgettext_lazy("registration", "Sent back: something in it is wrong")
        UNREACHABLE = "unreachable", _("The police's system could not be reached")
        FILE_LOST = "file_lost", _("The file was lost before it was uploaded")

    occupant = models.ForeignKey(Occupant, on_delete=models.PROTECT, related_name="registrations")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PENDING)
    due_at = models.DateTimeField()
    receipt = models.CharField(max_length=40, blank=True)
    sent_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=12, choices=Failure.choices, blank=True, default="", db_default="")
    file = models.ForeignKey(RegistrationFile, on_delete=models.PROTECT, null=True, related_name="registrations")

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["due_at"]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=models.Q(state__in=["pending", "failed"]), name="registration_due"
            ),
            models.Index(
                fields=["due_at"],
                condition=models.Q(state__in=["pending", "failed", "sent"]),
                name="registration_open",
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
            models.CheckConstraint(
                condition=models.Q(failure__in=["", "rejected", "unreachable", "file_lost"]),
                name="registration_failure_known",
            ),
            models.UniqueConstraint(
                fields=["occupant"], condition=~models.Q(state="withdrawn"), name="registration_one_live"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occupant_id}:{self.state}"

    def is_late(self, at: datetime) -> bool:
        """Without a receipt after its time."""
        return self.due_at < at and self.state not in (self.State.ACKNOWLEDGED, self.State.WITHDRAWN)
