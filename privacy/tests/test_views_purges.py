"""The pages of the purge."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from privacy.models import Purge
from privacy.services import purging
from privacy.tests.factories import as_row, row
from privacy.tests.purges import gone_stay
from privacy.tests.visits import at_desk, reasons
from staff.models import Person, Property
from stays.models import Room, Stay

pytestmark = pytest.mark.django_db


@pytest.fixture
def stay(clerk: Person, room: Room) -> Stay:
    """A stay whose register has ended long ago."""
    made = gone_stay(clerk, room)
    left = timezone.now() - timedelta(days=4 * 366)
    Stay.objects.filter(pk=made.pk).update(arrived_at=left, departed_at=left)
    return made


@pytest.fixture
def run(house: Property, stay: Stay) -> Purge:
    """Tonight's plan, which waits for a person."""
    return purging.plan_night(house=house, at=timezone.now())[1]


def test_a_plan_is_shown_approved_and_stopped(client: Client, officer: Person, run: Purge, stay: Stay) -> None:
    at_desk(client, officer, run.property)
    page = client.get(f"/purges/{run.number}/?sort=-ref&skip=").content.decode()
    assert [text in page for text in (run.number, stay.reference, "CN-RET-01", "Guest register")] == [True] * 4
    assert reasons(client.post(f"/purges/{run.number}/approve/", {"number": "P-999999"})) == [
        "This is not the number of this purge."
    ]
    assert client.post(f"/purges/{run.number}/approve/", {"number": run.number.lower()}).status_code == 302
    run.refresh_from_db()
    assert (run.state, run.approved_by) == ("waiting", officer)
    assert client.post(f"/purges/{run.number}/stop/").status_code == 302
    run.refresh_from_db()
    assert (run.state, run.stopped_by) == ("stopped", officer)


def test_an_export_says_what_it_is_for(client: Client, officer: Person, run: Purge, stay: Stay) -> None:
    at_desk(client, officer, run.property)
    assert reasons(client.post(f"/purges/{run.number}/export/", {"reason": ""})) == ["This field is required."]
    answer = client.post(f"/purges/{run.number}/export/", {"reason": "purge_check"})
    [line] = run.items.values_list("due_on", flat=True)
    assert b"".join(answer.streaming_content).decode() == (  # type: ignore[attr-defined]
        f"\ufeffrecord,rule,outcome,skip,due_on,ref\r\nregister,CN-RET-01,unlink_and_erase,,{line},{stay.reference}\r\n"
    )
    assert row("purge.exported") == as_row(
        officer, run.property, actor_role="privacy_officer", purpose="purge_check", purpose_ref=run.number,
        object_type="purge", object_ref=run.number, detail={"count": 1},
    )  # fmt: skip


def test_the_receipt_is_downloaded(client: Client, officer: Person, run: Purge) -> None:
    at_desk(client, officer, run.property)
    assert client.get(f"/purges/{run.number}/receipt/").status_code == 404
    done = _done(run, officer, timezone.now())
    answer = client.get(f"/purges/{run.number}/receipt/")
    assert answer.json()["payload"]["erased"] == {"register": 1}
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{run.number}-{done.receipt}.json"'
    progress = client.get(f"/purges/{run.number}/progress/").content.decode()
    assert ("1 of 1 done" in progress, "hx-trigger" in progress) == (True, False)


def _done(run: Purge, officer: Person, at: datetime) -> Purge:
    purging.approve_purge(purge=run, actor=officer, at=at)
    assert purging.run_purge(purge=run, at=at + timedelta(hours=24))
    run.refresh_from_db()
    return run


def test_another_house_has_no_such_run(client: Client, stranger: Person, run: Purge) -> None:
    [elsewhere] = Property.objects.exclude(pk=run.property_id)
    at_desk(client, stranger, elsewhere)
    addresses = ("", "progress/", "approve/", "export/", "receipt/")
    assert {client.get(f"/purges/{run.number}/{each}").status_code for each in addresses} == {404}


def test_lists_and_figures_have_words_before_the_first_night(client: Client, officer: Person, house: Property) -> None:
    at_desk(client, officer, house)
    assert "No night has been planned yet" in client.get("/purges/").content.decode()
    assert "Nothing is counted yet" in client.get("/purges/figures/").content.decode()
