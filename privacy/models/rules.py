"""Retention rules as data, and the changes of them that two people make."""

from datetime import date
from typing import ClassVar, Final, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.changes import log_changes_of
from privacy.models.law import Status
from staff.models import Jurisdiction, Property

LONGEST_REASON: Final = 200


class RuleFacts(models.Model):
    """What a rule says: how long a record is kept at a place, by which law, and from when to when that holds.

    ``record``, ``start``, ``at_once_on`` and ``end`` are the codes of ``privacy.policy``: what it is about, the event
    the period runs from, the event that ends it before its time, and what happens then. ``needs_approval``: a purge
    under this rule waits for a person.
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
    needs_approval = models.BooleanField(default=False)

    class Meta:
        abstract = True
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(unit__in=["hours", "days", "months", "years"]), name="%(class)s_unit_known"
            ),
            models.CheckConstraint(condition=Q(kind__in=["min", "max", "target"]), name="%(class)s_kind_known"),
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
                name="%(class)s_level_known",
            ),
            models.CheckConstraint(condition=Q(status__in=["A", "B", "P", "?"]), name="%(class)s_status_known"),
            models.CheckConstraint(
                condition=Q(in_force_to__isnull=True)
                | Q(in_force_from__isnull=True)
                | Q(in_force_to__gte=F("in_force_from")),
                name="%(class)s_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}:{self.region}" if self.region else self.code


class RuleQuerySet(models.QuerySet["Rule"]):
    """Retention rules in the words of the law."""

    def in_force(self, day: date) -> Self:
        """Those that are law on that day."""
        begun = Q(in_force_from__isnull=True) | Q(in_force_from__lte=day)
        return self.filter(Q(in_force_to__isnull=True) | Q(in_force_to__gte=day), begun)

    def of_line(self, facts: RuleFacts) -> Self:
        """The versions of one rule at one place."""
        return self.filter(code=facts.code, jurisdiction=facts.jurisdiction, region=facts.region)


class Rule(RuleFacts):
    """One version of a rule. A change is a new row with a later ``in_force_from``; the one before ends the day before.

    ``confirmed_by``: the second of the two people who say that the number is right.
    """

    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_on = models.DateField(null=True)

    objects = RuleQuerySet.as_manager()

    class Meta(RuleFacts.Meta):
        ordering: ClassVar = ["code", "region", "in_force_from"]
        constraints: ClassVar = [
            *RuleFacts.Meta.constraints,
            models.UniqueConstraint(
                fields=["code", "jurisdiction", "region", "in_force_from"],
                nulls_distinct=False,
                name="rule_once_per_version",
            ),
        ]


class RuleChangeQuerySet(models.QuerySet["RuleChange"]):
    """Proposals in the words of the office."""

    def open(self) -> Self:
        """Waiting for a second person."""
        return self.filter(state=RuleChange.State.PROPOSED)

    def to_follow(self, day: date) -> Self:
        """In force by that day, while what was flagged under the rule before does not follow yet."""
        begun = Q(made__in_force_from__isnull=True) | Q(made__in_force_from__lte=day)
        return self.filter(begun, state=RuleChange.State.APPROVED, followed_at__isnull=True)

    def for_house(self, house: Property) -> Self:
        """Of rules that may hold at the property: of its jurisdiction, for all of it or for its region."""
        return self.filter(jurisdiction=house.jurisdiction, region__in=["", house.region])


class RuleChange(RuleFacts):
    """A version of a rule that one person proposes and another approves or refuses.

    ``made``: the version that came of it. ``followed_at``: since when what was flagged under the version before follows
    the new one.
    """

    class State(models.TextChoices):
        """How far the proposal has come."""

        PROPOSED = "proposed", pgettext_lazy("rule change", "Proposed")
        APPROVED = "approved", pgettext_lazy("rule change", "Approved")
        REFUSED = "refused", pgettext_lazy("rule change", "Refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("rule change", "Withdrawn")

    reason = models.CharField(max_length=LONGEST_REASON)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PROPOSED)
    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    refused_because = models.CharField(max_length=LONGEST_REASON, blank=True)
    made = models.OneToOneField(Rule, on_delete=models.PROTECT, null=True, related_name="change")
    followed_at = models.DateTimeField(null=True)

    objects = RuleChangeQuerySet.as_manager()

    class Meta(RuleFacts.Meta):
        ordering: ClassVar = ["-proposed_at", "-pk"]
        constraints: ClassVar = [
            *RuleFacts.Meta.constraints,
            models.UniqueConstraint(
                fields=["code", "jurisdiction", "region"],
                condition=Q(state="proposed"),
                name="rule_change_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by__isnull=True, decided_at__isnull=True)
                | Q(state="withdrawn", decided_by=F("proposed_by"), decided_at__isnull=False)
                | (
                    Q(state__in=["approved", "refused"], decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(decided_by=F("proposed_by"))
                ),
                name="rule_change_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="approved", made__isnull=False) | (~Q(state="approved") & Q(made__isnull=True)),
                name="rule_change_approved_made_a_rule",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(refused_because=""), name="rule_change_refused_with_reason"
            ),
        ]


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
    "needs_approval",
)
