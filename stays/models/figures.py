"""Counts without persons."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from staff.models import Property


class Figure(models.Model):
    """How many, at one property, on one business day. Counted when region and sex may be seen, or never."""

    class Kind(models.TextChoices):
        """What is counted; ``key`` says of which."""

        ARRIVALS = "arrivals", _("Stays that arrived")
        DEPARTURES = "departures", _("Stays that departed")
        GUESTS = "guests", _("Guests who arrived")
        NIGHTS = "nights", _("Nights of the stays that departed")
        OCCUPIED = "occupied", _("Rooms slept in")
        LENGTH = "length", _("Stays by planned nights")
        REGION = "region", _("Guests by region or country")
        SEX = "sex", _("Guests by sex")
        ORIGIN = "origin", _("Stays by how they came")

    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="figures")
    day = models.DateField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    key = models.CharField(max_length=16, blank=True)
    count = models.IntegerField()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["property_id", "day", "kind", "key"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["property", "day", "kind", "key"], name="figure_once"),
        ]

    def __str__(self) -> str:
        return f"{self.property_id}:{self.day}:{self.kind}:{self.key}"
