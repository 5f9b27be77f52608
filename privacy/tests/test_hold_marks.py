"""The badge of a stay that a hold keeps: in the desk's lists, in search, on the page; never of a confidential one."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from psycopg2.extras import DateTimeTZRange

from privacy.services.restricting import UNTIL_LIFTED
from privacy.tests.factories import RoomFactory, lead, make_hold, make_person, make_property, make_request, subjects_of
from privacy.tests.test_confidential_holds import page, secret_on
from privacy.tests.visits import at_desk, in_house
from stays.models import Stay

pytestmark = pytest.mark.django_db

BADGE = '<span class="chip quiet">On hold</span>'
SHOWN = "/desk/?list=in_house"


@pytest.fixture
def stay(clerk, room):
    return in_house(clerk, room)


def approved(house, officer, approver, **facts):
    now = timezone.now()
    return make_hold(house, placed_by=officer, at=now, **({"approved_by": approver, "approved_at": now} | facts))


def on(thing, stay):
    """What a hold is on that keeps the stay in this way."""
    now = timezone.now()
    days = DateTimeTZRange(now - timedelta(days=1), now + timedelta(days=1))
    return {
        "stay": lambda: {"stay": stay},
        "guest": lambda: {"subject_id": subjects_of(stay)[0]},
        "guest in the stay": lambda: {"subject_id": subjects_of(stay)[0], "stay": stay},
        "room": lambda: {"room": stay.room_uses.get().room, "during": days},
        "request": lambda: {"request": make_request(stay.property, state="in_review", stay=stay, at=now)},
    }[thing]()


def badges(client, person, stay):
    """How often the badge stands in the list, in what a search finds and on the page, for this person."""
    at_desk(client, person, stay.property)
    found = client.post("/desk/search/", {"term": stay.reference}).content.decode()
    return [text.count(BADGE) for text in (page(client, SHOWN)[1], found, page(client, f"/stays/{stay.reference}/")[1])]


@pytest.mark.parametrize("thing", ["stay", "guest", "guest in the stay", "room", "request"])
def test_the_desk_reads_that_a_hold_keeps_the_stay_and_not_the_next(client, clerk, officer, approver, stay, thing):
    in_house(clerk, RoomFactory(property=stay.property), lead(2))
    assert badges(client, clerk, stay) == [0, 0, 0]
    approved(stay.property, officer, approver, **on(thing, stay))
    assert badges(client, clerk, stay) == [1, 1, 1]


def test_a_hold_not_in_force_is_no_badge(client, clerk, officer, approver, stay):
    ago = [timezone.now() - timedelta(days=days) for days in (9, 1)]
    released = {"release_asked_by": officer, "released_by": approver, "released_at": ago[1]}
    for facts in ({"approved_by": None, "approved_at": None}, {"placed_at": ago[0], "until": ago[1]}, released):
        approved(stay.property, officer, approver, stay=stay, **facts)
    assert badges(client, clerk, stay) == [0, 0, 0]


def test_what_another_property_keeps_is_theirs_to_know(client, clerk, stay):
    elsewhere = make_property()
    people = [make_person(elsewhere, role) for role in ("privacy_officer", "second_approver")]
    approved(elsewhere, *people, subject_id=subjects_of(stay)[0])
    assert badges(client, clerk, stay) == [0, 0, 0]


@pytest.mark.parametrize("is_named", [False, True])
def test_a_confidential_hold_is_no_badge_for_anybody(client, clerk, officer, approver, stay, is_named):
    reader = approver if is_named else clerk
    at_desk(client, reader, stay.property)
    addresses = [SHOWN, f"/stays/{stay.reference}/"]
    without = [page(client, address) for address in addresses]
    secret_on(stay, officer, approver)
    assert [page(client, address) for address in addresses] == without
    assert Stay.objects.marked().get(pk=stay.pk).on_hold is False
    approved(stay.property, officer, approver, stay=stay)
    assert Stay.objects.marked().get(pk=stay.pk).on_hold is True


def test_that_a_stay_is_restricted_is_read_by_who_decides_and_seen_by_nobody_else(client, clerk, officer, stay):
    restricted = '<span class="chip quiet">Restricted</span>'
    address = f"/stays/{stay.reference}/"
    asked = make_request(stay.property, state="in_review", stay=stay, at=timezone.now(), officer=officer)
    at_desk(client, officer, stay.property)
    counted = []
    for until in (None, UNTIL_LIFTED):
        Stay.objects.filter(pk=stay.pk).update(restricted_until=until)
        counted.append(
            client.post(address, {"purpose": "request", "purpose_ref": asked.number}).content.decode().count(restricted)
        )
    assert counted == [0, 1]
    at_desk(client, clerk, stay.property)
    assert (client.get(address).status_code, stay.reference in page(client, SHOWN)[1]) == (404, False)


def test_holds_cost_no_statement(client, clerk, officer, approver, stay):
    at_desk(client, clerk, stay.property)
    addresses = (SHOWN, f"/stays/{stay.reference}/")
    counts = []
    for thing in (None, None, "stay", "guest", "room"):
        if thing:
            approved(stay.property, officer, approver, **on(thing, stay))
        for address in addresses:
            with CaptureQueriesContext(connection) as asked:
                assert page(client, address)[1].count(BADGE) == bool(thing)
            counts.append(len(asked))
    assert counts[2:] == counts[-2:] * 4  # the first two learn who asks
