"""What stands against a purge, who approves it, how it is stopped, and what changes until it runs."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from privacy.models import Purge, PurgeItem
from privacy.refusals import PurgeIsFinal, PurgeNotWaiting
from privacy.services import looking_up, purging
from privacy.services.purging.figures import count_purged
from privacy.tests.factories import AT, TODAY, RoomFactory, as_row, lead, make_hold, make_request, row, subjects_of
from privacy.tests.purges import REGISTER_OVER, gone_stay, live, planned
from staff.models import Person, Property
from staff.permissions import NotAllowed
from stays.models import BillLine, DeskCase, Registration, Room, Stay

pytestmark = pytest.mark.django_db
LATER = REGISTER_OVER


def unpaid(stay: Stay, clerk: Person) -> None:
    """A line that is not settled."""
    BillLine.objects.create(stay=stay, kind="meal", amount=20, posted_at=AT)


def disputed(stay: Stay, clerk: Person) -> None:
    """An open desk case."""
    DeskCase.objects.create(number="C-1", property=stay.property, stay=stay, kind="dispute", owner=clerk, opened_at=AT)


def unreported(stay: Stay, clerk: Person) -> None:
    """A report nobody acknowledged."""
    Registration.objects.filter(occupant__stay=stay).update(state="failed")


def asked_about(stay: Stay, clerk: Person) -> None:
    """An open request of the guest."""
    make_request(stay.property, state="in_review", guest_id=subjects_of(stay)[0])


def held(stay: Stay, clerk: Person) -> None:
    """An authority's hold."""
    make_hold(stay.property, placed_by=clerk, stay=stay, kind="authority", until=None, reason="court_order")


def secretly_held(stay: Stay, clerk: Person) -> None:
    """An authority's hold nobody else may know of."""
    make_hold(
        stay.property, placed_by=clerk, stay=stay, kind="authority", until=None, reason="court_order", confidential=True
    )


@pytest.mark.parametrize(
    ("matter", "code"),
    [
        (unpaid, "unpaid"),
        (disputed, "desk_case"),
        (unreported, "registration"),
        (asked_about, "open_request"),
        (held, "hold"),
    ],
)
def test_what_stands_against_a_register_is_said(
    house: Property, clerk: Person, room: Room, matter: Callable[[Stay, Person], None], code: str
) -> None:
    matter(gone_stay(clerk, room), clerk)
    assert ("register", "unlink_and_erase", code) in planned(house, LATER)


def test_a_confidential_hold_shows_nowhere(house: Property, clerk: Person, officer: Person, room: Room) -> None:
    stay = gone_stay(clerk, room)
    secretly_held(stay, clerk)
    assert planned(house, LATER) == [("register_copy", "restrict", "")]
    assert [run.counts for run in Purge.objects.filter(asks=True)] == [[]]
    assert count_purged(property=house, at=LATER)["skipped"] == {}


def test_a_confidential_hold_after_the_approval_looks_like_any_other_change(
    house: Property, clerk: Person, officer: Person, room: Room
) -> None:
    stay = gone_stay(clerk, room)
    run = approved_run(house, officer)
    secretly_held(stay, clerk)
    assert purging.run_purge(purge=run, at=LATER + timedelta(days=1))
    assert looking_up.progress_of(run).changed == {"gone": 1}
    assert "register" in live() and not PurgeItem.objects.filter(purge=run).exists()


def approved_run(house: Property, officer: Person) -> Purge:
    """The night's plan that asks, approved."""
    run = purging.plan_night(house=house, at=LATER)[1]
    return purging.approve_purge(purge=run, actor=officer, at=LATER)


def test_an_approved_run_waits_and_is_final(house: Property, clerk: Person, officer: Person, room: Room) -> None:
    gone_stay(clerk, room)
    run = approved_run(house, officer)
    assert (run.state, run.approved_by, run.final_at) == ("waiting", officer, LATER + timedelta(hours=24))
    assert purging.due_purges(LATER + timedelta(hours=23)) == [Purge.objects.get(asks=False).pk]
    assert purging.run_purge(purge=run, at=LATER + timedelta(hours=23)) and "register" in live()
    assert purging.run_purge(purge=run, at=LATER + timedelta(hours=24)) and "register" not in live()
    assert row("purge.approved") == as_row(
        officer, house, actor_role="privacy_officer", object_type="purge", object_ref=run.number
    )


def test_a_run_is_stopped_before_it_is_final(house: Property, clerk: Person, officer: Person, room: Room) -> None:
    gone_stay(clerk, room)
    run = approved_run(house, officer)
    with pytest.raises(PurgeIsFinal):
        purging.stop_purge(purge=run, actor=officer, at=LATER + timedelta(hours=24))
    stopped = purging.stop_purge(purge=run, actor=officer, at=LATER + timedelta(hours=23))
    assert purging.run_purge(purge=run, at=LATER + timedelta(days=2)) and "register" in live()
    assert (stopped.state, stopped.stopped_by) == ("stopped", officer)
    assert ("register", "unlink_and_erase", "") in planned(house, LATER + timedelta(days=1))


def test_only_who_decides_there_approves_what_waits(
    house: Property, clerk: Person, officer: Person, stranger: Person, room: Room
) -> None:
    gone_stay(clerk, room)
    own, run = purging.plan_night(house=house, at=LATER)
    for nobody in (clerk, stranger):
        with pytest.raises(NotAllowed):
            purging.approve_purge(purge=run, actor=nobody, at=LATER)
    with pytest.raises(PurgeNotWaiting):
        purging.approve_purge(purge=own, actor=officer, at=LATER)
    assert purging.due_purges(LATER) == [own.pk]


def test_a_plan_nobody_approved_gives_way_to_the_next_night(
    house: Property, clerk: Person, officer: Person, room: Room
) -> None:
    gone_stay(clerk, room)
    first = purging.plan_night(house=house, at=LATER)[1]
    second = purging.plan_night(house=house, at=LATER + timedelta(days=1))[1]
    first.refresh_from_db()
    assert (first.state, second.state, second.total) == ("replaced", "planned", 1)
    assert set(PurgeItem.objects.values_list("purge", flat=True)) <= set(
        Purge.objects.exclude(pk=first.pk).values_list("pk", flat=True)
    )
    with pytest.raises(PurgeNotWaiting):
        purging.approve_purge(purge=first, actor=officer, at=LATER + timedelta(days=1))


def test_what_is_approved_is_not_planned_twice(house: Property, clerk: Person, officer: Person, room: Room) -> None:
    gone_stay(clerk, room)
    approved_run(house, officer)
    assert purging.plan_night(house=house, at=LATER + timedelta(hours=20))[1].counts == []


def test_what_changed_since_the_approval_is_skipped_and_said(
    house: Property, clerk: Person, officer: Person, room: Room
) -> None:
    rooms = RoomFactory.create_batch(3, property=house)
    stay, other = (gone_stay(clerk, rooms[number], lead(number + 1)) for number in range(2))
    run = approved_run(house, officer)
    unpaid(stay, clerk)
    late = gone_stay(clerk, rooms[2], lead(3))
    assert purging.run_purge(purge=run, at=LATER + timedelta(days=1))
    progress = looking_up.progress_of(run)
    assert (dict(progress.done), dict(progress.changed)) == ({"register": 1}, {"unpaid": 1})
    assert [set(live(belongs_to=each.pk)) for each in (stay, other, late)] == [
        {"register", "payment"}, {"payment"}, {"register", "payment"},
    ]  # fmt: skip


def test_a_night_is_planned_once_and_missed_nights_are_caught_up(house: Property, clerk: Person, room: Room) -> None:
    gone_stay(clerk, room)
    before = AT + timedelta(days=10)
    assert purging.due_houses(before) == [house]
    purging.plan_night(house=house, at=before)
    assert (purging.due_houses(before + timedelta(hours=12)), purging.plan_night(house=house, at=before)) == ([], [])
    late = LATER + timedelta(hours=9)
    own, asks = purging.plan_night(house=house, at=late)
    assert own.missed == asks.missed == (purging.night_of(house, late) - TODAY).days - 11
    assert asks.total == 1


def test_the_night_begins_hours_before_the_business_day_turns(house: Property) -> None:
    first_hour = AT.replace(hour=18, minute=59)
    assert purging.night_of(house, first_hour) == TODAY
    assert purging.night_of(house, first_hour + timedelta(minutes=1)) == TODAY + timedelta(days=1)


def test_a_time_box_is_kept_and_the_next_goes_on(house: Property, clerk: Person, officer: Person, room: Room) -> None:
    gone_stay(clerk, room)
    run, at = approved_run(house, officer), LATER + timedelta(days=1)
    assert not purging.run_purge(purge=run, at=at, seconds=0)
    run.refresh_from_db()
    assert (run.state, purging.due_purges(at)[-1]) == ("running", run.pk)
    assert purging.run_purge(purge=run, at=at)
    run.refresh_from_db()
    assert (run.state, run.receipt is not None) == ("done", True)
