"""The law as data: profiles of jurisdictions and holidays. What is unconfirmed says so."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.changes import log_changes_of
from staff.models import Jurisdiction


class Status(models.TextChoices):
    """How sure a number is (policy.md)."""

    READ = "A", _("Read in the instrument")
    SECONDARY = "B", _("From a secondary source")
    OWN = "P", _("Our own choice")
    UNVERIFIED = "?", _("Unverified")


class Profile(models.Model):
    """How long an answer may take in one jurisdiction. Exactly one of ``answer_days`` and ``answer_months`` is set.

    ``law``: whose articles are cited. ``asking_is_ground``: a deletion needs no further ground there.
    """

    class Counts(models.TextChoices):
        """Which days count."""

        CALENDAR = "calendar", _("Calendar days")
        WORKING = "working", _("Working days")

    code = models.CharField(max_length=8, unique=True, choices=Jurisdiction.choices)
    law = models.CharField(max_length=8)
    answer_days = models.PositiveSmallIntegerField(null=True)
    answer_months = models.PositiveSmallIntegerField(null=True)
    answer_target_working_days = models.PositiveSmallIntegerField(null=True)
    extension_days = models.PositiveSmallIntegerField(null=True)
    extension_months = models.PositiveSmallIntegerField(null=True)
    ack_working_days = models.PositiveSmallIntegerField(default=1)
    counts = models.CharField(max_length=8, choices=Counts.choices, default=Counts.CALENDAR)
    asking_is_ground = models.BooleanField(default=False)
    status = models.CharField(max_length=1, choices=Status.choices, default=Status.UNVERIFIED)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_on = models.DateField(null=True)

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answer_days__isnull=False) ^ Q(answer_months__isnull=False),
                name="profile_answers_in_days_or_months",
            ),
            models.CheckConstraint(condition=Q(counts__in=["calendar", "working"]), name="profile_counts_known"),
            models.CheckConstraint(condition=Q(status__in=["A", "B", "P", "?"]), name="profile_status_known"),
        ]

    def __str__(self) -> str:
        return self.code


class Holiday(models.Model):
    """A day that is not what its weekday says: a holiday, or a weekend day that is worked (调休)."""

    jurisdiction = models.CharField(max_length=8, choices=Jurisdiction.choices)
    day = models.DateField()
    is_working = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["jurisdiction", "day"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["jurisdiction", "day"], name="holiday_once"),
        ]

    def __str__(self) -> str:
        return f"{self.jurisdiction}:{self.day}"


log_changes_of(
    Profile,
    "code",
    "law",
    "answer_days",
    "answer_months",
    "answer_target_working_days",
    "extension_days",
    "extension_months",
    "ack_working_days",
    "counts",
    "asking_is_ground",
    "status",
    "confirmed_on",
)
log_changes_of(Holiday, "jurisdiction", "day", "is_working")
