"""What a stay owes."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stays.models.stays import Stay
from vault.models import Envelope


class BillLineQuerySet(models.QuerySet["BillLine"]):
    """Bill lines in the words of the desk."""

    def open(self) -> "BillLineQuerySet":
        """Not settled yet."""
        return self.filter(settled_at__isnull=True)


class BillLine(models.Model):
    """One amount on the bill. A deposit is settled when it is taken; who pays is in the payment envelope."""

    class Kind(models.TextChoices):
        """What the amount is for."""

        ROOM = "room", pgettext_lazy("bill line", "Room")
        DEPOSIT = "deposit", _("Deposit")
        MEAL = "meal", _("Food and drink")
        LAUNDRY = "laundry", _("Laundry")
        DAMAGE = "damage", _("Damage")
        OTHER = "other", _("Other charge")

    class Currency(models.TextChoices):
        """ISO 4217."""

        CNY = "CNY", "CNY"
        HKD = "HKD", "HKD"
        EUR = "EUR", "EUR"
        GBP = "GBP", "GBP"
        SGD = "SGD", "SGD"
        USD = "USD", "USD"

    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="bill_lines")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    currency = models.CharField(max_length=3, choices=Currency.choices, default=Currency.CNY)
    posted_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    payment_envelope = models.ForeignKey(Envelope, on_delete=models.PROTECT, null=True, related_name="+")

    objects = BillLineQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["posted_at", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["stay"], condition=models.Q(settled_at__isnull=True), name="bill_line_unsettled"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["room", "deposit", "meal", "laundry", "damage", "other"]),
                name="bill_line_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gt=-1_000_000, amount__lt=1_000_000), name="bill_line_amount_sane"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stay_id}:{self.pk}"
