"""Words about a stay, sealed."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from stays.models.stays import Stay
from vault.models import Envelope


class Note(models.Model):
    """A special request, feedback, or the reason given for an exception. The words are in the envelope."""

    class Kind(models.TextChoices):
        """What the words are."""

        REQUEST = "request", _("Special request")
        FEEDBACK = "feedback", _("Feedback")
        REASON = "reason", _("Reason for an exception")

    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="notes")
    envelope = models.ForeignKey(Envelope, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["request", "feedback", "reason"]), name="note_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stay_id}:{self.kind}"
