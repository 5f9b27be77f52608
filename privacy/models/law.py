"""The law as data: profiles of jurisdictions, holidays, retention rules. What is unconfirmed says so."""

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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


class RuleQuerySet(models.QuerySet["Rule"]):
    """Retention rules in the words of the law."""

    def in_force(self, day: date) -> Self:
        """Those that are law on that day."""
        begun = Q(in_force_from__isnull=True) | Q(in_force_from__lte=day)
        return self.filter(Q(in_force_to__isnull=True) | Q(in_force_to__gte=day), begun)


class Rule(models.Model):
    """How long a record is kept, by which law. A change of the law is a new row with a later ``in_force_from``.

    ``record``, ``start``, ``at_once_on`` and ``end`` are the codes of ``privacy.policy``: what it is about, the event
    the period runs from, the event that ends it before its time, and what happens then.
    """

    class Unit(models.TextChoices):
        """Of the period."""

        HOURS = "hours", _("hours")
        DAYS = "days", _("days")
        MONTHS = "months", _("months")
        YEARS = "years", _("years")

    class Kind(models.TextChoices):
        """What the period is."""

        MIN = "min", _("At least")
        MAX = "max", _("At most")
        TARGET = "target", _("Target")

    class Level(models.TextChoices):
        """How much the instrument may do: only the first two stand against an erasure (PIPL 19, 47(2))."""

        LAW = "law", _("Law")
        ADMINISTRATIVE_REGULATION = "administrative_regulation", _("Administrative regulation")
        DEPARTMENT_RULE = "department_rule", _("Department rule")
        LOCAL_REGULATION = "local_regulation", _("Local regulation")
        LOCAL_RULE = "local_rule", _("Local government rule")
        STANDARD = "standard", _("National standard")
        CONTRACT = "contract", pgettext_lazy("level of a rule", "Contract")
        OWN_POLICY = "own_policy", _("Own policy")

    code = models.CharField(max_length=16)
    jurisdiction = models.CharField(max_length=8, choices=Jurisdiction.choices, default=Jurisdiction.CN)
    region = models.CharField(max_length=16, blank=True)
    record = models.CharField(max_length=32)
    number = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=8, choices=Unit.choices)
    start = models.CharField(max_length=32)
    at_once_on = models.CharField(max_length=32, blank=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    level = models.CharField(max_length=32, choices=Level.choices)
    instrument = models.CharField(max_length=120, blank=True)
    article = models.CharField(max_length=40, blank=True)
    end = models.CharField(max_length=32, db_column="at_end")
    in_force_from = models.DateField(null=True)
    in_force_to = models.DateField(null=True)
    status = models.CharField(max_length=1, choices=Status.choices, default=Status.UNVERIFIED)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_on = models.DateField(null=True)

    objects = RuleQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["code", "region", "in_force_from"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code", "jurisdiction", "region", "in_force_from"],
                nulls_distinct=False,
                name="rule_once_per_version",
            ),
            models.CheckConstraint(condition=Q(unit__in=["hours", "days", "months", "years"]), name="rule_unit_known"),
            models.CheckConstraint(condition=Q(kind__in=["min", "max", "target"]), name="rule_kind_known"),
            models.CheckConstraint(
                condition=Q(
                    level__in=[
                        "law",
                        "administrative_regulation",
                        "department_rule",
                        "local_regulation",
                        "local_rule",
                        "standard",
                        "contract",
                        "own_policy",
                    ]
                ),
                name="rule_level_known",
            ),
            models.CheckConstraint(condition=Q(status__in=["A", "B", "P", "?"]), name="rule_status_known"),
            models.CheckConstraint(
                condition=Q(in_force_to__isnull=True)
                | Q(in_force_from__isnull=True)
                | Q(in_force_to__gte=F("in_force_from")),
                name="rule_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}:{self.region}" if self.region else self.code


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
log_changes_of(
    Rule,
    "code",
    "jurisdiction",
    "region",
    "record",
    "number",
    "unit",
    "start",
    "at_once_on",
    "kind",
    "level",
    "instrument",
    "article",
    "end",
    "in_force_from",
    "in_force_to",
    "status",
    "confirmed_on",
)
