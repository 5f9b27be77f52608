"""kill -9 of any process at work: after a restart nothing is lost, nothing is half done, and the desk works on."""

import http
import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date

import pytest
import redis
from django.db import connection, connections, transaction
from django.urls import reverse
from django.utils import timezone

from audit.models import Event, KeeperBeat
from hotelrecords.embedded import environment, roles
from hotelrecords.embedded.postgres import Cluster
from hotelrecords.embedded.testing import TestBed
from hotelrecords.tests import world as worlds
from hotelrecords.tests.desk_letter import Sender, walk_in
from hotelrecords.tests.journeys import guests
from hotelrecords.tests.journeys.house import House, with_own_sockets
from hotelrecords.tests.world import World
from privacy.models import Request
from privacy.services import take_in_request
from stays.models import Room, Stay
from vault import lock
from vault import services as vault
from vault.categories import Category

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("killing")]
DATABASE = "doomed"
CLERKS, ROOMS_EACH = 3, 25
ALIVE_AFTER_SECONDS = 60
BREATH_SECONDS = 0.3
# A worker tries to reach its broker again at most half a minute later, beat rings each minute.
CAUGHT_UP_SECONDS = 180


@pytest.fixture(scope="module")
def house(test_bed: TestBed, django_db_setup: None) -> Iterator[House]:
    """The product on a PostgreSQL of its own that writes as safely as a real one."""
    place = test_bed.cluster.place
    shutil.rmtree(place.home / DATABASE, ignore_errors=True)
    place = replace(with_own_sockets(place), home=place.account.claim(place.home / DATABASE))
    cluster = Cluster(place, {"max_connections": "60"})
    cluster.start()
    copy = test_bed.fresh_copy()
    running = House(cluster, test_bed.values, DATABASE, test_bed.local / DATABASE)
    try:
        furnish(cluster, test_bed, copy)
        running.manage("collectstatic", "--skip-checks", "--noinput", "-v0")
        running.open()
        yield running
    finally:
        test_bed.drop(copy)
        running.close()
        cluster.stop()
        for folder in (place.home, place.runtime, running.local):
            shutil.rmtree(folder, ignore_errors=True)


def furnish(cluster: Cluster, bed: TestBed, copy: str) -> None:
    """The roles, and the migrated database as the template has it.

    Its log begins here: a row of the template bears a transaction of another cluster, and would wait for its seal.
    """
    roles.ensure_roles(cluster, environment.passwords(bed.values))
    roles.ensure_database(cluster, DATABASE)
    cluster.load(DATABASE, bed.cluster.dump(copy, without_rows_of=["audit_event*"]))
    with cluster.superuser(DATABASE) as session, session.cursor() as cursor:
        cursor.execute(f"REVOKE TEMPORARY ON DATABASE {DATABASE} FROM PUBLIC")  # is in no dump
        cursor.execute(lock.COME_HOME)  # a dump that was loaded is a restore


@pytest.fixture(scope="module")
def settled(house: House, django_db_blocker: object) -> Iterator[World]:
    """Two hotels in the doomed database, to which Django in this process is connected too."""
    default = connections["default"]
    usual = dict(default.settings_dict)
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        default.close()
        default.settings_dict.update(NAME=DATABASE, HOST=str(house.cluster.place.runtime))
        try:
            yield worlds.build()
        finally:
            default.close()
            default.settings_dict.update(usual)


def clerks_at_work(house: House, world: World, floor: int) -> tuple[list[threading.Thread], list[Sender]]:
    """Several clerks who check in guest after guest, each into rooms of their own."""
    people, today = world.people["front_desk"], world.here.today(timezone.now())
    threads, senders = [], []
    for clerk in range(CLERKS):
        rooms = [worlds.add_room(world.here, f"{floor}{clerk}{number:02d}") for number in range(ROOMS_EACH)]
        sender = Sender(house.url, worlds.on_duty(people, world.here).session.session_key or "")
        forms = [(number_for(room), walk_in(number_for(room), room.pk, today)) for room in rooms]
        threads.append(threading.Thread(target=work, args=(sender, forms)))
        senders.append(sender)
    return threads, senders


def number_for(room: Room) -> str:
    """The document of the guest who takes this room."""
    return guests.resident_number(date(1960 + room.pk // 999 % 30, 1, 1), room.pk % 999)


def work(sender: Sender, forms: list[tuple[str, dict[str, str]]]) -> None:
    """One form after another; who is refused or hears nothing takes a breath."""
    for number, fields in forms:
        if sender.send(reverse("walk_in"), fields, number) != http.HTTPStatus.FOUND:
            time.sleep(BREATH_SECONDS)


def wait_for_answers(senders: list[Sender], count: int) -> None:
    """Until so many forms were answered."""
    deadline = time.monotonic() + ALIVE_AFTER_SECONDS
    while sum(len(sender.answers) for sender in senders) < count and time.monotonic() < deadline:
        time.sleep(0.01)


def kill(house: House, victim: str) -> None:
    """As a power cut would."""
    if victim in house.running:
        house.kill(victim)
    elif victim == "broker":
        bell = redis.Redis(unix_socket_path=str(house.broker.socket))
        os.kill(int(bell.info()["process_id"]), signal.SIGKILL)
    else:
        os.kill(int((house.cluster.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)


def restart(house: House, victim: str) -> None:
    """What honcho, systemd or a person does."""
    connection.close()
    if victim == "postgres":
        house.cluster.start()
    elif victim == "broker":
        house.broker.start()
    else:
        house.start(victim)
    house.wait_until_ready()


def stay_of(number: str) -> Stay | None:
    """The stay of the guest with this document; fails when there are two."""
    with transaction.atomic():
        subject = vault.subject_by_document("resident_id", number)
    return Stay.objects.filter(occupants__subject=subject).get() if subject else None


def missing_of(stay: Stay) -> list[str]:
    """What a check-in should have left behind and did not."""
    occupant = stay.occupants.get()
    ids = vault.envelopes_of([occupant.subject_id], list(Category))
    with transaction.atomic():
        opened = vault.open_for_deed(list(ids.values()))
    facts = {
        "in house": stay.status == "in_house",
        "one room": [use.state for use in stay.room_uses.all()] == ["in_house"],
        "name, contact, register, payment": len(opened) == len(ids) == 4,
        "register tied": occupant.register_envelope_id in opened,
        "report": occupant.registrations.count() == 1,
        "row": Event.objects.about("stay", stay.reference).filter(action="guest.checked_in").count() == 1,
    }
    return [name for name, is_so in facts.items() if not is_so]


@pytest.mark.parametrize("victim", ["web", "postgres", "worker", "beat", "keeper", "broker"])
def test_a_killed_process_leaves_nothing_half_done(house: House, settled: World, victim: str) -> None:
    floor = 20 + ["web", "postgres", "worker", "beat", "keeper", "broker"].index(victim)
    threads, senders = clerks_at_work(house, settled, floor)
    connection.close()
    for thread in threads:
        thread.start()
    wait_for_answers(senders, 2 * CLERKS)
    kill(house, victim)
    time.sleep(BREATH_SECONDS)
    restart(house, victim)
    for thread in threads:
        thread.join(ALIVE_AFTER_SECONDS)
    judge(senders, is_survived=victim not in ("web", "postgres"))


def judge(senders: list[Sender], *, is_survived: bool) -> None:
    """Whoever was answered is in house; whoever is in house is so completely; nobody is twice."""
    answers = {number: status for sender in senders for number, status in sender.answers.items()}
    assert len(answers) == CLERKS * ROOMS_EACH
    assert set(answers.values()) <= ({302} if is_survived else {302, 502, 503, 500, None})
    stays = {number: stay_of(number) for number in answers}
    assert [number for number, status in answers.items() if status == 302 and stays[number] is None] == []
    incomplete = {stay.reference: missing for stay in stays.values() if stay and (missing := missing_of(stay))}
    assert incomplete == {}
    arrived = Stay.objects.filter(arrived_at__isnull=False).values_list("reference", flat=True)
    recorded = Event.objects.filter(action="guest.checked_in", outcome="ok").values_list("object_ref", flat=True)
    assert sorted(arrived) == sorted(recorded)
    assert len([number for number, status in answers.items() if status == 302]) > 2 * CLERKS


def test_the_keeper_goes_on_after_being_killed(house: House, settled: World) -> None:
    before = KeeperBeat.objects.get().at
    kill(house, "keeper")
    restart(house, "keeper")
    deadline = time.monotonic() + ALIVE_AFTER_SECONDS
    while KeeperBeat.objects.get().at <= before and time.monotonic() < deadline:
        time.sleep(0.5)
    assert KeeperBeat.objects.get().at > before
    assert KeeperBeat.objects.get().breaches == 0


def test_the_desk_works_without_its_bell(house: House, settled: World) -> None:
    kill(house, "broker")
    try:
        room = worlds.add_room(settled.here, "9901")
        number, today = number_for(room), settled.here.today(timezone.now())
        sender = Sender(house.url, settled.sessions["front_desk"])
        assert sender.send(reverse("walk_in"), walk_in(number, room.pk, today), number) == 302
        assert house.is_ready()
    finally:
        with suppress(OSError):
            house.broker.start()
    assert Room.objects.get(pk=room.pk).uses.get().state == "in_house"


@pytest.mark.parametrize("seconds", [40, 600])
def test_what_waited_while_the_broker_was_away_is_done_once_it_is_back(
    house: House, settled: World, seconds: int
) -> None:
    clerk, today = settled.people["front_desk"], settled.here.today(timezone.now())
    rooms = [worlds.add_room(settled.here, f"97{seconds:03d}{number}") for number in range(4)]
    sender = Sender(house.url, worlds.on_duty(clerk, settled.here).session.session_key or "")
    kill(house, "broker")
    try:
        asked = take_in_request(
            actor=clerk, property=settled.here, kind="deletion", channel="desk", language="en", name="韩梅梅",
            phone="+8613700009876", at=timezone.now(),
        ).request  # fmt: skip
        for room in rooms:
            number = number_for(room)
            assert sender.send(reverse("walk_in"), walk_in(number, room.pk, today), number) == http.HTTPStatus.FOUND
            time.sleep(seconds / len(rooms))
        asked.refresh_from_db()
        assert (house.is_ready(), asked.acknowledged_at) == (True, None)
    finally:
        house.broker.start()
    deadline = time.monotonic() + CAUGHT_UP_SECONDS
    while not Request.objects.filter(pk=asked.pk, acknowledged_at__isnull=False).exists():
        assert time.monotonic() < deadline
        time.sleep(0.5)
    assert asked.letters.filter(kind="acknowledge").count() == 1
    assert [missing for room in rooms if (missing := missing_of(Stay.objects.get(room_uses__room=room)))] == []
