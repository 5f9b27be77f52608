"""Access reviews: who holds which role at a property, how it was used, and what its managers decided (M29)."""

from __future__ import annotations

import builtins
from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from .houses import Property
from .people import Person


class AccessReviewQuerySet(models.QuerySet["AccessReview"]):
    """Reviews as managers ask for them."""

    def open(self) -> Self:
        """Not signed off yet."""
        return self.filter(signed_off_at=None)

    def counted(self) -> Self:
        """With the number of their lines as ``lines_count``, of those nobody has decided on as ``lines_left``."""
        undecided = Q(lines__decision="")
        return self.annotate(lines_count=Count("lines"), lines_left=Count("lines", filter=undecided))


class AccessReview(models.Model):
    """One look at all roles of a property, to be signed off by ``due_on``.

    Use is counted from ``since`` until it began; ``check_ins``: how many guests the property checked in meanwhile.
    ``begun_by``: nobody where the quarter began it.
    """

    property = models.ForeignKey(
        Property, on_delete=models.PROTECT, related_name="access_reviews", verbose_name=_("property")
    )
    since = models.DateTimeField(_("use counted since"))
    begun_at = models.DateTimeField(_("begun at"))
    begun_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("begun by")
    )
    due_on = models.DateField(_("due on"))
    check_ins = models.IntegerField(_("check-ins"))
    signed_off_at = models.DateTimeField(_("signed off at"), null=True, blank=True)
    signed_off_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("signed off by")
    )

    objects = AccessReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("access review")
        verbose_name_plural = _("access reviews")
        default_permissions = ()
        ordering = ("-begun_at", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["property"], condition=Q(signed_off_at=None), name="one_open_access_review_per_property"
            ),
            models.CheckConstraint(
                condition=Q(signed_off_at=None, signed_off_by=None)
                | Q(signed_off_at__isnull=False, signed_off_by__isnull=False),
                name="access_review_signed_off_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @builtins.property
    def number(self) -> str:
        """How people and the log name it: ``V-000012``."""
        return f"V-{self.pk:06d}"

    @builtins.property
    def is_open(self) -> bool:
        """Whether it waits to be signed off."""
        return self.signed_off_at is None

    def is_overdue(self, today: date) -> bool:
        """Whether it should have been signed off before today, the property's business day."""
        return self.is_open and today > self.due_on


class AccessReviewLine(models.Model):
    """One role of one person: when it was last used, how many fields were revealed with it, what was decided.

    ``lowered_to``: the role with fewer rights that took its place.
    """

    class Decision(models.TextChoices):
        """What becomes of the role."""

        KEEP = "keep", _("keep")
        LOWER = "lower", _("lower")
        REMOVE = "remove", _("remove")

    review = models.ForeignKey(
        AccessReview, on_delete=models.PROTECT, related_name="lines", verbose_name=_("access review")
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=32)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True)
    reveals = models.IntegerField(_("reveals"))
    decision = models.CharField(_("decision"), max_length=8, choices=Decision.choices, blank=True)
    lowered_to = models.CharField(_("lowered to"), max_length=32, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )

    class Meta:
        verbose_name = _("line of an access review")
        verbose_name_plural = _("lines of an access review")
        default_permissions = ()
        ordering = ("person__staff_number", "role")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "person", "role"], name="role_once_in_an_access_review"),
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None, decided_by=None)
                | (Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(decision="")),
                name="access_line_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("person")), name="access_line_not_ones_own"
            ),
            models.CheckConstraint(
                condition=Q(decision="lower") & ~Q(lowered_to="") | ~Q(decision="lower") & Q(lowered_to=""),
                name="access_line_lowered_to_a_role",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def reveals_per_hundred(self, check_ins: int) -> float | None:
        """Reveals for each hundred guests the property checked in; None where it checked in nobody."""
        return 100 * self.reveals / check_ins if check_ins else None
