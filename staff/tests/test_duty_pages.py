"""The pages of duties, and closing a lapse on one of them."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from staff import duties, services
from staff.models import Duty, Lapse, Person, Property
from staff.services.duties import LapseClosed, NotTheirDuty
from staff.tests.factories import PersonFactory
from staff.tests.signing_in import sign_in

AT = timezone.now()
CLOSING = {"cause": "storage", "measure": "run_again", "words": "Disk full, emptied"}


@pytest.fixture
def lapsed(own_database: str, test_bed: Any, django_db_blocker: Any) -> Lapse:
    """A lapse of the backup, opened by the keeper, in a database of this test's own."""
    services.report_done(code=duties.BACKUP, at=AT - timedelta(days=9))
    with test_bed.cluster.superuser(own_database) as session, session.cursor() as cursor:
        cursor.execute("INSERT INTO staff_lapse (duty_id, kind, found_at, cause, measure, words)"
                       " SELECT id, 'late', now(), '', '', '' FROM staff_duty")  # fmt: skip
    return Lapse.objects.get()


@pytest.fixture
def house(lapsed: Lapse) -> Property:
    """The harbour, in that database."""
    return services.found_property(code="harbour", name_en="Harbour Hotel", name_zh="海港酒店")


def hired(house: Property, role: str) -> Person:
    """Somebody who works there."""
    person: Person = PersonFactory(staff_number=f"the-{role.replace('_', '-')}", roles={house: [role]})
    assert Group.objects.filter(user=person).exists()
    return person


def test_the_owner_closes_with_cause_and_measure(house: Property, lapsed: Lapse, client: Client) -> None:
    clerk, administrator = hired(house, "front_desk"), hired(house, "administrator")
    services.name_owner(actor=administrator, duty=lapsed.duty, owner=clerk)
    sign_in(client, clerk, house)
    pages = ["/duties/", f"/duties/{lapsed.duty_id}/", f"/duties/{lapsed.duty_id}/lapses/{lapsed.pk}/close/"]
    assert [client.get(page).status_code for page in pages] == [200, 200, 200]
    assert "Late" in client.get(pages[0]).content.decode()
    assert list(client.post(pages[2], {"words": "138 0000 12345"}).context["form"].errors) == [
        "cause", "measure", "words",
    ]  # fmt: skip
    assert client.post(pages[2], CLOSING).headers["Location"] == pages[1]
    closed = Lapse.objects.get()
    assert (closed.cause, closed.measure, closed.words, closed.closed_by) == (*CLOSING.values(), clerk)
    with pytest.raises(LapseClosed):
        services.close_lapse(actor=clerk, lapse=closed, **CLOSING, at=AT)


def test_nobody_else_closes(house: Property, lapsed: Lapse) -> None:
    with pytest.raises(NotTheirDuty):
        services.close_lapse(actor=hired(house, "manager"), lapse=lapsed, **CLOSING, at=AT)
    assert Lapse.objects.filter(closed_at=None).count() == 1


def test_an_administrator_names_the_owner_on_the_page(house: Property, lapsed: Lapse, client: Client) -> None:
    administrator, manager = hired(house, "administrator"), hired(house, "manager")
    sign_in(client, administrator, house)
    page = f"/duties/{lapsed.duty_id}/"
    assert client.post(page, {"owner": manager.pk}).headers["Location"] == page
    assert Duty.objects.get().owner == manager


def test_backups_show_what_is_missing(house: Property, client: Client) -> None:
    sign_in(client, hired(house, "manager"), house)
    page = client.get("/backups/").content.decode()
    assert [page.count(words) for words in ("no backup has been proved", "not copied off the machine")] == [1, 1]


def test_every_drill_is_told_with_its_times_and_its_result(
    house: Property, client: Client, own_database: str, test_bed: Any
) -> None:
    steps = [{"name": "data", "seconds": 3.25}, {"name": "proof", "seconds": 0.5}]
    facts = {"erased": 3, "lost": 0, "opened": 1234}
    done = (AT, AT, "20260512T010203Z-ab", json.dumps(steps), json.dumps(facts), "")
    failed = (AT - timedelta(days=90), AT, "", "[]", "{}", "SealBroken")
    with test_bed.cluster.superuser(own_database) as session, session.cursor() as cursor:
        for row in (done, failed):
            cursor.execute(
                "INSERT INTO vault_drill (begun_at, ended_at, backup, steps, facts, failure)"
                " VALUES (%s, %s, %s, %s, %s, %s)", row,
            )  # fmt: skip
    sign_in(client, hired(house, "manager"), house)
    page = " ".join(client.get("/backups/").content.decode().partition("Drills")[2].split())
    told = ("3.8 seconds", "20260512T010203Z-ab", "3.3 seconds", "1,234", "SealBroken")
    assert [words for words in told if words not in page] == []
