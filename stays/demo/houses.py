"""The hotels, rooms and staff of the demonstration."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.contrib.auth.hashers import make_password

from staff import second_factor
from staff.models import Person, Post, Property
from staff.roles import ADMINISTRATOR, FINANCE, FRONT_DESK, MANAGER, PRIVACY_OFFICER, SECOND_APPROVER
from staff.services import found_property
from stays.models import Room

# Told to everybody: the demonstration's sign-in. Settings refuse DEMO under a public name.
PASSWORD: Final = "welcome to the desk"  # noqa: S105
TOTP_SECRET: Final = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105


@dataclass(frozen=True, slots=True)
class House:
    """One hotel: its names, floors, and rooms on each."""

    code: str
    name_en: str
    name_zh: str
    floors: int
    rooms_per_floor: int


HOUSES: Final = (
    House("harbour", "Harbour Hotel", "海港酒店", 5, 12),
    House("lake", "Lakeside Hotel", "湖畔酒店", 4, 9),
    House("station", "Station Hotel", "站前酒店", 3, 8),
)
CAST: Final = (
    ("desk", FRONT_DESK, ("林晚", "Lin Wan"), ("周桐", "Zhou Tong"), ("许澄", "Xu Cheng")),
    ("desk2", FRONT_DESK, ("何朗", "He Lang"), ("苏禾", "Su He"), ("江屿", "Jiang Yu")),
    ("finance", FINANCE, ("沈墨", "Shen Mo"), ("陆简", "Lu Jian"), ("叶知秋", "Ye Zhiqiu")),
    ("officer", PRIVACY_OFFICER, ("宋怀安", "Song Huaian"), ("梁以宁", "Liang Yining"), ("韩静之", "Han Jingzhi")),
    ("approver", SECOND_APPROVER, ("程默", "Cheng Mo"), ("顾言", "Gu Yan"), ("唐律", "Tang Lü")),
    ("manager", MANAGER, ("魏崇", "Wei Chong"), ("蒋望", "Jiang Wang"), ("丁岚", "Ding Lan")),
)
IN_ENGLISH: Final = ("harbour-desk2", "harbour-officer", "harbour-manager", "admin")
_TYPES: Final = (
    (Room.Type.KING, 2), (Room.Type.TWIN, 2), (Room.Type.KING, 2), (Room.Type.TWIN, 2), (Room.Type.SINGLE, 1),
    (Room.Type.KING, 2), (Room.Type.FAMILY, 4), (Room.Type.TWIN, 2), (Room.Type.SUITE, 3), (Room.Type.KING, 2),
    (Room.Type.TWIN, 2), (Room.Type.SINGLE, 1),
)  # fmt: skip


def found_houses() -> list[Property]:
    """The three hotels with a post for every role."""
    return [
        found_property(
            code=house.code,
            name_en=house.name_en,
            name_zh=house.name_zh,
            group_name="Harbour & Lake",
            time_zone="Asia/Shanghai",
            jurisdiction="CN",
        )
        for house in HOUSES
    ]


def furnish(properties: list[Property]) -> list[Room]:
    """Rooms numbered by floor, such as 0308; a few of them dirty or out of order."""
    return Room.objects.bulk_create(
        Room(
            property=properties[place],
            number=f"{floor:02d}{number:02d}",
            floor=floor,
            type=_TYPES[number - 1][0],
            capacity=_TYPES[number - 1][1],
            state=_state(floor * house.rooms_per_floor + number),
        )
        for place, house in enumerate(HOUSES)
        for floor in range(1, house.floors + 1)
        for number in range(1, house.rooms_per_floor + 1)
    )


def hire(properties: list[Property], at: datetime) -> dict[str, Person]:
    """The cast, each with the password, the authenticator secret and recovery codes; by staff number."""
    password = make_password(PASSWORD)
    people: dict[str, Person] = {}
    for place, house in enumerate(properties):
        for post, role, *person_names in CAST:
            number = f"{house.code}-{post}"
            people[number] = _hired(number, *person_names[place], house, [(house, role)], password, at)
    posts = [(house, ADMINISTRATOR) for house in properties]
    people["admin"] = _hired("admin", "方正", "Fang Zheng", properties[0], posts, password, at)
    return people


def _hired(
    number: str,
    name: str,
    latin_name: str,
    kept_at: Property,
    posts: list[tuple[Property, str]],
    password: str,
    at: datetime,
) -> Person:
    person: Person = Person.objects.create(
        staff_number=number,
        name=name,
        latin_name=latin_name,
        password=password,
        language="en" if number in IN_ENGLISH else "zh-hans",
        kept_at=kept_at,
    )
    for house, role in posts:
        person.groups.add(Post.objects.get(property=house, role=role).group_id)
    second_factor.add_totp(person, TOTP_SECRET, at)
    second_factor.make_recovery_codes(person)
    return person


def _state(number: int) -> str:
    if number % 41 == 0:
        return Room.State.OUT_OF_ORDER
    return Room.State.DIRTY if number % 13 == 0 else Room.State.CLEAN
