"""Figures without persons (M09): nobody can be found in them, also not by difference; they survive erasure."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from staff.models import Person, Property
from staff.permissions import NotAllowed, who
from stays.models import Figure
from stays.services.looking_up.figures import LEAST, OTHERS, months_before, open_figures, told
from stays.tests.desk_visits import at_desk
from stays.tests.factories import AT, RoomFactory, as_row, checked_in, guest, lead, make_person, row
from vault import services as vault
from vault.models import Envelope

# A month later, so that the month of AT is over
LATER = AT + timedelta(days=31)
MAY = date(2026, 5, 1)


@pytest.fixture
def manager(house: Property) -> Person:
    """Reads figures and sees no guest."""
    return make_person(house, "manager")


def full_month(clerk: Person, house: Property) -> None:
    """Seven stays in May: five walk-ins from Beijing, two booked, of those one from abroad."""
    for number in range(7):
        facts = {"document_type": "passport", "document_number": "E1", "nationality": "GBR"} if number == 6 else {}
        origin = "walk_in" if number < 5 else "agency"
        person = lead(number + 1, guest=guest(f"客人{number}"), **facts)
        checked_in(clerk, RoomFactory(property=house), person, origin=origin, departure_on=date(2026, 5, 14))


@settings(deadline=None)
@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(0, 40), max_size=9))
def test_no_group_under_five_is_told_or_follows(counts: dict[str, int]) -> None:
    shown = told(counts)
    total = sum(counts.values())
    assert all(count >= LEAST for _key, count in shown)
    assert sum(count for _key, count in shown) in (total, 0)
    assert bool(shown) == (total >= LEAST)
    hidden = [count for key, count in counts.items() if count and key not in dict(shown)]
    if shown and hidden:  # what is left when all that is told is taken from the total is no single small group
        assert sum(hidden) >= LEAST
        assert len(hidden) > 1 or hidden[0] >= LEAST


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"a": 9, "b": 6}, [("a", 9), ("b", 6)]),
        ({"a": 9, "b": 6, "c": 2}, [("a", 9), (OTHERS, 8)]),
        ({"a": 9, "b": 3, "c": 2}, [("a", 9), (OTHERS, 5)]),
        ({"a": 2, "b": 2}, []),
        ({"a": 6, "b": -1}, [("a", 6)]),
        ({}, []),
    ],
)
def test_small_groups_stand_among_the_others(counts: dict[str, int], expected: list[tuple[str, int]]) -> None:
    assert told(counts) == expected


def test_only_months_that_are_over_are_told() -> None:
    firsts = months_before(date(2026, 3, 31))
    assert (firsts[0], firsts[-1], len(firsts)) == (date(2025, 3, 1), date(2026, 2, 1), 12)


@pytest.mark.django_db
def test_a_month_is_told_with_its_groups(clerk: Person, house: Property, manager: Person) -> None:
    full_month(clerk, house)
    figures = open_figures(actor=manager, property=house, at=LATER)
    may = figures.months[-1]
    assert (figures.month, may.first, may.arrivals, may.guests) == (MAY, MAY, 7, 7)
    assert {key: list(groups) for key, groups in figures.groups.items()} == {
        "origin": [(OTHERS, 7)],
        "length": [("2", 7)],
        "region": [(OTHERS, 7)],
        "sex": [("F", 7)],
    }
    assert may.nights is None


@pytest.mark.django_db
def test_occupancy_counts_who_is_still_in_house(clerk: Person, house: Property, manager: Person) -> None:
    full_month(clerk, house)
    rooms, nights = 7, (date(2026, 6, 1) - house.today(AT)).days
    may = open_figures(actor=manager, property=house, at=LATER).months[-1]
    assert may.occupancy == round(100 * 7 * nights / (rooms * 31), 1)


@pytest.mark.django_db
def test_the_running_month_is_not_told(clerk: Person, house: Property, manager: Person) -> None:
    full_month(clerk, house)
    figures = open_figures(actor=manager, property=house, at=AT, month=MAY)
    assert (figures.month, [month.arrivals for month in figures.months]) == (date(2026, 4, 1), [None] * 12)
    assert set(map(len, figures.groups.values())) == {0}


@pytest.mark.django_db
def test_counts_survive_erasure(clerk: Person, house: Property, manager: Person) -> None:
    full_month(clerk, house)
    before = open_figures(actor=manager, property=house, at=LATER)
    with transaction.atomic():
        ids = list(Envelope.objects.filter(erased_at__isnull=True).values_list("pk", flat=True))
        vault.erase_envelopes(ids, reason="asked", who=who(clerk, house))
    assert (len(ids) > 7, Envelope.objects.filter(erased_at__isnull=True).count()) == (True, 0)
    assert open_figures(actor=manager, property=house, at=LATER) == before


@pytest.mark.django_db
def test_looking_is_one_exact_row(house: Property, manager: Person) -> None:
    open_figures(actor=manager, property=house, at=AT)
    expected = as_row(manager, house, actor_role="manager", object_type="property", object_ref=house.code)
    assert row("figures.viewed") == expected


@pytest.mark.django_db
def test_figures_are_for_the_manager(clerk: Person, house: Property) -> None:
    for person in (clerk, make_person(house, "finance"), make_person(house, "administrator")):
        with pytest.raises(NotAllowed):
            open_figures(actor=person, property=house, at=AT)


@pytest.mark.django_db
def test_the_page_draws_them_with_tables(client: Client, clerk: Person, house: Property, manager: Person) -> None:
    at_desk(client, manager, house)
    assert "Nothing is counted yet" in client.get("/figures/stays/").content.decode()
    month = client.get("/figures/stays/").context["figures"].months[-1].first
    for key in ("walk_in", "agency"):
        Figure.objects.create(property=house, day=month, kind="origin", key=key, count=6)
    Figure.objects.create(property=house, day=month, kind="arrivals", count=12)
    page = client.get(f"/figures/stays/?month={month:%Y-%m}")
    assert [panel.key for panel in page.context["months"]] == ["arrivals"]
    assert [(panel.key, [bar.name for bar in panel.bars]) for panel in page.context["groups"]] == [
        ("by-origin", ["Agency", "Walk-in"])
    ]
    assert page.content.decode().count("<svg") == 2
    assert client.get("/figures/stays/?month=x").context["figures"].month == month
