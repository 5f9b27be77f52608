"""A year, night by night, with a moving clock: each night ends what the rules say and nothing else (M18).

The house has every kind of record and of obstacle. Two thousand guests live in the fast tier, a hundred thousand in the
slow one.
"""

from contextlib import closing
from datetime import date, datetime, timedelta
from typing import Any

import psycopg2
import pytest
from django.db import connection

from audit.grants import OWNER
from hotelrecords.embedded.testing import TestBed
from privacy.models import Certificate, Purge, PurgeItem
from privacy.services import purging
from privacy.tests import plain_reference, years
from privacy.tests.plain_reference import Ended
from privacy.tests.years import FIRST_NIGHT, NIGHTS, Years
from stays.models import BillLine, Occupant, Stay
from vault.models import Envelope

UNTIL_DONE = 3600  # seconds, where a worker's next task would go on
ANALYZED_AGAIN = 90  # nights; what autovacuum does in a real house


@pytest.mark.parametrize("guests", [2_000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_every_night_ends_what_the_rules_say_and_nothing_else(
    guests: int, settings: Any, own_database: str, test_bed: TestBed
) -> None:
    settings.PURGE_WAIT_HOURS = 0
    lived = years.build(guests)
    stays, lines = Stay.objects.count(), list(BillLine.objects.order_by("pk").values_list("pk", "amount", "posted_at"))
    wrong, counted = [], [0, 0, 0]
    plain_reference.prepare()
    restricted, certificates = _restricted(), _certificates()
    for night in range(NIGHTS):
        day = FIRST_NIGHT + timedelta(days=night)
        if night % ANALYZED_AGAIN == 0:
            _analyze(test_bed, own_database)
        since = _now()
        told = _night(lived, day)
        before, restricted, certificates = (restricted, certificates), _restricted(), _certificates()
        done = Ended(_erased(since), restricted - before[0], before[1] - certificates)
        if told != done:
            wrong.append((day, _difference(told, done)))
        more = (done.erased, done.restricted, done.certificates)
        counted = [before + len(each) for before, each in zip(counted, more, strict=True)]
    assert wrong == []
    assert min(counted) > 0
    assert Stay.objects.count() == stays
    assert list(BillLine.objects.order_by("pk").values_list("pk", "amount", "posted_at")) == lines
    assert _still_named(lived) == []


def _night(lived: Years, day: date) -> Ended:
    """Carry out a night; what the reference told of it before."""
    for deed in lived.later.get(day, []):
        deed()
    at = lived.at(day)
    told = plain_reference.expected(lived.house.pk, lived.house.time_zone, day, at)
    for run in purging.plan_night(house=lived.house, at=at):
        if run.state == Purge.State.PLANNED:
            purging.approve_purge(purge=run, actor=lived.officer, at=at)
        assert purging.run_purge(purge=run, at=at, seconds=UNTIL_DONE)
    return told


def _analyze(test_bed: TestBed, database: str) -> None:
    with closing(psycopg2.connect(test_bed.environment(OWNER, database)["DATABASE_URL"])) as session:
        session.autocommit = True
        session.cursor().execute("ANALYZE")


def _now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def _erased(since: datetime) -> frozenset[str]:
    """Only what the night erased leaves the database: in the end it is most of what was there."""
    return _ids("SELECT id::text FROM vault_envelope WHERE erased_at >= %s", since)


def _restricted() -> frozenset[str]:
    return _ids("SELECT id::text FROM vault_envelope WHERE restricted_until IS NOT NULL")


def _ids(sql: str, *given: object) -> frozenset[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return frozenset(row[0] for row in cursor.fetchall())


def _certificates() -> frozenset[str]:
    return frozenset(Certificate.objects.exclude(reason="purge").values_list("number", flat=True))


def _difference(told: Ended, done: Ended) -> dict[str, Any]:
    """For whoever reads a failure: what was too much and what is missing, by category."""
    found = Envelope.objects.in_bulk([*(told.erased ^ done.erased), *(told.restricted ^ done.restricted)])
    named = {str(pk): f"{one.category} of {one.belongs_to}" for pk, one in found.items()}
    return {
        "not erased": sorted(named[pk] for pk in told.erased - done.erased),
        "erased": sorted(named[pk] for pk in done.erased - told.erased),
        "not restricted": sorted(named[pk] for pk in told.restricted - done.restricted),
        "restricted": sorted(named[pk] for pk in done.restricted - told.restricted),
        "certificates": sorted(told.certificates ^ done.certificates),
    }


def _still_named(lived: Years) -> list[str]:
    """Stays of which the register has ended and that still lead to somebody of whom something is sealed."""
    alive = Envelope.objects.filter(erased_at__isnull=True)
    over = Stay.objects.filter(property=lived.house, status="checked_out").exclude(
        pk__in=alive.filter(category="register").values("belongs_to")
    )
    leading = Occupant.objects.filter(stay__in=over, subject__in=alive.values("subject"))
    return list(leading.values_list("stay__reference", flat=True))


@pytest.mark.django_db
def test_what_is_left_of_a_plan_is_what_was_skipped() -> None:
    lived = years.build(300)
    for run in purging.plan_night(house=lived.house, at=lived.at(FIRST_NIGHT)):
        purging.run_purge(purge=run, at=lived.at(FIRST_NIGHT))
    own, _asks = Purge.objects.order_by("asks")
    assert own.state == Purge.State.DONE
    left = PurgeItem.objects.filter(purge=own)
    assert set(left.values_list("skip", flat=True)) == {line["skip"] for line in own.counts if line["skip"]}
