"""What was erased, signed; and the later searches that found nothing of it."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from privacy import permissions
from privacy.models.requests import Request
from staff.models import Person, Property


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """Certificates in the words of the office."""

    def visible_to(self, person: Person) -> Self:
        """Those of the properties where the person decides."""
        return self.filter(property__in=permissions.houses_decided_by(person))


class Certificate(models.Model):
    """An erasure, certified with Ed25519 (RFC 8032); never changed.

    ``payload`` holds keyed hashes, counts, codes and times, nothing personal. Without a request ``reason`` says why.
    """

    number = models.CharField(max_length=16, unique=True)
    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="certificates")
    request = models.ForeignKey(Request, on_delete=models.PROTECT, null=True, related_name="certificates")
    reason = models.CharField(max_length=32, blank=True)
    made_at = models.DateTimeField()
    payload = models.JSONField()
    signature = models.BinaryField()
    key_id = models.CharField(max_length=64)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["-made_at", "-number"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(request__isnull=False) | ~Q(reason=""), name="certificate_says_why"),
        ]

    def __str__(self) -> str:
        return self.number


class RecheckQuerySet(models.QuerySet["Recheck"]):
    """Re-checks in the words of the office."""

    def due(self, today: date) -> Self:
        """Not done, to be done on this day or before."""
        return self.filter(at__isnull=True, due_on__lte=today)


class Recheck(models.Model):
    """One search for what a certificate says is erased: ``places`` maps each place to what was searched and found.

    Once done (``at``) it is never changed.
    """

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="rechecks")
    due_on = models.DateField()
    at = models.DateTimeField(null=True)
    places = models.JSONField(default=dict)
    found = models.PositiveIntegerField(null=True)

    objects = RecheckQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["due_on", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["due_on"], condition=Q(at__isnull=True), name="recheck_due"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(at__isnull=True, found__isnull=True) | Q(at__isnull=False, found__isnull=False),
                name="recheck_done_has_count",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id}:{self.due_on}"
