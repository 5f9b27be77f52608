"""A worker killed while it brings rows in, two workers at one import, a very long list: nothing is written twice."""

import os
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from audit.grants import WEB
from audit.models import Event
from hotelrecords.embedded.places import CHECKOUT
from hotelrecords.embedded.testing import TestBed
from staff.models import Property
from stays.models import ImportFile, Occupant
from stays.services import importing
from stays.tests.factories import AT, RoomFactory, make_person, make_property
from stays.tests.lists_handed_in import as_csv, booking, handed_in
from vault.models import Envelope

ROWS, ROOMS = 120, 20
MANY = 100_000
PATIENCE_SECONDS = 90
# A worker as Celery runs it, but with small batches, so that there are many moments to be killed in.
WORKER = """
import django; django.setup()
from datetime import datetime
from stays.models import ImportFile
from stays.services import importing
file = ImportFile.objects.select_related("property").get(pk={file})
importing.go_on(file=file, at=datetime.fromisoformat("{at}"))
"""


@pytest.fixture
def started(own_database: str, monkeypatch: pytest.MonkeyPatch) -> ImportFile:
    """Bookings of rooms that were started and of which nothing is written yet."""
    monkeypatch.setattr("stays.services.importing.sealed.ROWS_A_BATCH", 6)
    house = make_property()
    clerk = make_person(house, "front_desk")
    numbers = [RoomFactory(property=house).number for _each in range(ROOMS)]
    rows = [booking(f"客人{each}甲", numbers[each % ROOMS], day=each // ROOMS) for each in range(ROWS)]
    return importing.start_import(file=handed_in(clerk, house, as_csv(*rows)), actor=clerk, at=AT)


def written(file: ImportFile) -> int:
    """How many rows the import says are written."""
    return importing.progress_of(file).written


def gone_on_to_its_end(file: ImportFile, *, seconds: float = PATIENCE_SECONDS) -> None:
    """Go on until it is over; what a dead worker had locked is free as soon as the database has noticed."""
    deadline = time.monotonic() + seconds
    while not importing.go_on(file=file, at=AT):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    file.refresh_from_db()


def judge(file: ImportFile) -> None:
    """Every row is one stay, one guest, one room use; the log tells each once; nothing of the file is left."""
    stays = file.property.stays.order_by("reference")
    rows = Occupant.objects.filter(stay__in=stays).values_list("stay", "subject", "stay__room_uses")
    assert (file.state, written(file), stays.count(), len(set(rows)), len(rows)) == ("done", *[ROWS] * 4)
    told = Counter(
        subject for event in Event.objects.filter(action="import.batch_written") for subject in event.subjects
    )
    assert sorted(told.values()) == [1] * ROWS
    assert Event.objects.filter(action="stay.expected").count() == ROWS
    assert Event.objects.filter(action="import.finished").count() == 1
    assert not Envelope.objects.filter(subject=file.subject_id, erased_at__isnull=True).exists()


def kill_at_work(file: ImportFile, environment: dict[str, str], *, rows: int, later: float = 0.0) -> None:
    """Start a worker, and kill it once so many rows are written, a moment later."""
    code = WORKER.format(file=file.pk, at=AT.isoformat())
    worker = subprocess.Popen([sys.executable, "-c", code], env=environment, cwd=CHECKOUT)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while worker.poll() is None and time.monotonic() < deadline:
        if written(file) >= rows:
            time.sleep(later)
            os.kill(worker.pid, signal.SIGKILL)
            break
        time.sleep(0.005)
    worker.wait(PATIENCE_SECONDS)


def test_a_killed_worker_leaves_nothing_half_done(started: ImportFile, own_database: str, test_bed: TestBed) -> None:
    kill_at_work(started, test_bed.environment(WEB, own_database), rows=18, later=0.02)
    done, stays = written(started), started.property.stays.count()
    assert (0 < done < ROWS, stays) == (True, done)
    assert importing.due_imports() == [started.pk]
    gone_on_to_its_end(started)
    judge(started)


def test_two_workers_write_nothing_twice(started: ImportFile) -> None:
    together = Barrier(2)

    def alone(_number: int) -> bool:
        try:
            connection.ensure_connection()
            together.wait(timeout=20)
            return importing.go_on(file=started, at=AT)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as hands:
        list(hands.map(alone, range(2)))
    gone_on_to_its_end(started)
    judge(started)


@pytest.mark.slow
def test_a_hundred_thousand_rows_come_in_at_an_even_pace(own_database: str) -> None:
    house = make_property()
    clerk = make_person(house, "front_desk")
    rows = (booking(f"客人{each}甲", day=each % 300) for each in range(MANY))
    file = importing.take_in_file(actor=clerk, property=house, kind="bookings", content=as_csv(*rows), at=AT)
    gone_on_to_its_end(file, seconds=10 * PATIENCE_SECONDS)
    importing.start_import(file=file, actor=clerk, at=AT)
    memory, seconds = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, pace(file, house)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory
    file.refresh_from_db()
    assert (file.state, written(file), house.stays.count()) == ("done", MANY, MANY)
    assert seconds[-1] < 3 * seconds[0]
    assert grown < 100_000  # kB


def pace(file: ImportFile, house: Property) -> list[float]:
    """Go on for ten seconds at a time to the end; how long a thousand rows took in each."""
    paces, before, is_over = [], 0, False
    while not is_over:
        began = time.monotonic()
        is_over = importing.go_on(file=file, at=AT, seconds=10)
        now = house.stays.count()
        paces += [(time.monotonic() - began) * 1000 / (now - before)] if now > before else []
        before = now
    return paces
