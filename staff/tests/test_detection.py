"""Each rule of this room: a scenario that it notices, and its innocent twin that it does not (M28, B11)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from staff.models import Person, Property, Shift
from staff.tests.factories import PersonFactory, PropertyFactory
from staff.tests.log_rows import DAY, MINUTE, NOW, Log, Sql, flagged

pytestmark = pytest.mark.usefixtures("own_database")
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def house(own_database: str) -> Property:
    """A property."""
    return PropertyFactory(code="harbour")


@pytest.fixture
def clerk(house: Property) -> Person:
    """Works its desk."""
    return PersonFactory(staff_number="harbour-desk", roles={house: ["front_desk"]})


@pytest.fixture
def log(as_owner: Sql, clerk: Person, house: Property) -> Log:
    """Rows of what the clerk did."""
    return Log(as_owner, clerk, house.pk)


def on_duty(person: Person, house: Property, *, ago: timedelta = HOUR, until: timedelta | None = None) -> Shift:
    """A shift that began so long ago; open, or closed so long ago."""
    return Shift.objects.create(
        person=person, property=house, terminal="desk-1", session_ref=uuid4(), opened_at=NOW - ago,
        closed_at=NOW - until if until is not None else None,
    )  # fmt: skip


def test_shift_notices_a_look_off_duty(log: Log, clerk: Person, house: Property) -> None:
    on_duty(clerk, house, ago=2 * HOUR, until=HOUR)
    log.row("stay.viewed", 90 * MINUTE)
    log.row("stay.viewed", MINUTE, explained_by="E3")
    off = log.row("stay.viewed", MINUTE)
    assert flagged("shift") == [off]


def test_prop_notices_a_look_at_another_property_than_that_of_the_shift(
    as_owner: Sql, log: Log, clerk: Person, house: Property
) -> None:
    lake = PropertyFactory(code="lake")
    on_duty(clerk, house)
    log.row("stay.viewed")
    there = Log(as_owner, clerk, lake.pk).row("stay.viewed")
    assert flagged("prop") == [there]
    on_duty(clerk, lake)
    assert flagged("prop") == []


def test_reveal_is_noticed_without_work_or_case(log: Log) -> None:
    guest = uuid4()
    alone = log.row("guest.revealed", explained_by="E1")
    log.row("guest.revealed", explained_by="E2")
    log.row("stay.viewed", 20 * MINUTE, explained_by="E3", subjects=[guest])
    log.row("guest.revealed", explained_by="E1", subjects=[guest])
    assert flagged("reveal") == [alone]


def test_volume_is_measured_by_ones_own_days(as_owner: Sql, log: Log, house: Property) -> None:
    busy = PersonFactory(staff_number="busy", roles={house: ["front_desk"]})
    for day in range(2, 30):
        Log(as_owner, busy, house.pk).rows(25, "stay.viewed", day * DAY, explained_by="E1")
    rows = log.rows(60, "stay.viewed", explained_by="E1")
    Log(as_owner, busy, house.pk).rows(60, "stay.viewed", explained_by="E1")
    assert flagged("volume") == [rows[-1]]


def test_scrape_notices_many_searches_terms_and_pages(as_owner: Sql, log: Log, house: Property) -> None:
    log.rows(39, "stays.searched", detail='{"term": "x"}')
    alphabet = [log.row("stays.searched", 2 * HOUR - n * SECOND, detail=f'{{"term": "t{n}"}}') for n in range(25)]
    other = Log(as_owner, PersonFactory(staff_number="reader"), house.pk)
    pages = other.rows(60, "stays.list_viewed")
    slow = Log(as_owner, PersonFactory(staff_number="slow"), house.pk)
    for n in range(60):
        slow.row("stays.list_viewed", MINUTE * n)
    assert flagged("scrape") == sorted([alphabet[-1], pages[-1]])


def test_probe_notices_the_fifth_refusal_within_ten_minutes(as_owner: Sql, log: Log, house: Property) -> None:
    refused = log.rows(5, "access.refused", outcome="denied")
    patient = Log(as_owner, PersonFactory(staff_number="patient"), house.pk)
    for n in range(8):
        patient.row("access.refused", 3 * n * MINUTE, outcome="denied")
    assert flagged("probe") == [refused[-1]]


def test_pile_on_notices_the_fourth_person_without_a_reason(as_owner: Sql, house: Property) -> None:
    star, other = uuid4(), uuid4()
    people = [PersonFactory(staff_number=f"curious-{n}", roles={house: ["front_desk"]}) for n in range(4)]
    rows = [
        Log(as_owner, person, house.pk).row("stay.viewed", (9 - n) * MINUTE, subjects=[star])
        for n, person in enumerate(people)
    ]
    for n, person in enumerate(people):
        explained_by = "E1" if n == 3 else ""
        Log(as_owner, person, house.pk).row("stay.viewed", subjects=[other], explained_by=explained_by)
    assert flagged("pile-on") == [rows[-1]]


def test_burst_out_counts_guests_printed_in_a_day(as_owner: Sql, log: Log, house: Property) -> None:
    out = [log.row("card.printed", HOUR - n * MINUTE, subjects=[uuid4() for _ in range(17)]) for n in range(3)]
    modest = Log(as_owner, PersonFactory(staff_number="modest"), house.pk)
    modest.row("card.printed", subjects=[uuid4() for _ in range(50)])
    assert flagged("burst-out") == [out[-1]]


def test_dormant_notices_an_account_that_slept(as_owner: Sql, log: Log, house: Property) -> None:
    log.row("account.signed_out", 91 * DAY)
    woken = log.row("account.signed_in")
    usual = Log(as_owner, PersonFactory(staff_number="usual"), house.pk)
    usual.row("account.signed_out", 91 * DAY)
    usual.row("stay.viewed", 3 * DAY)
    usual.row("account.signed_in")
    Log(as_owner, PersonFactory(staff_number="fresh"), house.pk).row("account.signed_in")
    assert flagged("dormant") == [woken]


def test_shared_notices_two_terminals_in_turns(as_owner: Sql, log: Log, clerk: Person, house: Property) -> None:
    def at(person: Person, terminal: str) -> str:
        ref = str(uuid4())
        as_owner(
            "INSERT INTO audit_session (session_ref, actor, property, terminal) VALUES (%s, %s, %s, %s)",
            (ref, person.pk, house.pk, terminal),
        )
        return ref

    front, back = at(clerk, "desk-1"), at(clerk, "desk-2")
    log.row("stay.viewed", 5 * MINUTE, session=front)
    log.row("stay.viewed", 4 * MINUTE, session=back)
    again = log.row("stay.viewed", 3 * MINUTE, session=front)
    mover = PersonFactory(staff_number="mover")
    moved = Log(as_owner, mover, house.pk)
    first, second = at(mover, "desk-1"), at(mover, "desk-2")
    moved.row("stay.viewed", 5 * MINUTE, session=first)
    moved.rows(3, "stay.viewed", session=second)
    assert flagged("shared") == [again]


def test_auditor_notices_who_asks_the_log_about_themself(log: Log, clerk: Person) -> None:
    about = {"type": "person", "subjects": []}
    log.row("log.read", about="harbour-boss", **about)
    log.row("log.read", about=clerk.staff_number, detail='{"own": 1}', **about)
    found = log.row("log.read", about=clerk.staff_number, **about)
    assert flagged("auditor") == [found]


def test_what_is_secret_is_not_looked_through(log: Log) -> None:
    log.row("guest.revealed", type="secret_hold")
    seen = log.row("guest.revealed")
    assert flagged("reveal") == [seen]


@pytest.mark.parametrize("code", ["unexplained", "integrity"])
def test_some_rules_are_told_by_no_row(log: Log, code: str, as_owner: Callable[..., Any]) -> None:
    log.row("guest.revealed")
    assert flagged(code) == []
