"""What seals the log, as it is read. The keeper writes it; approvals and orders to verify come from the pages."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Origin(models.Model):
    """A name and a key under which checkpoints are signed; the newest one signs.

    A log that was restored goes on under a new name: rows up to the ``floor`` of their table were sealed before,
    whatever their transaction ids say, which another cluster gave. A log whose key was replaced keeps its name.
    """

    id = models.SmallIntegerField(primary_key=True)
    name = models.TextField()
    verifier = models.TextField()
    first_size = models.BigIntegerField()
    event_floor = models.BigIntegerField()
    change_floor = models.BigIntegerField()
    statement_floor = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "audit_origin"

    def __str__(self) -> str:
        return self.name


class Statement(models.Model):
    """What the log says about itself, or about more than one row: genesis, retention, key, restore, erasure, alert."""

    id = models.BigAutoField(primary_key=True)
    ref = models.UUIDField()
    v = models.SmallIntegerField()
    at = models.DateTimeField()
    kind = models.TextField()
    actor = models.BigIntegerField(null=True)
    property = models.BigIntegerField(null=True)
    subjects = ArrayField(models.UUIDField())
    said = models.JSONField()
    unsaid = models.JSONField()

    class Meta:
        managed = False
        db_table = "audit_statement"

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"


class Leaf(models.Model):
    """Which row is which leaf of the tree. ``source`` is the number of its table in ``audit.leaves``."""

    number = models.BigIntegerField(primary_key=True)
    source = models.SmallIntegerField()
    row_id = models.BigIntegerField()
    at = models.DateTimeField()
    private_hash = models.BinaryField()

    class Meta:
        managed = False
        db_table = "audit_leaf"

    def __str__(self) -> str:
        return str(self.number)


class Checkpoint(models.Model):
    """A signed statement of size and root, and the row up to which it seals."""

    id = models.BigAutoField(primary_key=True)
    origin = models.ForeignKey(Origin, models.DO_NOTHING, db_constraint=False)
    size = models.BigIntegerField()
    root = models.BinaryField()
    note = models.TextField()
    at = models.DateTimeField()
    source = models.SmallIntegerField()
    row_id = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "audit_checkpoint"

    def __str__(self) -> str:
        return f"{self.origin_id}: {self.size}"


class Cosignature(models.Model):
    """A witness's line under a checkpoint."""

    id = models.BigAutoField(primary_key=True)
    checkpoint = models.ForeignKey(Checkpoint, models.DO_NOTHING, db_constraint=False)
    witness = models.TextField()
    line = models.TextField()
    at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "audit_cosignature"

    def __str__(self) -> str:
        return self.witness


class Anchor(models.Model):
    """A checkpoint left the database: into the file, by mail, to a witness."""

    id = models.BigAutoField(primary_key=True)
    checkpoint = models.ForeignKey(Checkpoint, models.DO_NOTHING, db_constraint=False)
    place = models.TextField()
    at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "audit_anchor"

    def __str__(self) -> str:
        return f"{self.place} {self.checkpoint_id}"


class Verification(models.Model):
    """An order to verify the log, how far it has come, and what was found."""

    class Scope(models.TextChoices):
        """Which leaves are hashed again."""

        ALL = "all"
        SINCE = "since"
        SAMPLED = "sampled"

    id = models.BigAutoField(primary_key=True)
    asked_at = models.DateTimeField()
    asked_by = models.BigIntegerField(null=True)
    scope = models.TextField(choices=Scope.choices)
    begins = models.BigIntegerField()
    ends = models.BigIntegerField(null=True)
    done = models.BigIntegerField()
    finished_at = models.DateTimeField(null=True)
    complaints = ArrayField(models.TextField())

    class Meta:
        managed = False
        db_table = "audit_verification"

    def __str__(self) -> str:
        return f"{self.scope} {self.done}"


class PruningApproval(models.Model):
    """One person's approval of dropping the rows of one year."""

    id = models.BigAutoField(primary_key=True)
    year = models.SmallIntegerField()
    actor = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "audit_pruning_approval"

    def __str__(self) -> str:
        return f"{self.year} {self.actor}"


class Pruning(models.Model):
    """A year whose rows were dropped, and the leaf below which nothing is kept."""

    year = models.SmallIntegerField(primary_key=True)
    minimum_index = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "audit_pruning"

    def __str__(self) -> str:
        return str(self.year)
