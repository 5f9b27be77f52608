"""The roll call (M08): everybody in house now, nobody else, one row of the log; quick also with a full house."""

import time
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from psycopg2.extras import DateTimeTZRange

from staff.models import Person, Property
from staff.permissions import NotAllowed, who
from stays import services
from stays.models import Occupant, Room, RoomUse, Stay
from stays.tests.desk_visits import at_desk
from stays.tests.factories import (
    AT,
    TODAY,
    RoomFactory,
    as_row,
    checked_in,
    companion,
    expected,
    guest,
    lead,
    make_person,
    resident_id,
    row,
    subjects_of,
)
from vault import services as vault

pytestmark = pytest.mark.django_db


def called(clerk: Person, house: Property) -> list[tuple[int | None, list[tuple[str, str]]]]:
    """Floors with the rooms and names on them."""
    roll = services.call_roll(actor=clerk, property=house, at=AT)
    return [(floor.number, [(one.room, one.name.plain) for one in floor.people]) for floor in roll.floors]


def fill(house: Property, count: int) -> None:
    """So many people in house, ten rooms a floor, sealed as at check-in."""
    subjects = vault.new_subjects(count)
    vault.seal_many([vault.Sealing(subject, "name", {"name": f"客人{n}"}) for n, subject in enumerate(subjects)])
    rooms = Room.objects.bulk_create(
        Room(property=house, number=f"{n // 10 + 1}{n % 10:02d}", floor=n // 10 + 1, type="king") for n in range(count)
    )
    facts = {"property": house, "status": "in_house", "origin": "direct", "arrival_on": TODAY, "departure_on": TODAY}
    stays = Stay.objects.bulk_create(Stay(reference=f"F-{n:06d}", arrived_at=AT, **facts) for n in range(count))
    pairs = list(zip(stays, subjects, strict=True))
    Occupant.objects.bulk_create(Occupant(stay=s, subject_id=g, role="lead", came_at=AT) for s, g in pairs)
    during = DateTimeTZRange(AT, AT + timedelta(days=1))
    uses = zip(stays, rooms, strict=True)
    RoomUse.objects.bulk_create(RoomUse(stay=s, room=r, during=during, state="in_house") for s, r in uses)


def dates(house: Property) -> dict[str, date]:
    """Of a stay that began today."""
    today = house.today(timezone.now())
    return {"arrival_on": today, "departure_on": today + timedelta(days=1)}


def test_everybody_in_house_stands_on_it_by_floor(clerk: Person, house: Property) -> None:
    eighth = RoomFactory(property=house, number="0801", floor=8)
    second = RoomFactory(property=house, number="0201", floor=2)
    checked_in(clerk, eighth, lead(1), companion(2))
    checked_in(clerk, second, lead(3, guest=guest("仇采薇")), confidential=True)
    expected(clerk, house)
    assert called(clerk, house) == [
        (2, [("0201", "仇采薇")]),
        (8, [("0801", "欧阳海棠"), ("0801", "单雨桐")]),
    ]


def test_a_restricted_guest_is_not_left_out(clerk: Person, house: Property, room: Room) -> None:
    stay = checked_in(clerk, room)
    later = datetime(2030, 1, 1, tzinfo=UTC)
    Stay.objects.filter(pk=stay.pk).update(restricted_until=later)
    with transaction.atomic():
        names = list(vault.ids_of(subjects_of(stay), ["name"]))
        vault.restrict_envelopes(names, until=later, who=who(clerk, house))
    assert called(clerk, house) == [(1, [(room.number, "欧阳海棠")])]


def test_a_visitor_stands_at_the_room_they_came_to_until_they_leave(clerk: Person, house: Property, room: Room) -> None:
    stay = checked_in(clerk, room)
    papers = {"document_type": "resident_id", "document_number": resident_id(40)}
    visitor = services.register_visitor(actor=clerk, stay=stay, name="司徒雷", **papers, at=AT)
    assert called(clerk, house) == [(1, [(room.number, "欧阳海棠"), (room.number, "司徒雷")])]
    assert set(row("roll_call.viewed")["subjects"]) == {*subjects_of(stay), visitor.subject_id}
    services.see_visitor_off(actor=clerk, visitor=visitor, at=AT)
    assert called(clerk, house) == [(1, [(room.number, "欧阳海棠")])]


def test_who_left_and_who_is_elsewhere_is_not_on_it(clerk: Person, stranger: Person, house: Property) -> None:
    gone = checked_in(clerk, RoomFactory(property=house))
    services.check_out_guest(actor=clerk, stay=gone, at=AT)
    checked_in(stranger, RoomFactory(property=stranger.kept_at), lead(5))
    assert called(clerk, house) == []


def test_the_call_is_one_exact_row(clerk: Person, house: Property, room: Room) -> None:
    stay = checked_in(clerk, room, lead(), companion(), confidential=True)
    services.call_roll(actor=clerk, property=house, at=AT)
    seen = row("roll_call.viewed")
    assert seen | {"subjects": set(seen["subjects"])} == as_row(
        clerk,
        house,
        purpose="safety",
        object_type="list",
        object_ref="roll_call",
        subjects=set(subjects_of(stay)),
        fields=["name"],
        explained_by="E9",
        detail={"count": 2},
    )


@pytest.mark.parametrize("role", ["finance", "privacy_officer", "second_approver", "manager", "administrator"])
def test_the_roll_is_called_at_the_desk_only(house: Property, stranger: Person, role: str) -> None:
    for person in (make_person(house, role), stranger):
        with pytest.raises(NotAllowed):
            services.call_roll(actor=person, property=house, at=AT)


def test_five_hundred_stand_on_it_within_two_seconds(
    client: Client, clerk: Person, house: Property, django_assert_max_num_queries
) -> None:
    fill(house, 500)
    at_desk(client, clerk, house).get("/desk/")
    began = time.monotonic()
    with django_assert_max_num_queries(20):
        page = client.get("/roll-call/")
    took = time.monotonic() - began
    assert (page.status_code, len(page.context["roll"].people), len(page.context["roll"].floors)) == (200, 500, 50)
    assert page.content.decode().count("客人") == 500
    assert took < 2


def test_the_page_says_it_in_both_languages(client: Client, clerk: Person, house: Property, room: Room) -> None:
    checked_in(clerk, room, confidential=True, at=timezone.now(), **dates(house))
    at_desk(client, clerk, house)
    texts = []
    for language in ("en", "zh-hans"):
        clerk.language = language
        clerk.save(update_fields=["language"])
        texts.append(client.get("/roll-call/").content.decode())
    assert ["Roll call" in texts[0], all("欧阳海棠" in text for text in texts)] == [True, True]


def test_nobody_in_house_is_said(client: Client, clerk: Person, house: Property) -> None:
    page = at_desk(client, clerk, house).get("/roll-call/")
    assert "Nobody is in house" in page.content.decode()
