"""The review standard before check-in completes, as data."""

from typing import ClassVar

from auditlog.registry import auditlog
from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from stays.models.stays import Stay


class ReviewRule(models.Model):
    """One line of the checklist. Automatic lines are known to ``stays.review`` by their code."""

    class AppliesTo(models.TextChoices):
        """Which arrivals must meet it."""

        ANY = "any", _("Every arrival")
        MINOR = "minor", _("A minor in the party")
        OVERSEAS = "overseas", _("An overseas guest in the party")
        WALK_IN = "walk_in", _("Walk-ins")
        RETURNING = "returning", _("A returning guest")

    class Kind(models.TextChoices):
        """Who ticks it."""

        MANUAL = "manual", _("Ticked by the clerk")
        AUTOMATIC = "automatic", _("Checked by the system")

    code = models.SlugField(max_length=40, unique=True)
    text_en = models.CharField(max_length=200)
    text_zh = models.CharField(max_length=200)
    applies_to = models.CharField(max_length=12, choices=AppliesTo.choices, default=AppliesTo.ANY)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.MANUAL)
    position = models.PositiveSmallIntegerField(default=100)
    active = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["position", "code"]

    def __str__(self) -> str:
        return self.code

    @property
    def text(self) -> str:
        """In the language of the page."""
        return self.text_zh if (get_language() or "").startswith("zh") else self.text_en


class ReviewTick(models.Model):
    """A line of the checklist was met at a check-in. ``ticked_by`` is empty where the system checked it."""

    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="ticks")
    rule = models.ForeignKey(ReviewRule, on_delete=models.PROTECT, related_name="+")
    ticked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.stay_id}:{self.rule_id}"


auditlog.register(ReviewRule, include_fields=["code", "text_en", "text_zh", "applies_to", "kind", "position", "active"])
