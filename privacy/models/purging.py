"""The nightly purge: what is planned, approved, carried out in batches, and certified by a receipt."""

import builtins
from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from privacy import permissions
from privacy.models.certificates import Certificate
from staff.models import Person, Property


class PurgeQuerySet(models.QuerySet["Purge"]):
    """Runs of the purge in the words of the office."""

    def visible_to(self, person: Person) -> Self:
        """Those of the properties where the person decides."""
        return self.filter(property__in=permissions.houses_decided_by(person))

    def at(self, house: Property) -> Self:
        """The runs of one property."""
        return self.filter(property=house)

    def due(self, at: datetime) -> Self:
        """Begun, or final since their waiting time is over."""
        return self.filter(Q(state=Purge.State.RUNNING) | Q(state=Purge.State.WAITING, final_at__lte=at))


class Purge(models.Model):
    """One run of the purge of one property, planned in its night.

    A night has two: what waits for a person (``asks``) and what does not. ``total``: how much was to be done when it
    was planned; ``counts``: the plan by record, rule, outcome and reason to skip; ``changed``: what was found otherwise
    when it was carried out; ``outlook``: what ends in each of the twelve months to come. ``missed``: nights before this
    one in which nothing was planned.
    """

    class State(models.TextChoices):
        """How far it is."""

        PLANNED = "planned", pgettext_lazy("purge", "Waits for approval")
        WAITING = "waiting", pgettext_lazy("purge", "Approved, can be stopped")
        RUNNING = "running", pgettext_lazy("purge", "Running")
        DONE = "done", pgettext_lazy("purge", "Done")
        STOPPED = "stopped", pgettext_lazy("purge", "Stopped")
        REPLACED = "replaced", pgettext_lazy("purge", "Replaced by a later plan")

    number = models.CharField(max_length=16, unique=True)
    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="purges")
    night = models.DateField()
    asks = models.BooleanField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.PLANNED)
    missed = models.PositiveSmallIntegerField(default=0)
    planned_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    final_at = models.DateTimeField(null=True)
    stopped_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    stopped_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    total = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=list)
    outlook = models.JSONField(default=dict)
    receipt = models.OneToOneField(Certificate, on_delete=models.SET_NULL, null=True, related_name="purge")

    objects = PurgeQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["-night", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["property", "night", "asks"], name="purge_once_a_night"),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "waiting", "running", "done", "stopped", "replaced"]),
                name="purge_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "stopped", "replaced"]) | Q(final_at__isnull=False),
                name="purge_runs_when_final",
            ),
            models.CheckConstraint(
                condition=Q(final_at__isnull=True)
                | Q(asks=False)
                | Q(total=0)
                | Q(approved_by__isnull=False, approved_at__isnull=False, final_at__gte=F("approved_at")),
                name="purge_final_was_approved",
            ),
            models.CheckConstraint(
                condition=~Q(state="stopped") | Q(stopped_by__isnull=False, stopped_at__isnull=False),
                name="purge_stopped_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(finished_at__isnull=False), name="purge_done_has_time"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "final_at"], name="purge_due"),
        ]

    def __str__(self) -> str:
        return self.number

    @builtins.property
    def is_open(self) -> bool:
        """Something may still be done under it."""
        return self.state in (self.State.PLANNED, self.State.WAITING, self.State.RUNNING)

    def can_be_stopped(self, at: datetime) -> bool:
        """Not approved, or approved and not final yet."""
        is_waiting = self.state == self.State.WAITING and self.final_at is not None and at < self.final_at
        return self.state == self.State.PLANNED or is_waiting


class PurgeItemQuerySet(models.QuerySet["PurgeItem"]):
    """Rows of a plan in the words of the office."""

    def to_do(self) -> Self:
        """Those nothing stands against."""
        return self.filter(skip="")

    def skipped(self) -> Self:
        """Those something stands against."""
        return self.exclude(skip="")


class PurgeItem(models.Model):
    """One thing a run is to do. What is done is deleted in the transaction that does it, and counted in its batch, so
    that nothing is done twice and no list of the erased is left; what is skipped stays until the next plan.

    ``record``, ``rule``, ``outcome``, ``skip``: codes; ``due_on``: the last day of the period; ``ref``: a stay number,
    or that of a certificate, for people to look up.
    """

    purge = models.ForeignKey(Purge, on_delete=models.CASCADE, related_name="items")
    record = models.CharField(max_length=32)
    rule = models.CharField(max_length=16, blank=True)
    outcome = models.CharField(max_length=32)
    skip = models.CharField(max_length=16, blank=True)
    due_on = models.DateField()
    ref = models.CharField(max_length=24, blank=True)
    envelope = models.UUIDField(null=True)
    stay = models.UUIDField(null=True)

    objects = PurgeItemQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [
            models.Index(fields=["purge", "skip", "id"], name="purge_item_next"),
            models.Index(fields=["envelope"], name="purge_item_envelope"),
        ]

    def __str__(self) -> str:
        return f"{self.purge_id}:{self.pk}"


class PurgeBatch(models.Model):
    """What one transaction of a run did. ``counts``: what is done, by record; ``changed``: what was found otherwise
    than planned, by the code of what stands against it now, ``gone`` where it is due no more; ``mark``: a keyed hash
    over the erased envelopes.
    """

    purge = models.ForeignKey(Purge, on_delete=models.PROTECT, related_name="batches")
    at = models.DateTimeField()
    counts = models.JSONField(default=dict)
    changed = models.JSONField(default=dict)
    mark = models.CharField(max_length=64, blank=True)

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.purge_id}:{self.pk}"
