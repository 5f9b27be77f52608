"""Which rooms a check-in is offered, before and after somebody else was quicker."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from staff.models import Person, Property
from stays.models import Room, Stay
from stays.services.rooms import lock_room
from stays.tests.desk_visits import at_desk, current_notice, in_house, reasons, today, walk_in_form
from stays.tests.factories import RoomFactory, checked_in, expected, lead, make_person, make_property

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def offered(response: HttpResponse) -> list[str]:
    """The numbers of the rooms in the page's list, those of all groups in order."""
    choices = response.context["arrival"].room.fields["room"].choices
    return [label.split(" ·")[0] for _heading, rooms in choices for _key, label in rooms]


def due_in(clerk: Person, room: Room) -> Stay:
    """A stay due today, the room held for it."""
    day = today(room.property)
    facts = {"arrival_on": day, "departure_on": day + timedelta(days=2)}
    return expected(clerk, room.property, room=room, at=timezone.now(), **facts)


def overstaying(clerk: Person, room: Room) -> Stay:
    """A stay that should have left the room yesterday."""
    came = timezone.now() - timedelta(days=2)
    day = room.property.today(came)
    return checked_in(clerk, room, lead(5), at=came, arrival_on=day, departure_on=day + timedelta(days=1))


@contextmanager
def taken_meanwhile(room: Room, clerk: Person) -> Iterator[None]:
    """Whoever wants the room inside waits for it, until somebody else has checked in there."""

    def take() -> None:
        with transaction.atomic():
            lock_room(room)
            locked.append(True)
            while not _somebody_waits():
                time.sleep(0.02)
            in_house(clerk, room, lead(5))
        connection.close()

    locked: list[bool] = []
    with ThreadPoolExecutor(1) as other_desk:
        taking = other_desk.submit(take)
        while not locked:
            time.sleep(0.02)
        yield
    taking.result()


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return bool(cursor.fetchone()[0])


def test_a_room_taken_meanwhile_is_offered_no_more(own_database: str, client: Client) -> None:
    house = make_property()
    clerk, colleague = (make_person(house, "front_desk") for _desk in range(2))
    room, free = RoomFactory.create_batch(2, property=house)
    current_notice()
    at_desk(client, clerk, house)
    with taken_meanwhile(room, colleague):
        refused = client.post("/stays/walk-in/", walk_in_form(room))
    assert reasons(refused) == [f"Room {room.number} has just been taken. Still free: {free.number}."]
    arrival = refused.context["arrival"]
    assert (offered(refused), arrival.occupants.forms[0]["name"].value()) == ([free.number], "欧阳海棠")


@pytest.mark.django_db
def test_a_room_refused_as_dirty_or_small_is_offered_still_and_stays_chosen(
    client: Client, clerk: Person, house: Property
) -> None:
    current_notice()
    clean, room = RoomFactory(property=house), RoomFactory(property=house, state="dirty")
    refused = at_desk(client, clerk, house).post("/stays/walk-in/", walk_in_form(room))
    assert offered(refused) == [clean.number, room.number]
    assert refused.context["arrival"].room["room"].value() == str(room.pk)


@pytest.mark.django_db
@pytest.mark.parametrize("trouble", ["lived_in", "out_of_order"])
def test_a_room_held_that_cannot_be_had_is_not_offered(client: Client, clerk: Person, room: Room, trouble: str) -> None:
    current_notice()
    free = RoomFactory(property=room.property)
    if trouble == "lived_in":
        overstaying(clerk, room)
    stay = due_in(clerk, room)
    if trouble == "out_of_order":
        Room.objects.filter(pk=room.pk).update(state=trouble)
    page = f"/stays/{stay.reference}/check-in/"
    shown = at_desk(client, clerk, room.property).get(page)
    refused = client.post(page, walk_in_form(room, about=stay.reference))
    assert (offered(shown), offered(refused)) == ([free.number], [free.number])
    assert reasons(refused) == ["This room is not free now: choose another."]
