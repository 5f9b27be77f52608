"""Files of bookings, guests and rooms brought from another system, and how far each is."""

import builtins
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from staff.models import Person, Property
from stays import permissions
from vault.models import Envelope, Subject


class ImportFileQuerySet(models.QuerySet["ImportFile"]):
    """Imports in the words of the desk."""

    def visible_to(self, person: Person, house: Property) -> Self:
        """Those of the property which the person could have begun: rooms by who keeps the house, others by the desk."""
        return self.filter(property=house, kind__in=permissions.kinds_imported_by(person, house))

    def due(self) -> Self:
        """Those a worker has to begin or to go on with."""
        return self.filter(state__in=ImportFile.AT_WORK)


class ImportFile(models.Model):
    """A file that was taken in, and how far it is. Its rows are sealed, under ``subject``; no column holds any of them.

    ``mark``: of the file's bytes, under a key that ends with the month, so that one file is not brought in twice.
    ``head``: the sealed headings and first rows. ``columns``: which column of the file holds which field, counted from
    0. ``failure``: why it could not be read. ``acted_at``: when somebody, or the last step, did something with it; what
    is sealed ends a day later.
    """

    class Kind(models.TextChoices):
        """What each row is."""

        BOOKINGS = "bookings", pgettext_lazy("import", "Bookings that are to come")
        GUESTS = "guests", pgettext_lazy("import", "Guests with a stay that is over")
        ROOMS = "rooms", pgettext_lazy("import", "Rooms")

    class State(models.TextChoices):
        """How far it is."""

        RECEIVED = "received", pgettext_lazy("import", "Being read")
        CHECKING = "checking", pgettext_lazy("import", "Rows are checked")
        READY = "ready", pgettext_lazy("import", "Waits for you")
        WRITING = "writing", pgettext_lazy("import", "Being brought in")
        DONE = "done", pgettext_lazy("import", "Done")
        FAILED = "failed", pgettext_lazy("import", "Could not be read")
        DISCARDED = "discarded", pgettext_lazy("import", "Discarded")

    class Failure(models.TextChoices):
        """Why a file could not be read, or not be gone on with."""

        NOT_A_TABLE = "not_a_table", _("This is neither a CSV nor an XLSX file, or it is damaged.")
        EMPTY = "empty", _("There is no row beneath the headings.")
        TOO_WIDE = "too_wide", _("The table has more than 50 columns.")
        TOO_LONG = "too_long", _("The table has more than 200,000 rows: bring it in in parts.")
        NOT_ALLOWED = "not_allowed", _("Whoever began the import may not do this here any more.")

    AT_WORK: ClassVar = ("received", "checking", "writing")

    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="imports")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)
    mark = models.CharField(max_length=16)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    head = models.ForeignKey(Envelope, on_delete=models.PROTECT, null=True, related_name="+")
    columns = models.JSONField(default=dict)
    failure = models.CharField(max_length=12, choices=Failure.choices, blank=True, default="")
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    acted_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects = ImportFileQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=["bookings", "guests", "rooms"]), name="import_kind_known"),
            models.CheckConstraint(
                condition=Q(state__in=["received", "checking", "ready", "writing", "done", "failed", "discarded"]),
                name="import_state_known",
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(failure=""), name="import_failure_said"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["id"], condition=Q(state__in=["received", "checking", "writing"]), name="import_at_work"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @builtins.property
    def is_at_work(self) -> bool:
        """A worker has it."""
        return self.state in self.AT_WORK


class ImportBatch(models.Model):
    """So many rows of a file, sealed in one envelope; checked at once, and written in one transaction or not at all.

    ``numbers``: of the rows in the file, the headings being row 1. ``left_out``: of those that cannot be brought in;
    once the others are written the envelope holds only these. ``written``: how many rows are.
    """

    file = models.ForeignKey(ImportFile, on_delete=models.PROTECT, related_name="batches")
    envelope = models.ForeignKey(Envelope, on_delete=models.PROTECT, related_name="+")
    numbers = ArrayField(models.PositiveIntegerField())
    left_out = ArrayField(models.PositiveIntegerField(), default=list)
    written = models.PositiveIntegerField(default=0)
    checked_at = models.DateTimeField(null=True)
    written_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [
            models.Index(fields=["file", "id"], condition=Q(written_at__isnull=True), name="import_batch_next"),
        ]

    def __str__(self) -> str:
        return f"{self.file_id}:{self.pk}"
