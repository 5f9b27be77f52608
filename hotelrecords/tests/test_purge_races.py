"""Two workers, two beats, a worker killed at work, no broker: nothing is done twice and nothing is half done."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from audit.grants import WEB
from hotelrecords.embedded.places import CHECKOUT
from hotelrecords.embedded.testing import TestBed
from privacy import tasks
from privacy.models import Certificate, Hold, Purge, PurgeBatch, PurgeItem
from privacy.services import holding, purging
from privacy.services.purging import batches
from privacy.services.purging.batches import carry_out_batch
from privacy.services.purging.sources import sources_of
from privacy.services.reviewing import today
from privacy.tests import years
from privacy.tests.factories import AT, checked_in, make_person, make_property
from privacy.tests.purges import leave
from privacy.tests.years import FIRST_NIGHT, Years
from stays.models import Stay
from stays.tests.factories import RoomFactory
from vault.models import Envelope, EnvelopeKey, ErasureEntry

GUESTS, A_FEW = 60, 4
PATIENCE_SECONDS = 90
# A worker as Celery runs it, but with small batches, so that there are many moments to be killed in.
WORKER = """
import django; django.setup()
from datetime import datetime
from privacy.models import Purge
from privacy.services import purging
from privacy.services.purging import batches
batches.AT_ONCE = {few}
purging.run_purge(purge=Purge.objects.select_related("property").get(pk={run}), at=datetime.fromisoformat("{at}"))
"""


@pytest.fixture
def approved(own_database: str) -> tuple[Years, Purge]:
    """A night's plan that is final."""
    lived = years.build(GUESTS)
    run = purging.plan_night(house=lived.house, at=lived.at(FIRST_NIGHT))[1]
    return lived, purging.approve_purge(purge=run, actor=lived.officer, at=lived.at(FIRST_NIGHT))


@pytest.fixture
def few_at_once() -> Iterator[None]:
    """Batches of a few rows."""
    usual, batches.AT_ONCE = batches.AT_ONCE, A_FEW  # type: ignore[misc]
    yield
    batches.AT_ONCE = usual  # type: ignore[misc]


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Do all at the same moment, each on a connection of its own."""
    together = Barrier(len(deeds))

    def alone(deed: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            together.wait(timeout=20)
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as hands:
        return list(hands.map(alone, deeds))


def judge(run: Purge) -> None:
    """The run is over; every row was done once; ledger, batches and receipt tell the same; nobody is half erased."""
    run.refresh_from_db()
    assert run.state == Purge.State.DONE
    assert PurgeItem.objects.filter(purge=run).to_do().count() == 0
    done = sum(sum(counts.values()) for counts in run.batches.values_list("counts", flat=True))
    changed = sum(sum(others.values()) for others in run.batches.values_list("changed", flat=True))
    assert done + changed == run.total
    erased = [one for entry in ErasureEntry.objects.filter(reason="purge") for one in entry.envelopes]
    assert len(erased) == len(set(erased)) == done
    assert set(Envelope.objects.filter(erased_at__isnull=False).values_list("pk", flat=True)) == set(erased)
    assert EnvelopeKey.objects.filter(pk__in=erased, wrapped__isnull=False).count() == 0
    receipt = Certificate.objects.get(reason="purge", payload__purge=run.number)
    told = [*receipt.payload["erased"].values(), *receipt.payload["reduced"].values()]
    assert sum(told) == done
    assert receipt.payload["batches"] == list(run.batches.exclude(mark="").values_list("mark", flat=True))


def test_two_workers_do_nothing_twice(approved: tuple[Years, Purge], few_at_once: None) -> None:
    lived, run = approved
    at = lived.at(FIRST_NIGHT + timedelta(days=1))
    at_once(*[lambda: purging.run_purge(purge=run, at=at)] * 2)
    judge(run)
    assert purging.run_purge(purge=run, at=at)
    judge(run)


def test_two_beats_plan_a_night_once(own_database: str) -> None:
    lived = years.build(20)
    at = lived.at(FIRST_NIGHT)
    answers = at_once(*[lambda: purging.plan_night(house=lived.house, at=at)] * 2)
    assert sorted(map(len, answers)) == [0, 2]
    assert Purge.objects.count() == 2


def test_two_beats_and_two_workers_at_once_do_nothing_twice(approved: tuple[Years, Purge], few_at_once: None) -> None:
    lived, run = approved
    at = lived.at(FIRST_NIGHT + timedelta(days=1))
    beat, worker = (
        lambda: len(purging.plan_night(house=lived.house, at=at)),
        lambda: purging.run_purge(purge=run, at=at),
    )
    answers = at_once(beat, worker, beat, worker)
    assert (sorted(answers[::2]), Purge.objects.count()) == ([0, 2], 4)
    assert purging.run_purge(purge=run, at=at)
    judge(run)


def overlapping(first: Callable[[], Any], second: Callable[[], Any]) -> list[Any]:
    """Do the first and do not commit it before the second waits for it; what both came to."""
    begun, waited_for = Event(), Event()

    def begin() -> Any:
        try:
            with transaction.atomic():
                answer = first()
                begun.set()
                assert waited_for.wait(PATIENCE_SECONDS)
            return answer
        finally:
            connection.close()

    def follow() -> Any:
        try:
            assert begun.wait(PATIENCE_SECONDS)
            return second()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as hands:
        answers = [hands.submit(begin), hands.submit(follow)]
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not is_anybody_waiting() and time.monotonic() < deadline:
            time.sleep(0.01)
        waited_for.set()
        return [answer.result() for answer in answers]


def is_anybody_waiting() -> bool:
    """Somebody waits for a lock in this database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()"
                       " AND wait_event_type = 'Lock')")  # fmt: skip
        return bool(cursor.fetchone()[0])


def batch_and_hold(lived: Years, run: Purge) -> tuple[Callable[[], int], Callable[[], Hold], PurgeItem]:
    """The next batch of the run, an authority's hold on the stay of its first row, and that row."""
    at = lived.at(FIRST_NIGHT + timedelta(days=1))
    Purge.objects.filter(pk=run.pk).update(state=Purge.State.RUNNING, started_at=at)
    known = {source.record: source for source in sources_of(lived.house, today(lived.house, at))}
    row = PurgeItem.objects.filter(purge=run).to_do().order_by("pk")[0]
    about = holding.About(stay=Stay.objects.get(pk=row.stay))
    return (
        lambda: carry_out_batch(run, known, at),
        lambda: holding.place_hold(
            actor=lived.officer, property=lived.house, about=about, kind="authority", reason="freeze_notice",
            review_on=at.date() + timedelta(days=30), authority="浦东分局", document_number="沪公 1 号", at=at,
        ),
        row,
    )  # fmt: skip


def is_erased(row: PurgeItem) -> bool:
    return Envelope.objects.filter(pk=row.envelope, erased_at__isnull=False).exists()


def test_a_hold_placed_while_a_batch_runs_waits_and_keeps_what_is_left(
    approved: tuple[Years, Purge], few_at_once: None
) -> None:
    batch, place, row = batch_and_hold(*approved)
    settled, hold = overlapping(batch, place)
    assert (settled, is_erased(row)) == (A_FEW, True)
    assert hold.held_envelopes.filter(envelope=row.envelope).count() == 0


def test_a_batch_that_begins_while_a_hold_is_placed_waits_and_leaves_it_alone(
    approved: tuple[Years, Purge], few_at_once: None
) -> None:
    batch, place, row = batch_and_hold(*approved)
    hold, settled = overlapping(place, batch)
    row.refresh_from_db()
    assert (settled, is_erased(row), row.skip) == (A_FEW, False, "hold")
    assert hold.held_envelopes.filter(envelope=row.envelope).count() == 1
    assert sum(approved[1].batches.get().changed.values()) >= 1


def killed_at(run: Purge, environment: dict[str, str], at: str, *, batches_done: int, later: float = 0.0) -> None:
    """Start a worker, and kill it once so many batches are done, a moment later."""
    code = WORKER.format(few=A_FEW, run=run.pk, at=at)
    worker = subprocess.Popen([sys.executable, "-c", code], env=environment, cwd=CHECKOUT)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while worker.poll() is None and time.monotonic() < deadline:
        if PurgeBatch.objects.filter(purge=run).count() >= batches_done:
            time.sleep(later)
            os.kill(worker.pid, signal.SIGKILL)
            break
        time.sleep(0.005)
    worker.wait(PATIENCE_SECONDS)


def test_a_killed_worker_leaves_nothing_half_done(
    approved: tuple[Years, Purge], own_database: str, test_bed: TestBed, few_at_once: None
) -> None:
    lived, run = approved
    at = lived.at(FIRST_NIGHT + timedelta(days=1))
    killed_at(run, test_bed.environment(WEB, own_database), at.isoformat(), batches_done=3)
    run.refresh_from_db()
    assert run.state == Purge.State.RUNNING and PurgeItem.objects.filter(purge=run).to_do().exists()
    assert purging.run_purge(purge=run, at=at)
    judge(run)


@pytest.mark.slow
def test_a_worker_killed_at_many_points_leaves_nothing_half_done(
    approved: tuple[Years, Purge], own_database: str, test_bed: TestBed, few_at_once: None
) -> None:
    lived, run = approved
    at, environment = lived.at(FIRST_NIGHT + timedelta(days=1)), test_bed.environment(WEB, own_database)
    for point in range(12):
        done = PurgeBatch.objects.filter(purge=run).count()
        killed_at(run, environment, at.isoformat(), batches_done=done + 1, later=point * 0.004)
    assert purging.run_purge(purge=run, at=at)
    judge(run)


def test_without_a_broker_the_desk_works_and_the_night_is_caught_up(
    own_database: str, tmp_path: Path, settings: Any
) -> None:
    settings.CELERY_BROKER_URL = f"redis+socket://{tmp_path}/away.sock"
    house = make_property()
    clerk, room = make_person(house, "front_desk"), RoomFactory(property=house)
    with pytest.raises((OperationalError, OSError)):
        tasks.plan_purges()
    stay = leave(clerk, checked_in(clerk, room))
    assert Stay.objects.get().status == "checked_out"
    later = AT + timedelta(days=182)
    assert purging.due_houses(later) == [house]
    tasks.plan_purge(house.pk)
    assert Purge.objects.get(asks=False).night == purging.night_of(house, timezone.now())
    assert stay.property == house
