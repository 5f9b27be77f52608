"""The rules that notice unusual access, as data: what counts, how much, since when, by whose word (B11)."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .people import Person


class Severity(models.TextChoices):
    """How soon an alert has to be looked into: within 24 or 72 hours."""

    HIGH = "high", pgettext_lazy("severity", "high")
    MEDIUM = "medium", pgettext_lazy("severity", "medium")


class DetectionRuleQuerySet(models.QuerySet["DetectionRule"]):
    """Versions of rules as those who work by them ask for them."""

    def in_force(self) -> Self:
        """The version of each rule that holds now."""
        return self.filter(in_force_since__isnull=False, ended_at=None)

    def proposed(self) -> Self:
        """Versions that wait for another person's approval."""
        return self.filter(in_force_since=None, ended_at=None)


class DetectionRule(models.Model):
    """One version of a rule. ``code`` names what it looks for; the room that has the facts holds its statement.

    ``parameters``: whole numbers by name. ``window``: the span of time it counts in. ``weight``: what a row it flags
    adds to the risk, 0 to 1. ``replay``: by day of the last 90, how many rows it would have flagged and how many
    alerts raised: ``[["2026-08-24", 3, 1], …]``. Versions that came with the product have no author.
    """

    class Mode(models.TextChoices):
        """Whether what the rule flags counts."""

        LIVE = "live", pgettext_lazy("detection rule", "live")
        SHADOW = "shadow", pgettext_lazy("detection rule", "shadow")
        OFF = "off", pgettext_lazy("detection rule", "off")

    code = models.CharField(_("code"), max_length=32)
    version = models.PositiveSmallIntegerField(_("version"))
    parameters = models.JSONField(_("numbers"), default=dict, blank=True)
    window = models.DurationField(_("span of time"))
    weight = models.DecimalField(_("weight"), max_digits=3, decimal_places=2)
    severity = models.CharField(_("severity"), max_length=8, choices=Severity.choices)
    mode = models.CharField(_("mode"), max_length=8, choices=Mode.choices)
    author = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("author")
    )
    approver = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approver")
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    replay = models.JSONField(_("replay"), default=list, blank=True)
    replayed_at = models.DateTimeField(_("replayed at"), null=True, blank=True)
    in_force_since = models.DateTimeField(_("in force since"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = DetectionRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("detection rule")
        verbose_name_plural = _("detection rules")
        default_permissions = ()
        ordering = ("code", "-version")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "version"], name="one_detection_rule_per_version"),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(in_force_since__isnull=False, ended_at=None),
                name="one_detection_rule_in_force",
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(in_force_since=None, ended_at=None),
                name="one_detection_rule_proposed",
            ),
            models.CheckConstraint(
                condition=Q(author=None)
                | Q(in_force_since=None)
                | (Q(approver__isnull=False, replayed_at__isnull=False) & ~Q(approver=F("author"))),
                name="detection_rule_by_four_eyes",
            ),
            models.CheckConstraint(condition=Q(weight__gte=0, weight__lte=1), name="detection_weight_up_to_one"),
        ]

    def __str__(self) -> str:
        return f"{self.code}.{self.version}"

    @property
    def is_proposed(self) -> bool:
        """Whether it waits for approval."""
        return self.in_force_since is None and self.ended_at is None


class DetectionPosition(models.Model):
    """How far the log has been looked through: the last row in the order of transactions, and when that was."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    xact = models.BigIntegerField()
    row_id = models.BigIntegerField()
    scanned_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="one_detection_position")]

    def __str__(self) -> str:
        return f"{self.xact}.{self.row_id}"
