"""Rooms, and who holds them when."""

import builtins
from typing import TYPE_CHECKING, ClassVar, Self

from auditlog.registry import auditlog
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _
from psycopg2.extras import DateTimeTZRange

from staff.models import Property

if TYPE_CHECKING:
    from stays.models.stays import Stay


class RoomQuerySet(models.QuerySet["Room"]):
    """Rooms in the words of the desk."""

    def at(self, house: Property) -> Self:
        """The rooms of one property."""
        return self.filter(property=house)

    def free_between(self, during: DateTimeTZRange, *, besides: "Stay | None" = None) -> Self:
        """Rooms nobody (``besides`` that stay) holds in that time, nor lives in now, and which are not out of order."""
        held = RoomUse.objects.holding().filter(during__overlap=during).exclude(stay=besides).values("room_id")
        lived_in = RoomUse.objects.filter(state=RoomUse.State.IN_HOUSE).values("room_id")
        usable = self.exclude(state=Room.State.OUT_OF_ORDER)
        return usable.exclude(pk__in=held).exclude(pk__in=lived_in)


class Room(models.Model):
    """A room of a property. ``capacity`` counts people."""

    class Type(models.TextChoices):
        """What a guest asks for."""

        SINGLE = "single", _("Single room")
        KING = "king", _("King room")
        TWIN = "twin", _("Twin room")
        FAMILY = "family", _("Family room")
        SUITE = "suite", _("Suite")

    class State(models.TextChoices):
        """Whether a guest may be shown to it."""

        CLEAN = "clean", _("Clean")
        DIRTY = "dirty", _("Dirty")
        OUT_OF_ORDER = "out_of_order", _("Out of order")

    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="rooms")
    number = models.CharField(max_length=8)
    floor = models.SmallIntegerField()
    type = models.CharField(max_length=12, choices=Type.choices)
    capacity = models.PositiveSmallIntegerField(default=2)
    state = models.CharField(max_length=12, choices=State.choices, default=State.CLEAN)

    objects = RoomQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["property_id", "floor", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["property", "number"], name="room_number_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["clean", "dirty", "out_of_order"]), name="room_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(type__in=["single", "king", "twin", "family", "suite"]), name="room_type_known"
            ),
            models.CheckConstraint(condition=models.Q(capacity__range=(1, 20)), name="room_capacity_sane"),
        ]

    def __str__(self) -> str:
        return self.number

    @builtins.property
    def is_clean(self) -> bool:
        """A guest may be shown to it."""
        return self.state == self.State.CLEAN

    @builtins.property
    def is_usable(self) -> bool:
        """Somebody may sleep in it, once it is clean."""
        return self.state != self.State.OUT_OF_ORDER


class RoomUseQuerySet(models.QuerySet["RoomUse"]):
    """Room uses in the words of the desk."""

    def holding(self) -> Self:
        """Those that keep a room from others."""
        return self.filter(state__in=[RoomUse.State.EXPECTED, RoomUse.State.IN_HOUSE])


class RoomUse(models.Model):
    """A stay holds a room for a time. Moves and undoing are new rows, never an overwritten room.

    The database refuses two uses of one room at one time (``room_use_one_at_a_time``), and two stays living in
    one room (``room_use_one_in_house``).
    """

    class State(models.TextChoices):
        """Where the use stands; only the first two keep others out."""

        EXPECTED = "expected", _("expected")
        IN_HOUSE = "in_house", _("in house")
        ENDED = "ended", _("ended")
        UNDONE = "undone", _("undone")

    class MovedFor(models.TextChoices):
        """Why a party left its room for this one."""

        DEFECT = "defect", _("Something in the room is out of order")
        NOISE = "noise", _("Noise or smell")
        GUEST_WISH = "guest_wish", _("The guest wishes another room")
        UPGRADE = "upgrade", _("A better room is given")
        ROOM_NEEDED = "room_needed", _("The house needs the room")

    stay = models.ForeignKey("stays.Stay", on_delete=models.PROTECT, related_name="room_uses")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="uses")
    during = DateTimeRangeField()
    state = models.CharField(max_length=12, choices=State.choices)
    moved_for = models.CharField(max_length=12, choices=MovedFor.choices, blank=True, default="", db_default="")

    objects = RoomUseQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=["expected", "in_house", "ended", "undone"]), name="room_use_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(moved_for__in=["", "defect", "noise", "guest_wish", "upgrade", "room_needed"]),
                name="room_use_moved_for_known",
            ),
            models.UniqueConstraint(
                fields=["room"], condition=models.Q(state="in_house"), name="room_use_one_in_house"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stay_id}:{self.room_id}"


auditlog.register(Room, include_fields=["property", "number", "floor", "type", "capacity", "state"])
