"""Beat stops, or the keeper does: what was not done in time is noticed, and its owner is mailed (M39).

The real processes run; only the clock is helped along, by dating back what is due.
"""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone

from audit.models import Event, KeeperBeat
from hotelrecords.embedded.testing import TestBed
from hotelrecords.tests.journeys.house import House
from hotelrecords.tests.journeys.waiting import until
from hotelrecords.tests.world import hired
from staff import duties
from staff.models import Duty, Lapse, Person
from staff.roles import ADMINISTRATOR
from staff.services import found_property

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("missed work")]
WORKING = ("worker", "beat", "keeper")
BEATS = "find-what-is-due"
OWNER = "owner@hotel.example"


@pytest.fixture
def house(test_bed: TestBed, django_db_setup: None, django_db_blocker: object) -> Iterator[House]:
    """What works behind the pages, with one hotel and one person who owns every duty."""
    database = test_bed.fresh_copy()
    running = House(test_bed.cluster, test_bed.values, database, test_bed.local / f"missed-{database}")
    default = connections["default"]
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        default.close()
        usual, default.settings_dict["NAME"] = default.settings_dict["NAME"], database
        try:
            open_hotel()
            running.broker.start()
            for name in WORKING:
                running.start(name)
            yield running
        finally:
            running.close()
            default.close()
            default.settings_dict["NAME"] = usual
            test_bed.drop(database)
            shutil.rmtree(running.local, ignore_errors=True)


def open_hotel() -> None:
    """One administrator, who gets the mail."""
    harbour = found_property(code="harbour", name_en="Harbour Hotel", name_zh="海港酒店")
    administrator = hired("harbour-admin", harbour, ADMINISTRATOR)
    Person.objects.filter(pk=administrator.pk).update(email=OWNER)


def is_done(code: str) -> bool:
    """Whether the duty was reported as done since it was entered."""
    return Duty.objects.filter(code=code, last_done_at__isnull=False).exists()


def date_back(code: str) -> None:
    """As if the duty had been due longer ago than its grace allows."""
    late = timezone.now() - duties.kind_of(code).grace - timedelta(minutes=1)
    Duty.objects.filter(code=code).update(next_due_at=late)


def told(code: str) -> Lapse | None:
    """The lapse of the duty, once its owner was mailed."""
    return Lapse.objects.filter(duty__code=code, mailed_at__isnull=False).select_related("duty__owner").first()


def mails(folder: Path) -> list[str]:
    """The mails that left the house."""
    return [path.read_text() for path in sorted(folder.iterdir())]


def test_when_beat_stops_the_keeper_notices(house: House) -> None:
    until(lambda: is_done(BEATS), "beat to ring")
    until(lambda: Duty.objects.filter(code=BEATS, owner__isnull=False).exists(), "an owner")
    house.kill("beat")
    until(lambda: lapsed_for_want_of_work(BEATS), "the keeper to notice")
    lapse = until(lambda: told(BEATS), "the mail to its owner")
    assert (lapse.kind, lapse.duty.owner.email) == ("late", OWNER)
    [letter] = [text for text in mails(house.mail) if "Send what is due about requests" in text]
    assert [f"To: {OWNER}" in letter, "Subject: A duty was not done in time" in letter] == [True, True]
    assert Event.objects.filter(action="lapse.found", object_ref=BEATS).count() == 1
    house.start("beat")
    again = until(lambda: Lapse.objects.filter(pk=lapse.pk, done_again_at__isnull=False).first(), "beat to ring again")
    assert again.closed_at is None


def lapsed_for_want_of_work(code: str) -> bool:
    """Whether a lapse is open; what the worker still had to do may have come after the last dating back."""
    if Lapse.objects.filter(duty__code=code).exists():
        return True
    date_back(code)
    return False


def test_when_the_keeper_stops_the_worker_notices(house: House, test_bed: TestBed) -> None:
    until(lambda: is_done(duties.SEAL_LOG), "the keeper to seal")
    until(lambda: Duty.objects.filter(code=duties.SEAL_LOG, owner__isnull=False).exists(), "an owner")
    house.kill("keeper")
    with test_bed.cluster.superuser(house.database) as session, session.cursor() as cursor:
        cursor.execute("UPDATE audit_keeper_beat SET at = at - interval '10 minutes'")
    assert KeeperBeat.objects.get().at < timezone.now() - timedelta(minutes=5)
    date_back(duties.SEAL_LOG)
    lapse = until(lambda: told(duties.SEAL_LOG), "the worker to notice and mail")
    assert lapse.duty.owner.email == OWNER
    assert any("Seal the access log" in text and f"To: {OWNER}" in text for text in mails(house.mail))
    house.start("keeper")
    until(lambda: Lapse.objects.filter(pk=lapse.pk, done_again_at__isnull=False).exists(), "the keeper to seal again")
