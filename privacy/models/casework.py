"""What happens around a request: its timeline, messages, tasks and appointments."""

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from privacy.models.requests import Request


class Step(models.Model):
    """One line of the timeline, never changed. ``code`` is that of the log, ``detail`` holds codes and integers."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=64)
    detail = models.JSONField(default=dict)
    envelope = models.UUIDField(null=True)

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["at", "pk"]
        indexes: ClassVar = [models.Index(fields=["request", "at"], name="step_timeline")]

    def __str__(self) -> str:
        return f"{self.request_id}:{self.code}"


class Message(models.Model):
    """Words to or from the requester, sealed under the requester. ``kind`` is a code such as ``need_more``."""

    class Direction(models.TextChoices):
        """Who wrote."""

        OUT = "out", pgettext_lazy("message", "To the requester")
        IN = "in", pgettext_lazy("message", "From the requester")

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="messages")
    direction = models.CharField(max_length=3, choices=Direction.choices)
    kind = models.CharField(max_length=32)
    envelope = models.UUIDField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(direction__in=["out", "in"]), name="message_direction_known"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}:{self.kind}"


class TaskQuerySet(models.QuerySet["Task"]):
    """Tasks in the words of the office."""

    def open(self) -> Self:
        """Not done yet."""
        return self.filter(done_at__isnull=True)

    def due(self, today: date) -> Self:
        """Open, to be done on this day or before."""
        return self.open().filter(due_on__lte=today)


class Task(models.Model):
    """Something a person must do for a request. ``about`` names a thing by its id or reference, never a person."""

    class Kind(models.TextChoices):
        """What is to be done."""

        PAPER = "paper", _("Paper")
        PROCESSOR = "processor", _("Tell a processor")
        RECIPIENT = "recipient", _("Tell a recipient")
        REREGISTER = "reregister", _("Report again to the authority")
        COUNSEL = "counsel", _("Legal opinion")
        OTHER = "other", pgettext_lazy("task", "Something else")

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    second_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    envelope = models.UUIDField(null=True)
    about = models.CharField(max_length=40, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["due_on", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["owner", "due_on"], condition=Q(done_at__isnull=True), name="task_open"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=["paper", "processor", "recipient", "reregister", "counsel", "other"]),
                name="task_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="task_done_has_name",
            ),
            models.CheckConstraint(
                condition=Q(second_by__isnull=True) | (Q(done_by__isnull=False) & ~Q(second_by=F("done_by"))),
                name="task_second_is_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}:{self.kind}"


class Appointment(models.Model):
    """When a complex request is talked over. ``kept`` is empty until it is known whether the requester came."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="appointments")
    at = models.DateTimeField()
    kept = models.BooleanField(null=True)

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.request_id}:{self.pk}"
