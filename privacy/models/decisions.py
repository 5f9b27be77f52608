"""The decision sheet, the letters made from it, and how the answer leaves the house."""

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from privacy.models.requests import Request
from stays.models import Stay
from vault.categories import Category


class Item(models.Model):
    """One row of the sheet: one envelope, the grounds and blockers that hold for it, what is proposed and chosen.

    ``blockers`` are all that were hit, in the order of policy.md; the first decided. ``until`` ends a restriction.
    """

    class Outcome(models.TextChoices):
        """What happens to the envelope."""

        ERASE = "erase", _("Erase now")
        RESTRICT = "restrict", _("Restrict")
        KEEP = "keep", _("Keep")
        NOT_NOW = "not_now", _("Not now")
        OTHERS_PART = "others_part", _("Erase this person's part only")

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="items")
    envelope = models.UUIDField()
    category = models.CharField(max_length=12, choices=Category.choices)
    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, null=True, related_name="+")
    subject = models.UUIDField()
    grounds = ArrayField(models.CharField(max_length=16), default=list)
    blockers = ArrayField(models.CharField(max_length=16), default=list)
    proposed = models.CharField(max_length=12, choices=Outcome.choices)
    rule = models.CharField(max_length=16, blank=True)
    until = models.DateTimeField(null=True)
    chosen = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    override_reason = models.CharField(max_length=32, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "envelope"], name="item_once_per_request"),
            models.CheckConstraint(
                condition=Q(proposed__in=["erase", "restrict", "keep", "not_now", "others_part"]),
                name="item_proposed_known",
            ),
            models.CheckConstraint(
                condition=Q(chosen__in=["", "erase", "restrict", "keep", "not_now", "others_part"]),
                name="item_chosen_known",
            ),
            models.CheckConstraint(
                condition=Q(chosen="") | Q(chosen=F("proposed")) | ~Q(override_reason=""),
                name="item_override_has_reason",
            ),
            models.CheckConstraint(condition=Q(done_at__isnull=True) | ~Q(chosen=""), name="item_done_was_chosen"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}:{self.pk}"


class Letter(models.Model):
    """A letter in the requester's language. Its full text is sealed under the requester, at most 60 kB."""

    class Kind(models.TextChoices):
        """What it says."""

        ACKNOWLEDGE = "acknowledge", _("Acknowledgement")
        NEED_MORE = "need_more", _("More is needed")
        EXTENDED = "extended", pgettext_lazy("letter", "Extension")
        GRANTED = "granted", pgettext_lazy("letter", "Granted")
        PARTLY = "partly", pgettext_lazy("letter", "Partly granted")
        REFUSED = "refused", pgettext_lazy("letter", "Refused")
        APPEAL_OUTCOME = "appeal_outcome", _("Outcome of the appeal")
        LIFTED = "lifted", pgettext_lazy("letter", "Restriction lifted")
        RECEIPT = "receipt", _("Receipt")

    class Way(models.TextChoices):
        """How it left; no other way is safe (M35)."""

        IN_PERSON = "in_person", _("In person")
        LINK = "link", _("By one-time link")

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    language = models.CharField(max_length=10, choices=Request.Language.choices)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    envelope = models.UUIDField()
    sent_at = models.DateTimeField(null=True)
    way = models.CharField(max_length=12, choices=Way.choices, blank=True)

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["made_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "acknowledge",
                        "need_more",
                        "extended",
                        "granted",
                        "partly",
                        "refused",
                        "appeal_outcome",
                        "lifted",
                        "receipt",
                    ]
                ),
                name="letter_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(way="", sent_at__isnull=True) | Q(way__in=["in_person", "link"], sent_at__isnull=False),
                name="letter_sent_has_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}:{self.kind}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Links in the words of the office."""

    def live(self, at: datetime) -> Self:
        """Neither opened nor run out."""
        return self.filter(opened_at__isnull=True, expires_at__gt=at)


class Delivery(models.Model):
    """A link that opens an answer once, sent to a contact on file. Only the hash of its token is kept."""

    class Kind(models.TextChoices):
        """What it opens."""

        LETTER = "letter", pgettext_lazy("delivery", "Letter")
        ACCESS_COPY = "access_copy", _("Copy of the record")
        TRANSFER = "transfer", _("File for transfer")

    class ContactField(models.TextChoices):
        """Which contact on file it went to."""

        PHONE = "phone", _("Phone on file")
        EMAIL = "email", _("E-mail on file")

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="deliveries")
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, null=True, related_name="deliveries")
    token_hash = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    envelope = models.UUIDField(null=True)
    contact_field = models.CharField(max_length=8, choices=ContactField.choices)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["made_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=["letter", "access_copy", "transfer"]), name="delivery_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(contact_field__in=["phone", "email"]), name="delivery_contact_field_known"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="delivery_expires"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}:{self.kind}"
