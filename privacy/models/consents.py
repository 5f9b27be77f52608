"""Consent: what rests on it, since when, under which notice, and its end."""

from typing import ClassVar, Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from privacy.models.requests import Request
from staff.models import Property
from stays.models import Notice
from vault.models import Subject


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Consents in the words of the desk."""

    def standing(self) -> Self:
        """Given and not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def of(self, subject: UUID) -> Self:
        """Those of one guest."""
        return self.filter(subject=subject)


class Consent(models.Model):
    """A guest agreed to something that rests on consent alone (PIPL 13(1)(1), 14, 15)."""

    class About(models.TextChoices):
        """To what."""

        PREFERENCES = "preferences", _("Keeping preferences")
        MARKETING = "marketing", _("Marketing")

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="consents")
    about = models.CharField(max_length=12, choices=About.choices)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="consents")
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=8, choices=Request.Channel.choices)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_channel = models.CharField(max_length=8, choices=Request.Channel.choices, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["given_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject", "property", "about"],
                condition=Q(withdrawn_at__isnull=True),
                name="consent_one_standing",
            ),
            models.CheckConstraint(condition=Q(about__in=["preferences", "marketing"]), name="consent_about_known"),
            models.CheckConstraint(
                condition=(Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True) & Q(withdrawn_channel=""))
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_channel="")),
                name="consent_withdrawal_has_channel",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}:{self.about}"
