"""The three lists: what is due and in house, and the row of each look."""

from datetime import timedelta

import pytest
from django.utils import translation

from audit.services import Why
from staff.permissions import NotAllowed
from staff.services import open_shift
from stays import services
from stays.models import Stay
from stays.tests.factories import (
    AT,
    TODAY,
    RoomFactory,
    as_row,
    checked_in,
    companion,
    expected,
    guest,
    lead,
    make_person,
    row,
    subjects_of,
)

pytestmark = pytest.mark.django_db

WHY = Why(purpose="guest_service")
DAY = timedelta(days=1)


def test_lists_hold_what_is_due_and_in_house(clerk, house):
    arriving = expected(clerk, house, arrival_on=TODAY - DAY)
    expected(clerk, house, arrival_on=TODAY + DAY, departure_on=TODAY + 2 * DAY)
    staying = checked_in(clerk, RoomFactory(property=house), lead(2))
    leaving = checked_in(clerk, RoomFactory(property=house), lead(3), departure_on=TODAY)
    listed = {
        which: services.list_stays(actor=clerk, property=house, which=which, why=WHY, at=AT)
        for which in ("arrivals", "in_house", "departures")
    }
    assert {which: [each.stay for each in lists.rows] for which, lists in listed.items()} == {
        "arrivals": [arriving],
        "in_house": [leaving, staying],
        "departures": [leaving],
    }
    assert {(lists.arrivals, lists.in_house, lists.departures) for lists in listed.values()} == {(1, 2, 1)}


def test_row_shows_name_and_room(clerk, house, room):
    checked_in(clerk, room, lead(), companion())
    shown = services.list_stays(actor=clerk, property=house, which="in_house", why=WHY, at=AT).rows[0]
    assert (shown.title, shown.room) == ("欧阳海棠", room.number)


def test_list_is_one_exact_row(clerk, house, room):
    stay = checked_in(clerk, room, lead(), companion())
    services.list_stays(actor=clerk, property=house, which="in_house", why=WHY, at=AT)
    assert row("stays.list_viewed") == as_row(
        clerk,
        house,
        purpose="guest_service",
        object_type="list",
        object_ref="in_house",
        subjects=subjects_of(stay)[:1],
        fields=["name"],
        detail={"count": 1},
    )


def test_list_is_explained_on_duty(clerk, house):
    open_shift(actor=clerk, property=house, terminal="desk-1", address=None, at=AT)
    services.list_stays(actor=clerk, property=house, why=WHY, at=AT)
    assert row("stays.list_viewed")["explained_by"] == "E1"


def test_confidential_guest_has_a_pseudonym_in_lists(clerk, house, room):
    stay = checked_in(clerk, room, confidential=True)
    with translation.override("en"):
        shown = services.list_stays(actor=clerk, property=house, which="in_house", why=WHY, at=AT).rows[0]
    assert (shown.title, shown.name.plain) == (f"Guest {stay.reference[-4:]}", "")
    assert row("stays.list_viewed")["subjects"] == []


def test_restricted_stay_is_in_no_list_and_no_search(clerk, house):
    stay = expected(clerk, house)
    Stay.objects.filter(pk=stay.pk).update(restricted_until=AT + timedelta(days=3650))
    assert services.list_stays(actor=clerk, property=house, why=WHY, at=AT).rows == []
    for text in (stay.reference, "欧阳海棠", "海棠"):
        found = services.find_stays(actor=clerk, property=house, term_text=text, why=WHY, at=AT)
        assert (found.current, found.past_count) == ([], 0)
    officer = make_person(house, "privacy_officer")
    assert list(Stay.objects.visible_to(clerk)) == []
    assert list(Stay.objects.visible_to(officer)) == [stay]


def test_lists_are_for_the_desk_of_the_house(house, stranger):
    for person in (stranger, make_person(house, "finance"), make_person(house, "manager")):
        with pytest.raises(NotAllowed):
            services.list_stays(actor=person, property=house, why=WHY, at=AT)


@pytest.mark.parametrize("count", [1, 50])
def test_list_takes_the_same_statements_for_one_and_for_fifty(clerk, house, count, django_assert_num_queries):
    for number in range(count):
        expected(clerk, house, room=RoomFactory(property=house), guest=guest(f"单{number:03d}"))
    services.list_stays(actor=clerk, property=house, why=WHY, at=AT)
    with django_assert_num_queries(9):  # a savepoint and its release among them
        services.list_stays(actor=clerk, property=house, why=WHY, at=AT)
