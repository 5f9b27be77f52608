"""Many clerks of one house at once check in, move, extend and check out: no room twice, no error, no row missing."""

import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from threading import BoundedSemaphore, Lock

import pytest
from django.db import connection
from django.test import Client

from audit.models import Event
from staff.models import Property
from stays.models import Room, RoomUse, Stay
from stays.tests.desk_visits import at_desk, current_notice, today, walk_in_form
from stays.tests.factories import RoomFactory, make_person, make_property, resident_id

DONE_BY = {
    "check_in": {"guest.checked_in"},
    "move": {"stay.moved"},
    "extend": {"stay.extended", "stay.shortened"},
    "check_out": {"guest.checked_out"},
}
# Who works with whose guests is left to chance, so that two clerks want one room, and one stay, at the same moment.
# As many as a server answers at once (``WEB_PROCESSES`` times ``WEB_THREADS``); the others wait, and that is counted.
ANSWERED_AT_ONCE = 8
DEEDS = ("check_in", "check_in", "move", "move", "extend", "extend", "check_out")


@dataclass
class House:
    """What all clerks of a house see: its rooms and the stays that began."""

    house: Property
    rooms: list[Room]
    stays: list[str] = field(default_factory=list)
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)
    server: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(ANSWERED_AT_ONCE))

    def note(self, deed: str, status: int, took: float) -> None:
        """Keep what was answered, and how long it took."""
        with self.lock:
            self.answers[deed, status] += 1
            self.seconds.append(took)

    @property
    def done(self) -> Counter[str]:
        """How many deeds were carried out."""
        return Counter({deed: count for (deed, status), count in self.answers.items() if status == 302})


@dataclass
class Clerk:
    """One person at one terminal, with chances of their own. ``pause``: seconds between two deeds, at most."""

    number: int
    client: Client
    at: House
    chance: Random
    pause: float = 0
    guests: int = 0

    def work(self, goes_on: Callable[[int], bool]) -> None:
        """Do one deed after the other."""
        turn = 0
        while goes_on(turn):
            self._do(self.chance.choice(DEEDS))
            time.sleep(self.pause * self.chance.random())
            turn += 1

    def _do(self, deed: str) -> None:
        address, typed = getattr(self, f"_{deed}")()
        if not address:
            return
        began = time.monotonic()
        with self.at.server:
            answer = self.client.post(address, typed)
            connection.close()
        self.at.note(deed, answer.status_code, time.monotonic() - began)
        if deed == "check_in" and answer.status_code == 302:
            self.at.stays.append(answer.headers["Location"].strip("/").split("/")[1])

    def _check_in(self) -> tuple[str, dict[str, str]]:
        self.guests += 1
        born = date(1960, 1, 1) + timedelta(days=100 * self.number + self.guests // 900)
        number = resident_id(self.guests % 900 + 1, birth=f"{born:%Y%m%d}")
        return "/stays/walk-in/", walk_in_form(
            self.chance.choice(self.at.rooms),
            guest__0__document_number=number,
            stay__override="cleaned_just_now",
            stay__override_reason="大堂确认",
        )

    def _move(self) -> tuple[str, dict[str, str]]:
        room = self.chance.choice(self.at.rooms)
        return self._of_stay("move"), {"room": str(room.pk), "moved_for": "noise", "override": "cleaned_just_now"}

    def _extend(self) -> tuple[str, dict[str, str]]:
        departure = today(self.at.house) + timedelta(days=self.chance.randint(0, 20))
        return self._of_stay("extend"), {"departure_on": departure.isoformat()}

    def _check_out(self) -> tuple[str, dict[str, str]]:
        return self._of_stay("check-out"), {"unpaid_reason": "company_pays"}

    def _of_stay(self, page: str) -> str:
        """A page of one of the twenty newest stays, whoever began it; empty while there is none."""
        newest = self.at.stays[-20:]
        return f"/stays/{self.chance.choice(newest)}/{page}/" if newest else ""


def opened(rooms: int, clerks: int, pause: float = 0) -> tuple[House, list[Clerk]]:
    """A house with its rooms, every clerk signed in."""
    current_notice()
    house = make_property()
    at = House(house, RoomFactory.create_batch(rooms, property=house))
    people = [make_person(house, "front_desk") for _number in range(clerks)]
    return at, [
        Clerk(number, at_desk(Client(), person, house), at, Random(number), pause)
        for number, person in enumerate(people)
    ]


def let_them_work(clerks: list[Clerk], goes_on: Callable[[int], bool]) -> None:
    """All at once."""
    with ThreadPoolExecutor(len(clerks)) as desks:
        for working in [desks.submit(clerk.work, goes_on) for clerk in clerks]:
            working.result()


def held_twice() -> int:
    """Pairs of uses that hold one room at one time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM stays_roomuse a JOIN stays_roomuse b ON a.room_id = b.room_id AND a.id < b.id"
            " WHERE a.during && b.during AND a.state = ANY(%(held)s) AND b.state = ANY(%(held)s)",
            {"held": ["expected", "in_house"]},
        )
        found: int = cursor.fetchone()[0]
    return found


def lives_in() -> Counter[int]:
    """How many rooms each stay in house lives in, by that number."""
    uses = RoomUse.objects.filter(state="in_house", stay__status="in_house")
    return Counter(Counter(uses.values_list("stay_id", flat=True)).values())


def logged() -> dict[str, int]:
    """How many deeds of each kind the log knows."""
    return {deed: Event.objects.filter(action__in=codes, outcome="ok").count() for deed, codes in DONE_BY.items()}


def check(at: House) -> None:
    """What must hold whatever happened."""
    assert {status for _deed, status in at.answers} <= {200, 302, 409}
    assert (held_twice(), RoomUse.objects.filter(state="in_house").exclude(stay__status="in_house").count()) == (0, 0)
    assert lives_in() == Counter({1: Stay.objects.filter(status="in_house").count()})
    assert logged() == {deed: at.done[deed] for deed in DONE_BY}
    assert all(at.done[deed] for deed in DONE_BY), at.answers


def test_a_few_clerks_share_a_small_house(own_database: str) -> None:
    at, clerks = opened(rooms=6, clerks=6)
    let_them_work(clerks, lambda turn: turn < 14)
    check(at)


@pytest.mark.slow
def test_a_hundred_clerks_share_a_hundred_and_twenty_rooms(own_database: str) -> None:
    at, clerks = opened(rooms=120, clerks=100, pause=25)
    until = time.monotonic() + 120
    let_them_work(clerks, lambda _turn: time.monotonic() < until)
    check(at)
    p95 = sorted(at.seconds)[int(len(at.seconds) * 0.95)]
    sys.stdout.write(f"{len(at.seconds)} answers, p95 {p95:.2f} s, {dict(at.done)} done\n")
