"""The rows of the log as they are read. Nothing here writes: the only ways in are in ``audit.services``.

The salts of a row are no fields: web may not read them. Tables, partitions and triggers are made in SQL by the
migrations; the database makes ids, times, transaction ids and salts, so that nobody can choose them.
"""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

from auditlog.models import AbstractLogEntry, LogEntryManager
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.utils import timezone

from audit import trace

_INSERT_CHANGE = """
INSERT INTO audit_change (content_type_id, object_pk, object_id, object_repr, action, changes, actor_id, property,
    session_ref, request_n, cid)
VALUES (%s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s, COALESCE(%s, nextval('audit_request_n')), %s)
RETURNING id, timestamp, request_n
"""


OF_FEW = "secret_"  # begins the type of a thing of which nobody learns by reading the log


class EventQuerySet(models.QuerySet["Event"]):
    """Questions a reader of the log asks."""

    def about(self, object_type: str, object_ref: str) -> Self:
        """What was done to one thing."""
        return self.filter(object_type=object_type, object_ref=object_ref)

    def about_subjects(self, subjects: Iterable[UUID]) -> Self:
        """What concerned any of these subjects, lists and searches included."""
        return self.filter(subjects__overlap=list(subjects))

    def by(self, actor: int) -> Self:
        """What one person did."""
        return self.filter(actor=actor)

    def at(self, properties: Iterable[int]) -> Self:
        """What happened at these properties."""
        return self.filter(property__in=list(properties))

    def readable_by(self, reader: int | None) -> Self:
        """Without what was done to secret things, but for what the reader did: the rest is as if it were not there."""
        open_ones = ~models.Q(object_type__startswith=OF_FEW)
        return self.filter(open_ones if reader is None else open_ones | models.Q(actor=reader))

    def between(self, since: datetime | None, until: datetime | None) -> Self:
        """What happened from ``since`` to before ``until``; None leaves that end open.

        A bound lets the database leave whole years aside; the open end stops at tomorrow for that reason.
        """
        rows = self.filter(at__lt=until or timezone.now() + timedelta(days=1))
        return rows.filter(at__gte=since) if since else rows

    def newest(self) -> Self:
        """Latest first."""
        return self.order_by("-at", "-id")

    def newest_of_few(self) -> Self:
        """Latest first, of rows that an index finds: sorted once they are found.

        By a column that has an index PostgreSQL would rather walk all rows, hoping to meet enough of them soon.
        """
        found_at = models.ExpressionWrapper(models.F("at") + timedelta(), models.DateTimeField())
        return self.order_by(found_at.desc(), "-id")


class Event(models.Model):
    """One row of the log: who did or saw what, in which role, why. Append-only, partitioned by year."""

    id = models.BigAutoField(primary_key=True)
    ref = models.UUIDField()
    v = models.SmallIntegerField()
    at = models.DateTimeField()
    actor = models.BigIntegerField(null=True)
    actor_role = models.TextField()
    property = models.BigIntegerField(null=True)
    session_ref = models.UUIDField(null=True)
    request_n = models.BigIntegerField()
    action = models.TextField()
    outcome = models.TextField()
    purpose = models.TextField()
    purpose_ref = models.TextField()
    object_type = models.TextField()
    object_ref = models.TextField()
    subjects = ArrayField(models.UUIDField())
    fields = ArrayField(models.TextField())
    explained_by = models.TextField()
    detail = models.JSONField()
    request_id = models.UUIDField(null=True)
    note_commit = models.BinaryField(null=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "audit_event"

    def __str__(self) -> str:
        return str(self.ref)


class Session(models.Model):
    """A person at a terminal, from opening a shift to its end. Ends by its own rule, apart from the log."""

    session_ref = models.UUIDField(primary_key=True)
    actor = models.BigIntegerField()
    property = models.BigIntegerField(null=True)
    terminal = models.TextField()
    address = models.GenericIPAddressField(null=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "audit_session"

    def __str__(self) -> str:
        return str(self.session_ref)


class TermKey(models.Model):
    """The month's key for hashes of search terms; the key is gone 90 days after its month."""

    month = models.DateField(primary_key=True)
    key = models.BinaryField(null=True)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "audit_term_key"

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class KeeperBeat(models.Model):
    """The keeper's latest sign of life: when, and how many breaches of the log's guard it found."""

    id = models.SmallIntegerField(primary_key=True)
    at = models.DateTimeField()
    breaches = models.IntegerField()

    class Meta:
        managed = False
        db_table = "audit_keeper_beat"

    def __str__(self) -> str:
        return "keeper"


class ChangeQuerySet(models.QuerySet["Change"]):
    """The same questions, asked of the changes to what is not personal."""

    def by(self, actor: int) -> Self:
        """What one person changed."""
        return self.filter(actor_id=actor)

    def at(self, properties: Iterable[int]) -> Self:
        """What was changed at these properties."""
        return self.filter(property__in=list(properties))

    def between(self, since: datetime | None, until: datetime | None) -> Self:
        """What was changed from ``since`` to before ``until``; None leaves that end open."""
        rows = self.filter(timestamp__lt=until) if until else self.all()
        return rows.filter(timestamp__gte=since) if since else rows

    def newest(self) -> Self:
        """Latest first."""
        return self.order_by("-timestamp", "-id")


_ChangeManager: Any = LogEntryManager.from_queryset(ChangeQuerySet)


class ChangeManager(_ChangeManager):
    """Writes what auditlog noticed, with the actor, session and number of our own trace."""

    def log_create(self, instance: models.Model, force_log: bool = False, **kwargs: Any) -> "Change | None":
        """Note the property the thing belongs to (``property_id``), so that its managers can read the change."""
        kwargs.setdefault("property", getattr(instance, "property_id", None))
        change: Change | None = super().log_create(instance, force_log=force_log, **kwargs)
        return change

    def create(self, **noticed: Any) -> "Change":
        """Insert one change. Time, transaction and salts are the database's; the actor is never the client's word."""
        current = trace.current()
        if current:
            noticed.update(actor_id=current.actor, session_ref=current.session_ref, request_n=current.request_n)
            noticed["property"] = noticed.get("property") or current.property
        change: Change = self.model(**noticed)
        with connection.cursor() as cursor:
            cursor.execute(_INSERT_CHANGE, change.written_values())
            change.id, change.timestamp, change.request_n = cursor.fetchone()
        if current:
            current.request_n = change.request_n
        return change


class Change(AbstractLogEntry):
    """One change to something that is not personal, noticed by django-auditlog and kept like the log's own rows."""

    v = models.SmallIntegerField(default=1)
    content_type = models.ForeignKey(ContentType, models.DO_NOTHING, db_constraint=False, related_name="+")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )
    property = models.BigIntegerField(null=True)
    session_ref = models.UUIDField(null=True)
    request_n = models.BigIntegerField()

    objects = ChangeManager()

    class Meta:
        managed = False
        db_table = "audit_change"

    def __str__(self) -> str:
        return f"{self.content_type_id}:{self.object_pk}"

    def written_values(self) -> tuple[Any, ...]:
        """What web writes of a change, in the order of the INSERT. No address, no e-mail, no copy of the object."""
        return (
            self.content_type_id,
            self.object_pk,
            self.object_id,
            self.object_repr,
            self.action,
            json.dumps(self.changes),
            self.actor_id,
            self.property,
            self.session_ref,
            self.request_n,
            str(self.cid) if self.cid else None,
        )
