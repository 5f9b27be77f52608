"""Stays and who takes part in them."""

import builtins
import uuid
from datetime import date, datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from staff.models import Person, Property
from stays import marks, permissions
from stays.models.notices import Notice
from vault.models import Envelope, Subject

MAX_NIGHTS = 365
MAX_PARTY = 20


class StayQuerySet(models.QuerySet["Stay"]):
    """Stays in the words of the desk. A restricted stay is in none of the lists."""

    def visible_to(self, person: Person) -> Self:
        """Stays of the properties where the person may see them; restricted ones only for those who decide on them."""
        unrestricted = Q(restricted_until__isnull=True) | Q(restricted_until__lte=timezone.now())
        houses = Q(property__in=permissions.houses_seen_by(person))
        decided = Q(property__in=permissions.houses_decided_by(person))
        return self.filter((houses & unrestricted) | decided)

    def unrestricted(self, at: datetime | None = None) -> Self:
        """Without those whose processing is restricted at that time (PIPL 44, 47(2))."""
        return self.exclude(restricted_until__gt=at or timezone.now())

    def marked(self, at: datetime | None = None) -> Self:
        """With what rooms above say of each at that time (``stays.marks``), for its badges."""
        moment = at or timezone.now()
        return self.annotate(**{mark.code: mark.lies_on(moment) for mark in marks.MARKS.values()})

    def at(self, house: Property) -> Self:
        """The stays of one property."""
        return self.filter(property=house)

    def arrivals(self, house: Property, today: date) -> Self:
        """Expected and due by the business day: late ones too, until they are marked as not come."""
        return self.at(house).unrestricted().filter(status=Stay.Status.EXPECTED, arrival_on__lte=today)

    def in_house(self, house: Property, today: date | None = None) -> Self:
        """Living here now."""
        return self.at(house).unrestricted().filter(status=Stay.Status.IN_HOUSE)

    def departures(self, house: Property, today: date) -> Self:
        """In house and due out by the business day, overdue ones included."""
        return self.in_house(house).filter(departure_on__lte=today)

    def of_group(self, house: Property, number: str, today: date) -> Self:
        """The stays of a group that are due by the business day, and those in house."""
        due = Q(status=Stay.Status.EXPECTED, arrival_on__lte=today)
        return self.at(house).unrestricted().filter(due | Q(status=Stay.Status.IN_HOUSE), group=number)

    def current(self, house: Property, today: date) -> Self:
        """Due within a day, or in house: the guests a purpose kept for the session serves."""
        due = Q(status=Stay.Status.EXPECTED, arrival_on__lte=today + timedelta(days=1))
        return self.at(house).unrestricted().filter(due | Q(status=Stay.Status.IN_HOUSE))


class Stay(models.Model):
    """One stay of one party at one property. Dates are business days of the property, times are UTC.

    ``group``: the number of the group it came with, as the agency or the house gives it; never a name.
    """

    class Status(models.TextChoices):
        """What is stored; due out and overdue are derived."""

        EXPECTED = "expected", _("Expected")
        IN_HOUSE = "in_house", _("In house")
        CHECKED_OUT = "checked_out", _("Checked out")
        NO_SHOW = "no_show", _("No-show")
        CANCELLED = "cancelled", _("Cancelled")

    class Origin(models.TextChoices):
        """How the party came to us."""

        WALK_IN = "walk_in", pgettext_lazy("origin", "Walk-in")
        DIRECT = "direct", _("Booked with us")
        AGENCY = "agency", _("Agency")
        CORPORATE = "corporate", _("Company")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="stays")
    status = models.CharField(max_length=12, choices=Status.choices)
    origin = models.CharField(max_length=12, choices=Origin.choices)
    arrival_on = models.DateField()
    departure_on = models.DateField()
    arrived_at = models.DateTimeField(null=True)
    departed_at = models.DateTimeField(null=True)
    confidential = models.BooleanField(default=False)
    do_not_move = models.BooleanField(default=False, db_default=False)
    restricted_until = models.DateTimeField(null=True)
    party_size = models.PositiveSmallIntegerField(default=1)
    group = models.CharField(max_length=16, blank=True, default="", db_default="")

    objects = StayQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["-arrival_on", "-reference"]
        indexes: ClassVar = [
            models.Index(fields=["property", "status", "arrival_on"], name="stay_due_in"),
            models.Index(fields=["property", "departure_on", "arrival_on"], name="stay_here_on"),
            models.Index(
                fields=["property", "departure_on"], condition=Q(status="in_house"), name="stay_in_house_due_out"
            ),
            models.Index(fields=["property", "group"], condition=~Q(group=""), name="stay_of_group"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=["expected", "in_house", "checked_out", "no_show", "cancelled"]),
                name="stay_status_known",
            ),
            models.CheckConstraint(
                condition=Q(origin__in=["walk_in", "direct", "agency", "corporate"]), name="stay_origin_known"
            ),
            models.CheckConstraint(condition=Q(departure_on__gte=F("arrival_on")), name="stay_departs_after_arrival"),
            models.CheckConstraint(
                condition=Q(departure_on__lte=ExpressionWrapper(F("arrival_on") + MAX_NIGHTS, models.DateField())),
                name="stay_at_most_a_year",
            ),
            models.CheckConstraint(condition=Q(party_size__range=(1, MAX_PARTY)), name="stay_party_sane"),
            models.CheckConstraint(condition=Q(group__regex=r"^[0-9A-Z-]*$"), name="stay_group_no_name"),
            models.CheckConstraint(
                condition=Q(status="in_house", arrived_at__isnull=False, departed_at__isnull=True)
                | Q(status="checked_out", arrived_at__isnull=False, departed_at__isnull=False)
                | Q(status__in=["expected", "no_show", "cancelled"], arrived_at__isnull=True, departed_at__isnull=True),
                name="stay_times_fit_status",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_status_display(self) -> str:  # type: ignore[no-redef]
        """The status in words. Django's own asks for every translation of the field each time: too slow for lists."""
        return str(self.Status(self.status).label)

    @builtins.property
    def nights(self) -> int:
        """Nights planned; 0 for a day room."""
        return (self.departure_on - self.arrival_on).days

    def is_due_out(self, today: date) -> bool:
        """In house and leaving on this business day."""
        return self.status == self.Status.IN_HOUSE and self.departure_on == today

    def is_overdue(self, today: date) -> bool:
        """In house past the day of departure."""
        return self.status == self.Status.IN_HOUSE and self.departure_on < today

    def is_late(self, today: date) -> bool:
        """Expected on an earlier business day, and not come."""
        return self.status == self.Status.EXPECTED and self.arrival_on < today

    def is_current(self, house: Property, today: date) -> bool:
        """Due within a day or in house at this property; the same rule as ``StayQuerySet.current``."""
        due = self.status == self.Status.EXPECTED and self.arrival_on <= today + timedelta(days=1)
        return self.property_id == house.pk and (due or self.status == self.Status.IN_HOUSE)

    def is_restricted(self, at: datetime) -> bool:
        """Its processing is restricted: only storage and protection are left."""
        return self.restricted_until is not None and self.restricted_until > at


class Occupant(models.Model):
    """A subject of the vault takes part in a stay.

    ``booked_as``: the subject made for the booking, where who came was known by another; what holds keep of it.
    """

    class Role(models.TextChoices):
        """Whose name the stay is in."""

        LEAD = "lead", _("Lead guest")
        COMPANION = "companion", _("Companion")

    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="occupants")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    booked_as = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    register_envelope = models.ForeignKey(Envelope, on_delete=models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=12, choices=Role.choices)
    position = models.PositiveSmallIntegerField(default=1)
    came_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, null=True, related_name="+")
    notice_shown_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["stay_id", "position"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=["lead", "companion"]), name="occupant_role_known"),
            models.UniqueConstraint(fields=["stay", "subject"], name="occupant_once_per_stay"),
            models.UniqueConstraint(fields=["stay"], condition=Q(role="lead"), name="stay_one_lead"),
        ]

    def __str__(self) -> str:
        return f"{self.stay_id}:{self.position}"
