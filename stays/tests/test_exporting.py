"""A list as a file: for a purpose given, formula-safe, twice in the log."""

import csv
import hashlib
import io
from datetime import timedelta

import pytest
from django.test import Client

from audit.models import Event
from audit.services import Why
from staff.models import Person, Property
from staff.permissions import NotAllowed
from stays.models import Room, Stay
from stays.refusals import PurposeRefused
from stays.services.looking_up.exporting import ListFile, export_list
from stays.tests.desk_visits import at_desk, in_house
from stays.tests.factories import (
    AT,
    RoomFactory,
    as_row,
    checked_in,
    expected,
    guest,
    lead,
    make_person,
    row,
    subjects_of,
)

pytestmark = pytest.mark.django_db

WHY = Why(purpose="guest_service")


def exported(clerk: Person, house: Property, which: str = "in_house") -> ListFile:
    """The list as a file."""
    return export_list(actor=clerk, property=house, which=which, why=WHY, at=AT)


def cells(file: ListFile) -> list[dict[str, str]]:
    """Its rows."""
    return list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))


def test_the_file_holds_the_list_and_no_more(clerk: Person, house: Property, room: Room) -> None:
    stay = checked_in(clerk, room)
    expected(clerk, house)
    assert cells(exported(clerk, house)) == [
        {
            "stay": stay.reference,
            "room": room.number,
            "guest": "欧阳海棠",
            "arrival": "2026-05-12",
            "departure": "2026-05-14",
            "people": "1",
            "status": "in_house",
            "origin": "walk_in",
        }
    ]


def test_an_export_is_two_exact_rows(clerk: Person, house: Property, room: Room) -> None:
    stay = checked_in(clerk, room)
    file = exported(clerk, house)
    about = {"purpose": "guest_service", "object_type": "list", "object_ref": "in_house"}
    assert row("list.opened") == as_row(
        clerk, house, subjects=subjects_of(stay), fields=["name"], detail={"count": 1}, **about
    )
    digest = hashlib.sha256(file.content).hexdigest()
    assert row("list.exported") == as_row(clerk, house, detail={"count": 1, "sha256": digest}, **about)


def test_no_cell_is_a_formula(clerk: Person, house: Property, room: Room) -> None:
    checked_in(clerk, room, lead(guest=guest("＝CMD")))
    assert cells(exported(clerk, house))[0]["guest"] == "'＝CMD"


def test_restricted_guests_are_not_in_it_and_confidential_ones_nameless(clerk: Person, house: Property) -> None:
    restricted = checked_in(clerk, RoomFactory(property=house), lead(1))
    checked_in(clerk, RoomFactory(property=house), lead(2, guest=guest("仇采薇")), confidential=True)
    Stay.objects.filter(pk=restricted.pk).update(restricted_until=AT + timedelta(days=3650))
    file = exported(clerk, house)
    assert (file.count, "欧阳海棠" in file.content.decode(), "仇采薇" in file.content.decode()) == (1, False, False)


def test_it_is_for_the_desk_and_for_a_purpose(clerk: Person, house: Property, stranger: Person) -> None:
    for person in (stranger, make_person(house, "finance"), make_person(house, "manager")):
        with pytest.raises(NotAllowed):
            exported(person, house)
    with pytest.raises(PurposeRefused):
        export_list(actor=clerk, property=house, which="arrivals", why=Why(), at=AT)


def test_the_page_asks_what_for_after_a_fresh_proof(client: Client, clerk: Person, house: Property, room: Room) -> None:
    in_house(clerk, room)
    at_desk(client, clerk, house, is_fresh=False)
    assert client.post("/desk/export/in_house/", {"purpose": "guest_service"}).status_code == 302
    at_desk(client, clerk, house)
    assert list(client.post("/desk/export/in_house/", {"purpose": ""}).context["form"].errors) == ["purpose"]
    file = client.post("/desk/export/in_house/", {"purpose": "guest_service"})
    assert (file["Content-Type"], "欧阳海棠" in file.content.decode()) == ("text/csv; charset=utf-8", True)
    assert client.get("/desk/export/past/").status_code == 404
    assert Event.objects.filter(action="list.exported").count() == 1
