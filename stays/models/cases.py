"""Cases at the desk, which purposes and blockers refer to."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from staff.models import Property
from stays.models.stays import Stay


class DeskCase(models.Model):
    """A dispute, lost property, safety event, investigation or request of an authority. Holds no words."""

    class Kind(models.TextChoices):
        """What it is about."""

        DISPUTE = "dispute", _("Dispute")
        LOST_PROPERTY = "lost_property", _("Lost property")
        SAFETY = "safety", _("Safety event")
        INVESTIGATION = "investigation", _("Internal investigation")
        AUTHORITY = "authority", _("Request of an authority")

    class State(models.TextChoices):
        """Whether a purpose may still name it."""

        OPEN = "open", pgettext_lazy("desk case", "Open")
        CLOSED = "closed", _("Closed")

    number = models.CharField(max_length=16, unique=True)
    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="desk_cases")
    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, null=True, related_name="desk_cases")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["-opened_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["dispute", "lost_property", "safety", "investigation", "authority"]),
                name="desk_case_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", closed_at__isnull=True)
                | models.Q(state="closed", closed_at__isnull=False),
                name="desk_case_closed_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.number
