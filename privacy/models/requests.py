"""A guest's request about their record, from its receipt to its result."""

import builtins
import uuid
from collections.abc import Iterator
from datetime import date, datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from privacy import permissions
from staff.models import Person, Property
from stays.models import Stay
from vault.models import Subject

MOST_FAILURES = 3  # after so many failed checks the request is locked (policy.md, Requests)
RUNNING = ("in_review", "awaiting_second", "executing")
FULFILLED = ("granted", "partly")
NEEDS_NO_IDENTITY = ("complaint", "explanation")


class RequestQuerySet(models.QuerySet["Request"]):
    """Requests in the words of the office."""

    def visible_to(self, person: Person) -> Self:
        """Those of the properties where the person decides. Who only takes in has no more than the receipt."""
        return self.filter(property__in=permissions.houses_decided_by(person))

    def taken_in_by(self, person: Person) -> Self:
        """Those whose receipt the person may print: taken in by themself, where they still may."""
        return self.filter(taken_in_by=person, property__in=permissions.houses_taken_in_by(person))

    def at(self, house: Property) -> Self:
        """The requests of one property."""
        return self.filter(property=house)

    def open(self) -> Self:
        """Not closed yet."""
        return self.exclude(state=Request.State.CLOSED)

    def by_time_left(self) -> Self:
        """Shortest time left first; those whose clock is paused come after all whose clock runs."""
        return self.order_by(F("paused_at").asc(nulls_first=True), "due_on", "number")

    def due(self, at: datetime) -> Self:
        """Open, their clock running, to be answered on the day of this moment or before."""
        return self.open().filter(paused_at__isnull=True, due_on__lte=timezone.localdate(at))


class Request(models.Model):
    """One request. Who asks is a subject of its own, whose record is asked about is ``guest``, once that is known.

    ``due_on`` contains extension and pauses that have ended. ``decision`` is what awaits the second person or is
    carried out; ``result`` is set when the request is closed. Nothing runs before ``verified_at``.
    """

    class Kind(models.TextChoices):
        """What is asked for (PIPL 44-50)."""

        ACCESS = "access", _("Access and copy")
        CORRECTION = "correction", _("Correction")
        DELETION = "deletion", _("Deletion")
        RESTRICTION = "restriction", _("Restriction")
        OBJECTION = "objection", _("Objection")
        TRANSFER = "transfer", _("Transfer")
        EXPLANATION = "explanation", _("Explanation")
        COMPLAINT = "complaint", _("Complaint")
        APPEAL = "appeal", _("Appeal")

    class Channel(models.TextChoices):
        """How it arrived."""

        DESK = "desk", pgettext_lazy("channel", "At the desk")
        PHONE = "phone", pgettext_lazy("channel", "By phone")
        EMAIL = "email", pgettext_lazy("channel", "By e-mail")
        LETTER = "letter", pgettext_lazy("channel", "By letter")
        CHAT = "chat", pgettext_lazy("channel", "Online chat")
        WEB = "web", pgettext_lazy("channel", "Public page")

    class ActsAs(models.TextChoices):
        """As whom the requester comes; decides which evidence is wanted (policy.md)."""

        SELF = "self", _("The guest")
        AGENT = "agent", _("Representative")
        LAWYER = "lawyer", _("Lawyer")
        GUARDIAN = "guardian", _("Guardian of a child under 14")
        RELATIVE = "relative", _("Near relative of a deceased guest")
        OTHER = "other", _("Somebody else")

    class Language(models.TextChoices):
        """Of the letters."""

        EN = "en", "English"
        ZH_HANS = "zh-hans", "简体中文"

    class State(models.TextChoices):
        """How far it is; paused and extended are said beside it."""

        RECEIVED = "received", pgettext_lazy("request", "Received")
        VERIFYING = "verifying", pgettext_lazy("request", "Verifying")
        IN_REVIEW = "in_review", pgettext_lazy("request", "In review")
        AWAITING_SECOND = "awaiting_second", pgettext_lazy("request", "Awaiting second approval")
        EXECUTING = "executing", pgettext_lazy("request", "Executing")
        CLOSED = "closed", pgettext_lazy("request", "Closed")

    class Result(models.TextChoices):
        """How it ended."""

        GRANTED = "granted", _("Granted")
        PARTLY = "partly", _("Partly granted")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("request", "Withdrawn")
        UNVERIFIED = "unverified", _("Closed unverified")

    class Decision(models.TextChoices):
        """What was decided, before it is carried out."""

        GRANTED = "granted", _("Granted")
        PARTLY = "partly", _("Partly granted")
        REFUSED = "refused", _("Refused")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=16, unique=True)
    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    acts_as = models.CharField(max_length=8, choices=ActsAs.choices, default=ActsAs.SELF)
    language = models.CharField(max_length=10, choices=Language.choices, default=Language.ZH_HANS)
    requester = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    guest = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True, related_name="+")
    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, null=True, related_name="requests")

    state = models.CharField(max_length=16, choices=State.choices, default=State.RECEIVED)
    result = models.CharField(max_length=12, choices=Result.choices, blank=True)
    decision = models.CharField(max_length=8, choices=Decision.choices, blank=True)
    refusal_ground = models.CharField(max_length=32, blank=True)
    is_complex = models.BooleanField(default=False)

    received_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    due_on = models.DateField()
    extended_at = models.DateTimeField(null=True)
    extension_reason = models.CharField(max_length=32, blank=True)
    paused_at = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=32, blank=True)
    paused_days = models.PositiveSmallIntegerField(default=0)
    decided_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    taken_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    verified_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    follow_code_hash = models.CharField(max_length=64, blank=True)

    duplicate_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="duplicates")
    appeal_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="appeals")
    rating = models.PositiveSmallIntegerField(null=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["-received_at", "-number"]
        indexes: ClassVar = [
            models.Index(fields=["property", "state", "due_on"], name="request_worklist"),
            models.Index(fields=["property", "received_at"], name="request_figures"),
            models.Index(fields=["due_on"], condition=~Q(state="closed"), name="request_due"),
            models.Index(
                "property",
                F("paused_at").asc(nulls_first=True),
                "due_on",
                "number",
                condition=~Q(state="closed"),
                name="request_time_left",
            ),
            # What the tabs of the worklist count stands in the index itself.
            models.Index(
                fields=["property", "state"],
                include=["officer", "due_on", "paused_at"],
                condition=~Q(state="closed"),
                name="request_open_counted",
            ),
            models.Index(fields=["follow_code_hash"], condition=~Q(follow_code_hash=""), name="request_follow_code"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "access",
                        "correction",
                        "deletion",
                        "restriction",
                        "objection",
                        "transfer",
                        "explanation",
                        "complaint",
                        "appeal",
                    ]
                ),
                name="request_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(channel__in=["desk", "phone", "email", "letter", "chat", "web"]),
                name="request_channel_known",
            ),
            models.CheckConstraint(
                condition=Q(acts_as__in=["self", "agent", "lawyer", "guardian", "relative", "other"]),
                name="request_acts_as_known",
            ),
            models.CheckConstraint(condition=Q(language__in=["en", "zh-hans"]), name="request_language_known"),
            models.CheckConstraint(
                condition=Q(state__in=["received", "verifying", "in_review", "awaiting_second", "executing", "closed"]),
                name="request_state_known",
            ),
            models.CheckConstraint(
                condition=Q(result__in=["", "granted", "partly", "refused", "withdrawn", "unverified"]),
                name="request_result_known",
            ),
            models.CheckConstraint(
                condition=Q(decision__in=["", "granted", "partly", "refused"]), name="request_decision_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=NEEDS_NO_IDENTITY)
                | Q(verified_at__isnull=False, guest__isnull=False)
                | ~(Q(state__in=RUNNING) | Q(result__in=FULFILLED) | Q(decision__in=FULFILLED)),
                name="request_runs_verified_only",
            ),
            models.CheckConstraint(
                condition=(Q(state="closed", closed_at__isnull=False) & ~Q(result=""))
                | (Q(result="", closed_at__isnull=True) & ~Q(state="closed")),
                name="request_closed_has_result",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["awaiting_second", "executing"])
                | (Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decision="")),
                name="request_carried_out_was_decided",
            ),
            models.CheckConstraint(
                condition=~(Q(result="refused") | Q(decision="refused")) | ~Q(refusal_ground=""),
                name="request_refused_has_ground",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(taken_in_by__isnull=True) | ~Q(approved_by=F("taken_in_by")),
                name="request_approver_did_not_take_in",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(decided_by__isnull=False) & ~Q(approved_by=F("decided_by")),
                name="request_approver_did_not_decide",
            ),
            models.CheckConstraint(
                condition=~(Q(kind="deletion") & (Q(state="executing") | Q(result__in=FULFILLED)))
                | Q(approved_by__isnull=False),
                name="request_deletion_has_two",
            ),
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True) | ~Q(pause_reason=""), name="request_paused_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(extended_at__isnull=True) | ~Q(extension_reason=""), name="request_extended_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(rating__isnull=True) | Q(rating__range=(1, 5)), name="request_rating_sane"
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of__isnull=True) | ~Q(duplicate_of=F("id")), name="request_not_its_own_duplicate"
            ),
            models.CheckConstraint(
                condition=Q(appeal_of__isnull=True) | (Q(kind="appeal") & ~Q(appeal_of=F("id"))),
                name="request_appeals_another",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @builtins.property
    def is_open(self) -> bool:
        """Not closed yet."""
        return self.state != self.State.CLOSED

    @builtins.property
    def is_verified(self) -> bool:
        """The requester was recognised as the guest, or as one who may act for them."""
        return self.verified_at is not None

    @builtins.property
    def wanted(self) -> str:
        """What the requester wants: its kind, for an appeal that of the request with which it began."""
        return [self, *self.earlier()][-1].kind

    def earlier(self) -> Iterator["Request"]:
        """What it appeals, the newest first: the answer to an appeal may be appealed again."""
        earlier = self.appeal_of
        while earlier is not None:
            yield earlier
            earlier = earlier.appeal_of

    def is_locked(self, at: datetime) -> bool:
        """Too many checks failed; the next may be tried when the lock has run out."""
        return self.locked_until is not None and self.locked_until > at

    def days_left(self, today: date) -> int:
        """Days of the property until the answer is due, negative when it is late; they stand still in a pause."""
        counted = self.property.today(self.paused_at) if self.paused_at else today
        return (self.due_on - counted).days

    def is_overdue(self, today: date) -> bool:
        """Open, and the day to answer on is past."""
        return self.is_open and self.days_left(today) < 0
