"""Forms begun and not finished."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from staff.models import Property
from vault.models import Envelope


class Draft(models.Model):
    """Where a person's unfinished form is sealed. ``about``: the stay's reference, or empty for a new one."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="+")
    form = models.SlugField(max_length=40)
    about = models.CharField(max_length=40, blank=True)
    envelope = models.ForeignKey(Envelope, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["saved_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "property", "form", "about"], name="draft_one_per_form"),
        ]

    def __str__(self) -> str:
        return f"{self.form}:{self.pk}"
