"""Two desks, one room, at the same moment: exactly one wins, by the database; and one document stays one guest."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection, transaction

from stays import refusals, services
from stays.models import RoomUse, Stay
from stays.services import holding, rooms
from stays.tests.factories import (
    AT,
    RoomFactory,
    arrival,
    checked_in,
    expected,
    lead,
    make_person,
    make_property,
)
from vault.models import Envelope, Subject


def at_once(*deeds):
    """Do all deeds at the same moment, each on a connection of its own; answers or refusals, in order."""
    together = Barrier(len(deeds))

    def alone(deed):
        try:
            connection.ensure_connection()
            together.wait(timeout=20)
            return deed()
        except Exception as refusal:  # the answer of the one who lost
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as desks:
        return list(desks.map(alone, deeds))


def walk_in(person, room, party):
    return lambda: services.check_in_guest(
        actor=person, property=room.property, stay=None, arrival=arrival(room, party), at=AT
    )


def test_one_of_two_walk_ins_gets_the_room(own_database):
    house = make_property()
    room, free = RoomFactory.create_batch(2, property=house)
    deeds = [walk_in(make_person(house, "front_desk"), room, lead(number)) for number in (1, 2)]
    answers = at_once(*deeds)
    assert sorted(type(answer).__name__ for answer in answers) == ["RoomTaken", "Stay"]
    lost = next(answer for answer in answers if isinstance(answer, refusals.RoomTaken))
    assert lost.free_rooms == (free,)
    assert (Stay.objects.count(), RoomUse.objects.count(), Envelope.objects.filter(category="register").count()) == (
        1, 1, 1,
    )  # fmt: skip


def test_one_of_many_expected_stays_gets_the_room(own_database):
    house = make_property()
    room = RoomFactory(property=house)
    people = [make_person(house, "front_desk") for _number in range(6)]
    answers = at_once(*(lambda person=person: expected(person, house, room=room) for person in people))
    assert sorted(type(answer).__name__ for answer in answers) == ["RoomTaken"] * 5 + ["Stay"]
    assert RoomUse.objects.count() == 1


def test_one_expected_stay_is_checked_in_once(own_database):
    house = make_property()
    first, second = RoomFactory.create_batch(2, property=house)
    stay = expected(make_person(house, "front_desk"), house)
    deeds = [
        lambda room=room: services.check_in_guest(
            actor=make_person(house, "front_desk"), property=house, stay=stay, arrival=arrival(room), at=AT
        )
        for room in (first, second)
    ]
    assert sorted(type(answer).__name__ for answer in at_once(*deeds)) == ["Stay", "WrongState"]
    assert RoomUse.objects.filter(state="in_house").count() == 1


def test_one_document_at_two_desks_is_one_guest(own_database):
    house = make_property()
    rooms = RoomFactory.create_batch(4, property=house)
    deeds = [walk_in(make_person(house, "front_desk"), room, lead()) for room in rooms]
    assert [type(answer).__name__ for answer in at_once(*deeds)] == ["Stay"] * 4
    assert (Subject.objects.filter(kind="guest").count(), Envelope.objects.filter(category="name").count()) == (1, 1)


def test_many_desks_of_one_house_count_without_locking_up(own_database):
    house = make_property()
    rooms = RoomFactory.create_batch(10, property=house)
    deeds = [walk_in(make_person(house, "front_desk"), room, lead(number)) for number, room in enumerate(rooms)]
    assert [type(answer).__name__ for answer in at_once(*deeds)] == ["Stay"] * 10


def somebody_waits():
    """Until another session of this database waits for a lock."""
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    for _second in range(200):
        with connection.cursor() as cursor:
            cursor.execute(asked)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits")


def test_who_leaves_and_who_wants_the_room_never_lock_up(own_database):
    house = make_property()
    room, other = RoomFactory.create_batch(2, property=house)
    clerk = make_person(house, "front_desk")
    leaving, coming = checked_in(clerk, room, lead(1)), checked_in(clerk, other, lead(2))

    def want():
        with transaction.atomic():
            rooms.lock_room(room)
            somebody_waits()
            during = holding.time_from(house, AT, coming.departure_on)
            return holding.hold_room(stay=coming, room=room, during=during, state="in_house")

    answers = at_once(want, lambda: services.check_out_guest(actor=clerk, stay=leaving, at=AT))
    assert [type(answer).__name__ for answer in answers] == ["RoomTaken", "Stay"]


def test_two_parties_that_change_rooms_never_lock_up(own_database):
    house = make_property()
    one, two = RoomFactory.create_batch(2, property=house)
    clerk = make_person(house, "front_desk")
    pairs = [(checked_in(clerk, one, lead(1)), two), (checked_in(clerk, two, lead(2)), one)]
    deeds = [
        lambda stay=stay, room=room: services.move_stay(
            actor=clerk, stay=stay, room=room, moved_for="noise", override="cleaned_just_now", at=AT
        )
        for stay, room in pairs
    ]
    assert [type(answer).__name__ for answer in at_once(*deeds)] == ["RoomTaken"] * 2
