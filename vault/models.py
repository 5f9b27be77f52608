"""What the vault stores: subjects, sealed envelopes, their keys, search tokens, the erasure ledger."""

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .categories import ONE_PER_SUBJECT, Category


class Subject(models.Model):
    """One person the house knows something about, or a form being typed. Nothing personal stands here.

    ``seen_on``: the newest day the house had or has to do with them; what search answers first.
    """

    class Kind(models.TextChoices):
        """What the subject is to the house."""

        GUEST = "guest", _("guest")
        REQUESTER = "requester", _("requester")
        VISITOR = "visitor", _("visitor")
        GUARDIAN = "guardian", _("guardian")
        DRAFT = "draft", _("draft")
        CANARY = "canary", _("canary")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.GUEST)
    seen_on = models.DateField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="vault_subject_kind",
                condition=models.Q(kind__in=("guest", "requester", "visitor", "guardian", "draft", "canary")),
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class Envelope(models.Model):
    """One category of one subject, sealed; the unit of right, mask, restriction, retention and erasure.

    ``turn``: how many of its category were erased of the subject before it, or are locked away, reckoned by the
    database. No index knows what an erasure changes, so that it rewrites the row where it lies.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="envelopes")
    category = models.CharField(max_length=12, choices=Category.choices)
    belongs_to = models.UUIDField(null=True, blank=True)
    ciphertext = models.BinaryField()
    restricted_until = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    turn = models.PositiveSmallIntegerField(db_default=0, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    sealed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="vault_envelope_category", condition=models.Q(category__in=tuple(Category))),
            models.CheckConstraint(
                name="vault_envelope_erased_is_empty",
                condition=models.Q(erased_at__isnull=True) ^ models.Q(ciphertext=b""),
            ),
            models.UniqueConstraint(
                name="vault_envelope_one_per_subject",
                fields=["subject", "category", "turn"],
                condition=models.Q(category__in=ONE_PER_SUBJECT),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                name="vault_envelope_belongs_to", fields=["belongs_to"], condition=models.Q(belongs_to__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class EnvelopeKey(models.Model):
    """The wrapped key of one envelope. Without ``wrapped`` it is a tombstone: the id never gets a key again.

    No database constraint ties it to the envelope: keys and data are backed up and restored apart.
    """

    envelope = models.OneToOneField(
        Envelope, primary_key=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="key"
    )
    kek = models.PositiveIntegerField()
    generation = models.PositiveIntegerField(default=1)
    wrapped = models.BinaryField(null=True)
    shredded_at = models.DateTimeField(null=True)

    class Meta:
        db_table = 'keys"."envelope_key'
        constraints: ClassVar = [
            models.CheckConstraint(
                name="envelope_key_wrapped_or_shredded",
                condition=models.Q(wrapped__isnull=True) ^ models.Q(shredded_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class SubjectToken(models.Model):
    """The blind index of one subject under one index-key epoch.

    Part 0 holds all name tokens and the first phone, a further phone has a further part. Documents have parts of their
    own, from ``FIRST_DOCUMENT``, so that the end of a register leaves the other tokens alone. ``seen_on`` is the
    subject's own, kept here so that the newest are found first without a join.
    """

    FIRST_DOCUMENT: ClassVar = 1000

    pk = models.CompositePrimaryKey("subject", "epoch", "part")
    subject = models.UUIDField()
    epoch = models.PositiveIntegerField()
    part = models.PositiveSmallIntegerField(default=0)
    tok = ArrayField(models.IntegerField(), null=True)
    phone = models.IntegerField(null=True)
    phone_tail = models.IntegerField(null=True)
    document = models.IntegerField(null=True)
    document_tail = models.IntegerField(null=True)
    seen_on = models.DateField(null=True)

    class Meta:
        db_table = 'search"."subject_token'
        indexes: ClassVar = [
            # Over every row: scans of a partial index are not joined, and a name has several places.
            GinIndex(name="subject_token_tok", fields=["tok"], fastupdate=False),
            *(
                models.Index(name=name, fields=[column], condition=models.Q((f"{column}__isnull", False)))
                for name, column in (
                    ("subject_token_phone", "phone"),
                    ("subject_token_phone_tail", "phone_tail"),
                    ("subject_token_document", "document"),
                    ("subject_token_doc_tail", "document_tail"),
                )
            ),
        ]

    def __str__(self) -> str:
        return str(self.subject)


class TokenFrequency(models.Model):
    """How often name tokens occur here, sealed under the index key: what splits frequent tokens."""

    epoch = models.PositiveIntegerField(primary_key=True)
    version = models.PositiveIntegerField()
    sealed = models.BinaryField()
    counted_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = 'search"."token_frequency'

    def __str__(self) -> str:
        return f"{self.epoch}.{self.version}"


class ErasureEntry(models.Model):
    """One batch of erased envelopes in the append-only ledger, chained by hash to the entry before it."""

    sequence = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    envelopes = ArrayField(models.UUIDField())
    reason = models.CharField(max_length=64)
    actor = models.BigIntegerField(null=True)
    role = models.CharField(max_length=200, blank=True)
    property = models.BigIntegerField(null=True)
    previous = models.BinaryField()
    digest = models.BinaryField()

    class Meta:
        db_table = "erasure_ledger"

    def __str__(self) -> str:
        return str(self.sequence)


class KeyEpoch(models.Model):
    """One epoch of a key that the provider holds: which exist, which writes, which is gone."""

    class Purpose(models.TextChoices):
        """What the key is for."""

        KEK = "kek", _("envelope keys")
        INDEX = "index", _("search index")

    class State(models.TextChoices):
        """Where the key stands in its life."""

        BUILDING = "building", _("being built")
        ACTIVE = "active", _("active")
        DECRYPT_ONLY = "decrypt_only", _("decrypt only")
        DESTROYED = "destroyed", _("destroyed")

    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    epoch = models.PositiveIntegerField()
    reference = models.CharField(max_length=200)
    state = models.CharField(max_length=16, choices=State.choices, default=State.ACTIVE)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    destroyed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "key_registry"
        constraints: ClassVar = [
            models.UniqueConstraint(name="key_registry_epoch", fields=["purpose", "epoch"]),
            models.UniqueConstraint(
                name="key_registry_one_active", fields=["purpose"], condition=models.Q(state="active")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose}-{self.epoch}"


class Backup(models.Model):
    """One backup: data (set A) and keys (set B) of the same moment. It counts once ``proved_at`` is set.

    ``name`` is that of its files; ``ledger``: the newest ledger entry in it; ``failure``: a code.
    """

    name = models.CharField(max_length=40, primary_key=True)
    begun_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    proved_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=64, blank=True)
    ledger = models.BigIntegerField(default=0)
    data_bytes = models.BigIntegerField(default=0)
    keys_bytes = models.BigIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)
    data_gone_at = models.DateTimeField(null=True)
    keys_gone_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-begun_at"]

    def __str__(self) -> str:
        return self.name


class Drill(models.Model):
    """One restore for trial, from a backup into a database of its own: how long each step took, what it proved."""

    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    backup = models.CharField(max_length=40, blank=True)
    steps = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    failure = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["-begun_at"]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def seconds(self) -> float:
        """What the steps that were done took together."""
        return sum(float(step["seconds"]) for step in self.steps)
