"""Unusual access that was noticed, and what people did about it (M28, B11). Guests stand here by reference only."""

from __future__ import annotations

import builtins
from datetime import datetime
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from staff.roles import MANAGER

from .detection import DetectionRule, Severity
from .houses import Property
from .people import Person


class AlertQuerySet(models.QuerySet["Alert"]):
    """Alerts as those who look into them ask for them."""

    def open(self) -> Self:
        """Not closed yet."""
        return self.exclude(state=Alert.State.CLOSED)

    def undecided(self) -> Self:
        """Without a verdict yet."""
        return self.filter(verdict="")

    def overdue(self, at: datetime) -> Self:
        """Without a verdict past their deadline."""
        return self.undecided().filter(due_at__lt=at)

    def concerning(self, person: Person) -> Self:
        """Those about what this person did."""
        return self.filter(Q(actor=person) | Q(pk__in=AlertRow.objects.filter(actor=person).values("alert")))

    def not_concerning(self, person: Person) -> Self:
        """The others."""
        return self.exclude(pk__in=Alert.objects.concerning(person).values("pk"))

    def beyond_their_house(self) -> Self:
        """Those whose own property has no manager who may look into them: they concern each one, or there is none."""
        in_its_rows = AlertRow.objects.filter(alert=OuterRef(OuterRef("pk")), actor__isnull=False).values("actor")
        others = Person.objects.holding(MANAGER, OuterRef("property")).exclude(pk=Coalesce(OuterRef("actor"), 0))
        return self.filter(property__isnull=False).exclude(Exists(others.exclude(pk__in=in_its_rows)))


class Alert(models.Model):
    """What one rule noticed of one person and one guest on one day; further rows of that day join it until a verdict.

    ``subject``: the guest's reference; null where no single guest is concerned. ``actor``: null where several people,
    or none, are. ``score``: the highest risk among its rows.
    """

    class State(models.TextChoices):
        """How far it has come."""

        NEW = "new", pgettext_lazy("alert", "new")
        ASKED = "asked", pgettext_lazy("alert", "person asked")
        TRIAGED = "triaged", pgettext_lazy("alert", "looked into")
        EXPLAINED = "explained", pgettext_lazy("alert", "explained")
        FALSE_ALARM = "false_alarm", pgettext_lazy("alert", "false alarm")
        CONFIRMED = "confirmed", pgettext_lazy("alert", "confirmed")
        CLOSED = "closed", pgettext_lazy("alert", "closed")

    class Verdict(models.TextChoices):
        """What it turned out to be."""

        EXPLAINED = "explained", _("explained: the access was part of the work")
        FALSE_ALARM = "false_alarm", _("false alarm: the rule was wrong")
        CONFIRMED = "confirmed", _("confirmed: there was no good reason")

    class Measure(models.TextChoices):
        """What was done about it before it was closed."""

        NONE = "none", _("nothing was needed")
        TALKED = "talked", _("talked it over with the person")
        TRAINED = "trained", _("training ordered")
        RIGHTS = "rights", _("rights lowered or removed")
        REPORTED = "reported", _("reported to the privacy officer")
        DISCIPLINE = "discipline", _("disciplinary measure")
        RULE = "rule", _("the rule was changed")

    rule = models.ForeignKey(DetectionRule, on_delete=models.PROTECT, related_name="alerts", verbose_name=_("rule"))
    code = models.CharField(_("code of the rule"), max_length=32)
    actor = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    property = models.ForeignKey(
        Property, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("property")
    )
    subject = models.UUIDField(_("guest"), null=True, blank=True)
    day = models.DateField(_("business day"))
    severity = models.CharField(_("severity"), max_length=8, choices=Severity.choices)
    score = models.DecimalField(_("risk"), max_digits=4, decimal_places=2)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.NEW)
    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict.choices, blank=True)
    measure = models.CharField(_("what was done"), max_length=12, choices=Measure.choices, blank=True)
    raised_at = models.DateTimeField(_("raised at"))
    due_at = models.DateTimeField(_("to be decided by"))
    asked_at = models.DateTimeField(_("person asked at"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("person mailed at"), null=True, blank=True)
    triaged_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("looked into by")
    )
    escalated_at = models.DateTimeField(_("escalated at"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        default_permissions = ()
        ordering = ("-raised_at", "-pk")
        indexes = (models.Index(fields=("property", "-raised_at"), name="alerts_by_place"),)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code", "actor", "subject", "day"],
                condition=Q(verdict=""),
                name="one_undecided_alert_per_fold",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(state__in=("new", "asked", "triaged"), verdict="", closed_at=None)
                | Q(state=models.F("verdict"), closed_at=None)
                | (Q(state="closed", closed_at__isnull=False) & ~Q(verdict="") & ~Q(measure="")),
                name="alert_state_fits_its_verdict",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @builtins.property
    def number(self) -> str:
        """How people and the log name it: ``A-000123``."""
        return f"A-{self.pk:06d}"

    def is_overdue(self, at: datetime) -> bool:
        """Whether it should have a verdict by now."""
        return not self.verdict and at > self.due_at


class AlertRow(models.Model):
    """A row of the log that an alert rests on: where it stands, its risk, the rules that flagged it. Append-only."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="rows", verbose_name=_("alert"))
    event_at = models.DateTimeField(_("time of the row"))
    event_id = models.BigIntegerField(_("number of the row"))
    event_ref = models.UUIDField(_("reference of the row"))
    actor = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    score = models.DecimalField(_("risk"), max_digits=4, decimal_places=2)
    flags = ArrayField(models.CharField(max_length=32), verbose_name=_("rules"))

    class Meta:
        verbose_name = _("row of an alert")
        verbose_name_plural = _("rows of an alert")
        default_permissions = ()
        ordering = ("event_at", "event_id")
        constraints: ClassVar = [models.UniqueConstraint(fields=["alert", "event_ref"], name="row_once_in_an_alert")]

    def __str__(self) -> str:
        return str(self.event_ref)


class AlertStep(models.Model):
    """One thing that was done about an alert. Append-only; ``leaf`` is its entry of its own in the sealed log.

    ``says``: the code of the answer, verdict or measure; ``refers_to``: a stay, case or request an answer names.
    """

    class Kind(models.TextChoices):
        """What was done."""

        RAISED = "raised", _("raised")
        ASKED = "asked", _("person asked")
        ANSWERED = "answered", _("person answered")
        TRIAGED = "triaged", _("taken on")
        DECIDED = "decided", _("decided")
        ESCALATED = "escalated", _("escalated")
        CLOSED = "closed", _("closed")

    class Answer(models.TextChoices):
        """What the person says. Codes only: words could name a guest, and those belong into the vault."""

        SERVED = "served", _("I served this guest, or prepared for it")
        CALLED = "called", _("the guest called or wrote")
        FOR_COLLEAGUE = "for_colleague", _("a colleague or my manager asked me to")
        CASE = "case", _("it belongs to the stay, case or request named here")
        MISTAKE = "mistake", _("I opened the wrong record")
        NOT_ME = "not_me", _("that was not me")
        PRIVATE = "private", _("I had no reason of work")

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="steps", verbose_name=_("alert"))
    kind = models.CharField(_("what was done"), max_length=12, choices=Kind.choices)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who")
    )
    to = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("to whom")
    )
    says = models.CharField(_("what it says"), max_length=16, blank=True)
    refers_to = models.CharField(_("refers to"), max_length=20, blank=True)
    leaf = models.UUIDField(_("entry in the log"), unique=True)

    class Meta:
        verbose_name = _("step of an alert")
        verbose_name_plural = _("steps of an alert")
        default_permissions = ()
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.alert_id}.{self.kind}"


class Reminder(models.Model):
    """A row below an alert, above the ordinary: its person is reminded of it the same evening, once."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))
    property = models.ForeignKey(
        Property, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("property")
    )
    day = models.DateField(_("business day"))
    event_at = models.DateTimeField(_("time of the row"))
    event_id = models.BigIntegerField(_("number of the row"))
    event_ref = models.UUIDField(_("reference of the row"), unique=True)
    score = models.DecimalField(_("risk"), max_digits=4, decimal_places=2)
    mailed_at = models.DateTimeField(_("mailed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        default_permissions = ()
        ordering = ("person", "event_at")
        indexes = (models.Index(fields=("person", "mailed_at"), name="reminders_by_person"),)

    def __str__(self) -> str:
        return str(self.event_ref)
