"""How a requester was recognised: what was compared and with which outcome, never the values."""

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from privacy.models.requests import Request


class Check(models.Model):
    """One check, never changed. ``matched`` and ``failed`` are names of facts; the values were compared blindly."""

    class Method(models.TextChoices):
        """What kind of evidence it was."""

        FACTS = "facts", _("Stay facts")
        DOCUMENT = "document", _("Document seen")
        CODE = "code", _("One-time code")
        MANDATE = "mandate", _("Mandate")
        PROOF = "proof", _("Proof of relation or standing")
        CALLBACK = "callback", _("Call-back")

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="checks")
    method = models.CharField(max_length=12, choices=Method.choices)
    matched = ArrayField(models.CharField(max_length=32), default=list)
    failed = ArrayField(models.CharField(max_length=32), default=list)
    passed = models.BooleanField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    envelope = models.UUIDField(null=True)

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(method__in=["facts", "document", "code", "mandate", "proof", "callback"]),
                name="check_method_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}:{self.method}"


class OneTimeCodeQuerySet(models.QuerySet["OneTimeCode"]):
    """One-time codes in the words of the office."""

    def live(self, at: datetime) -> Self:
        """Neither used nor run out."""
        return self.filter(used_at__isnull=True, expires_at__gt=at)


class OneTimeCode(models.Model):
    """A code sent to a contact on file, or given to follow a request. Only a slow, salted hash is kept."""

    class Purpose(models.TextChoices):
        """What it proves."""

        CONTACT = "contact", _("Holds the contact on file")
        FOLLOW = "follow", _("May follow the request")

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="codes")
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    code_hash = models.CharField(max_length=200)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    objects = OneTimeCodeQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["expires_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(purpose__in=["contact", "follow"]), name="code_purpose_known"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}:{self.purpose}"
