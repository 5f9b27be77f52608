"""The five duties towards a minor (五必须)."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from staff.models import Property
from stays.models.stays import Stay


class MinorDutyQuerySet(models.QuerySet["MinorDuty"]):
    """Duties in the words of the desk."""

    def open_at(self, house: Property) -> Self:
        """Not done yet, of parties in house; what was noticed is still to be said after they left."""
        here = Q(stay__status=Stay.Status.IN_HOUSE)
        said_later = Q(kind=MinorDuty.Kind.REPORT, stay__status=Stay.Status.CHECKED_OUT)
        stays = Stay.objects.at(house).unrestricted()
        return self.filter(here | said_later, stay__in=stays, done_at__isnull=True)


class MinorDuty(models.Model):
    """One of the five for one party with somebody under 18 (未成年人保护法 57). Each night wants its patrol."""

    class Kind(models.TextChoices):
        """Which of the five."""

        IDENTITY = "identity", _("Check and register the minor's identity")
        GUARDIAN = "guardian", _("Ask for the guardian's contact and record it")
        RELATION = "relation", _("Ask how the people of the party are related")
        PATROL = "patrol", _("Watch visitors and patrol the floor")
        REPORT = "report", _("Report what is suspicious to the police and the guardian")

    class Outcome(models.TextChoices):
        """What there was to report."""

        NOTHING = "nothing", _("Nothing suspicious was noticed")
        REPORTED = "reported", pgettext_lazy("minor", "Reported to the police and the guardian")

    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="minor_duties")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True, default="")

    objects = MinorDutyQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["due_at", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(done_at__isnull=True), name="minor_duty_open"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stay", "kind", "due_at"], name="minor_duty_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["identity", "guardian", "relation", "patrol", "report"]),
                name="minor_duty_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="minor_duty_done_has_both",
            ),
            models.CheckConstraint(
                condition=~Q(kind="report") | Q(done_at__isnull=True) | Q(outcome__in=["nothing", "reported"]),
                name="minor_duty_report_says_what",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stay_id}:{self.kind}"
