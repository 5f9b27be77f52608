"""Houses, rooms and the people of the measurements, made through the product's own services."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib.auth.models import Group
from django.db import transaction

from benchmarks.houses import HOUSES, ROOMS
from staff import second_factor
from staff.models import Person, Property
from staff.roles import ADMINISTRATOR, FRONT_DESK, group_name
from staff.services.properties import found_property
from stays.checklist import write_checklist
from stays.models import Notice, Room

CLERK = "bench-clerk"
RUSH_CLERKS = 100
FIFTY, ONE, RUSH = "fifty", "one", "rush"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105
TYPES = (("single", 1), ("king", 2), ("twin", 2), ("family", 4), ("suite", 4))


@dataclass(frozen=True, slots=True)
class Desk:
    """Ids: of the twenty houses, of all their rooms in order, of the notice guests were shown."""

    houses: tuple[int, ...]
    rooms: tuple[int, ...]
    notice: int


@transaction.atomic
def open_houses() -> Desk:
    """Twenty houses with rooms, three houses to measure in, and clerks for them."""
    houses = [_found(f"house-{number:02d}", ROOMS) for number in range(HOUSES)]
    measured = [_found(FIFTY, 120), _found(ONE, 20), _found(RUSH, 400)]
    _clerks(houses, measured)
    write_checklist()
    rooms = Room.objects.filter(property__in=houses).order_by("property_id", "pk").values_list("pk", flat=True)
    notice = Notice.objects.newest() or Notice.objects.create(
        version=1, published_at=datetime.now(UTC), text_en="## Notice", text_zh="## 告知"
    )
    return Desk(tuple(house.pk for house in houses), tuple(rooms), notice.pk)


def _found(code: str, rooms: int) -> Property:
    house = found_property(code=code, name_en=code.title(), name_zh=f"{code} 酒店", group_name="Bench")
    Room.objects.bulk_create(_room(house, place) for place in range(rooms))
    return house


def _room(house: Property, place: int) -> Room:
    floor, number = place // 40 + 1, place % 40 + 1
    kind, capacity = TYPES[place % len(TYPES)]
    return Room(property=house, number=f"{floor:02d}{number:02d}", floor=floor, type=kind, capacity=capacity)


def _clerks(houses: list[Property], measured: list[Property]) -> None:
    everywhere = [*houses, *measured]
    hire(CLERK, everywhere, FRONT_DESK)
    hire("bench-admin", everywhere, ADMINISTRATOR)
    for number in range(RUSH_CLERKS):
        hire(f"rush-{number:03d}", measured, FRONT_DESK)


def hire(staff_number: str, houses: list[Property], role: str) -> None:
    """A person with a second factor who has this role at all of these houses."""
    person = Person.objects.create_user(staff_number, name=staff_number, language="zh-hans")
    second_factor.add_totp(person, SECRET, datetime.now(UTC))
    person.groups.add(*Group.objects.filter(name__in=[group_name(house.code, role) for house in houses]))
