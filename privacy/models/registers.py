"""Where copies outside the record are: cards on paper, processors, and who was told what."""

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.changes import log_changes_of
from privacy import permissions
from privacy.models.casework import Task
from privacy.models.requests import Request
from staff.models import Person, Property
from stays.models import Occupant, Stay
from vault.categories import Category


class PaperCardQuerySet(models.QuerySet["PaperCard"]):
    """Cards in the words of the office."""

    def visible_to(self, person: Person) -> Self:
        """Those of the properties where the person decides."""
        return self.filter(stay__property__in=permissions.houses_decided_by(person))

    def existing(self) -> Self:
        """Not destroyed."""
        return self.exclude(state=PaperCard.State.DESTROYED)

    def ended(self) -> Self:
        """Still there although the register they were signed for has ended, the most urgent first."""
        return self.existing().filter(destroy_by__isnull=False).order_by("destroy_by", "pk")


class PaperCard(models.Model):
    """A registration card on paper: where it lies, who answers for it, how it ended. ``place`` names no person.

    ``destroy_by``: since the purge ended the register it was signed for, by when it is to be destroyed.
    """

    class State(models.TextChoices):
        """Where it is."""

        KEPT = "kept", pgettext_lazy("paper card", "Kept")
        SIGNED_OUT = "signed_out", _("Signed out")
        DESTROYED = "destroyed", _("Destroyed")

    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="paper_cards")
    occupant = models.ForeignKey(Occupant, on_delete=models.PROTECT, null=True, related_name="paper_cards")
    place = models.CharField(max_length=60)
    custodian = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State.choices, default=State.KEPT)
    signed_out_to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    signed_out_at = models.DateTimeField(null=True)
    destroyed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    destroyed_with = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    destroyed_at = models.DateTimeField(null=True)
    destroy_by = models.DateField(null=True)

    objects = PaperCardQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["kept", "signed_out", "destroyed"]), name="paper_card_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="signed_out", signed_out_to__isnull=False, signed_out_at__isnull=False)
                | (Q(signed_out_to__isnull=True, signed_out_at__isnull=True) & ~Q(state="signed_out")),
                name="paper_card_signed_out_to_somebody",
            ),
            models.CheckConstraint(
                condition=(
                    Q(
                        state="destroyed",
                        destroyed_by__isnull=False,
                        destroyed_with__isnull=False,
                        destroyed_at__isnull=False,
                    )
                    & ~Q(destroyed_by=F("destroyed_with"))
                )
                | (
                    Q(destroyed_by__isnull=True, destroyed_with__isnull=True, destroyed_at__isnull=True)
                    & ~Q(state="destroyed")
                ),
                name="paper_card_destroyed_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stay_id}:{self.pk}"


class ProcessorQuerySet(models.QuerySet["Processor"]):
    """Processors in the words of the office."""

    def visible_to(self, person: Person) -> Self:
        """Those of the properties where the person decides, and those of the group."""
        houses = permissions.houses_decided_by(person)
        return self.filter(Q(property__in=houses) | Q(property__isnull=True)) if houses else self.none()

    def working_for(self, house: Property) -> Self:
        """With an agreement that has not ended, for this property or for the group."""
        return self.filter(Q(property=house) | Q(property__isnull=True), ended_on__isnull=True)

    def expiring(self, by: date) -> Self:
        """With an agreement that has not ended and runs out by that day."""
        return self.filter(ended_on__isnull=True, expires_on__lte=by)


class Processor(models.Model):
    """A company that handles guests' data for us. ``name`` and ``contact`` are the company's, not a person's."""

    property = models.ForeignKey(Property, on_delete=models.PROTECT, null=True, related_name="processors")
    name = models.CharField(max_length=120)
    agreement_ref = models.CharField(max_length=60)
    scope = ArrayField(models.CharField(max_length=12, choices=Category.choices), default=list)
    contact = models.EmailField()
    signed_on = models.DateField()
    expires_on = models.DateField()
    ended_on = models.DateField(null=True)
    deletion_proof_on = models.DateField(null=True)
    reminded_at = models.DateTimeField(null=True)

    objects = ProcessorQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_on__gte=F("signed_on")), name="processor_expires_after_it_was_signed"
            ),
            models.CheckConstraint(
                condition=Q(deletion_proof_on__isnull=True) | Q(ended_on__isnull=False),
                name="processor_proof_comes_at_the_end",
            ),
        ]

    def __str__(self) -> str:
        return self.agreement_ref


class Told(models.Model):
    """A processor is told of an erasure, restriction or correction, and confirms it (PIPL 47, 条例 12)."""

    class What(models.TextChoices):
        """What it must do likewise."""

        ERASED = "erased", _("Erased")
        RESTRICTED = "restricted", _("Restricted")
        CORRECTED = "corrected", _("Corrected")
        LIFTED = "lifted", _("Restriction lifted")

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="told")
    processor = models.ForeignKey(Processor, on_delete=models.PROTECT, related_name="told")
    what = models.CharField(max_length=12, choices=What.choices)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, related_name="told")
    told_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "processor", "what"], name="told_once"),
            models.CheckConstraint(
                condition=Q(what__in=["erased", "restricted", "corrected", "lifted"]), name="told_what_known"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(told_at__isnull=False), name="told_before_confirmed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}:{self.processor_id}"


log_changes_of(
    Processor, "property", "name", "agreement_ref", "scope", "signed_on", "expires_on", "ended_on", "deletion_proof_on"
)
