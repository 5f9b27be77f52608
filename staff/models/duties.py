"""What has to be done again and again, who owns it, and what was noticed when it was not done (M33, M39)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .houses import Property
from .people import Person


class DutyQuerySet(models.QuerySet["Duty"]):
    """Duties as those who look after them ask for them."""

    def of(self, code: str, property: Property | None = None) -> Self:
        """The duty of this code at the property, or of the whole house."""
        return self.filter(code=code, property=property)

    def late_first(self) -> Self:
        """What should have been done longest ago first."""
        return self.order_by("next_due_at", "code", "property__code")


class Duty(models.Model):
    """Work that comes again: a purge, a backup, a reminder. Of one property, or of the whole house.

    ``every``: how often; ``next_due_at``: when it is to be done next at the latest, by its last success.
    """

    code = models.CharField(_("duty"), max_length=48)
    property = models.ForeignKey(
        Property, on_delete=models.PROTECT, null=True, blank=True, related_name="duties", verbose_name=_("property")
    )
    owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="duties", verbose_name=_("owner")
    )
    every = models.DurationField(_("how often"))
    last_started_at = models.DateTimeField(_("last begun at"), null=True, blank=True)
    last_done_at = models.DateTimeField(_("last done at"), null=True, blank=True)
    last_failed_at = models.DateTimeField(_("last failed at"), null=True, blank=True)
    next_due_at = models.DateTimeField(_("next due at"))

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "property"], name="one_duty_per_code", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return self.code

    def has_failed(self) -> bool:
        """Whether its last run failed."""
        return self.last_failed_at is not None and (
            self.last_done_at is None or self.last_failed_at > self.last_done_at
        )

    def is_late(self, at: datetime, grace: timedelta) -> bool:
        """Whether it was not done when it should have been, ``grace`` allowed for."""
        return at > self.next_due_at + grace


class Lapse(models.Model):
    """A duty was not done in time, or failed. Its owner closes it with the cause and what was done about it."""

    class Kind(models.TextChoices):
        """What was noticed."""

        LATE = "late", _("not done in time")
        FAILED = "failed", _("failed")

    class Cause(models.TextChoices):
        """Why it happened."""

        MACHINE = "machine", _("a machine was off or away")
        DATABASE = "database", _("the database was away")
        BROKER = "broker", _("the broker or a worker was away")
        STORAGE = "storage", _("a disk was full or a folder away")
        SETTING = "setting", _("a setting was wrong")
        PERSON = "person", _("it was forgotten")
        DEFECT = "defect", _("a fault of the program")

    class Measure(models.TextChoices):
        """What was done about it."""

        RUN_AGAIN = "run_again", _("run again by hand")
        REPAIRED = "repaired", _("the cause was removed, it ran by itself")
        OWNER = "owner", _("another owner was named")
        REPORTED = "reported", _("reported to those who make the program")
        NONE = "none", _("nothing was needed")

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="lapses", verbose_name=_("duty"))
    kind = models.CharField(_("what was noticed"), max_length=8, choices=Kind.choices)
    found_at = models.DateTimeField(_("found at"), default=timezone.now)
    mailed_at = models.DateTimeField(_("mailed at"), null=True, blank=True)
    done_again_at = models.DateTimeField(_("done again at"), null=True, blank=True)
    cause = models.CharField(_("cause"), max_length=16, choices=Cause.choices, blank=True)
    measure = models.CharField(_("what was done"), max_length=16, choices=Measure.choices, blank=True)
    words = models.CharField(_("in words"), max_length=300, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("closed by")
    )

    class Meta:
        verbose_name = _("lapse")
        verbose_name_plural = _("lapses")
        default_permissions = ()
        ordering = ("-found_at",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["duty"], condition=Q(closed_at=None), name="one_open_lapse_per_duty"),
            models.CheckConstraint(
                condition=Q(closed_at=None) | (~Q(cause="") & ~Q(measure="") & Q(closed_by__isnull=False)),
                name="lapse_closed_with_cause_and_measure",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
