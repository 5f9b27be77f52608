"""Bookings without a common number are ticked in the list of arrivals and made a group."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from audit.models import Event
from stays.models import Stay
from stays.tests.desk_visits import at_desk
from stays.tests.factories import subjects_of
from stays.tests.group_visits import GROUP, PAGE, coming

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, clerk: Any, house: Any) -> Client:
    """The clerk's browser."""
    return at_desk(client, clerk, house)


def alone(clerk: Any, house: Any, *names: str, **facts: Any) -> list[Stay]:
    """Bookings for today that came without a number."""
    return coming(clerk, house, *names, **{"group": "", **facts})


def tick(desk: Client, *stays: Stay) -> HttpResponse:
    """Tick these bookings in the list of arrivals, and press the button."""
    return desk.post(reverse("group_new"), {"stay": [stay.reference for stay in stays]})


def test_bookings_without_a_number_are_ticked_and_checked_in_together(desk, clerk, house):
    first, second, third = alone(clerk, house, "欧阳海棠", "仇望舒", "单雨桐")
    page = desk.get(reverse("front_desk")).content.decode()
    assert re.findall(r'name="stay" value="([0-9-]+)"', page) == [stay.reference for stay in (first, second, third)]
    number = f"G-{first.reference}"
    assert tick(desk, third, first).headers["Location"] == reverse(PAGE, args=[number])
    assert [Stay.objects.get(pk=stay.pk).group for stay in (first, second, third)] == [number, "", number]
    shown = desk.get(reverse(PAGE, args=[number])).context["page"]
    assert [booking.row.reference for booking in shown.coming] == [first.reference, third.reference]
    rows = Event.objects.filter(action="stay.grouped").order_by("object_ref")
    assert list(rows.values_list("object_ref", "subjects", "actor", "detail")) == [
        (stay.reference, subjects_of(stay), clerk.pk, {}) for stay in (first, third)
    ]


def test_those_without_a_number_join_a_group_and_no_number_is_lost(desk, clerk, house):
    (loose,), (member,) = alone(clerk, house, "欧阳海棠"), coming(clerk, house, "仇望舒")
    (other,) = coming(clerk, house, "单雨桐", group="HX-7")
    refused = tick(desk, loose, member, other)
    assert (refused.status_code, "HX-7, SH-2026" in refused.content.decode()) == (409, True)
    assert tick(desk, loose, member).headers["Location"] == reverse(PAGE, args=[GROUP])
    assert list(Stay.objects.order_by("reference").values_list("group", flat=True)) == [GROUP, GROUP, "HX-7"]
    assert Event.objects.filter(action="stay.grouped").count() == 1


def test_one_alone_who_is_elsewhere_or_comes_no_more_makes_no_group(desk, clerk, house, stranger):
    first, second = alone(clerk, house, "欧阳海棠", "仇望舒")
    (elsewhere,) = alone(stranger, stranger.kept_at, "解云深")
    assert [tick(desk, *stays).status_code for stays in ((), (first,), (first, elsewhere))] == [409] * 3
    Stay.objects.filter(pk=second.pk).update(status="cancelled")
    assert tick(desk, first, second).status_code == 409
    assert Stay.objects.exclude(group="").count() == 0


def test_a_booking_ticked_by_mistake_comes_alone_again(desk, clerk, house):
    first, second, third = alone(clerk, house, "欧阳海棠", "仇望舒", "单雨桐")
    tick(desk, first, second, third)
    page = reverse("stay", args=[second.reference])
    assert reverse("ungroup", args=[second.reference]) in desk.get(page).content.decode()
    for _again in range(2):
        assert desk.post(reverse("ungroup", args=[second.reference])).headers["Location"] == page
    number = f"G-{first.reference}"
    assert [Stay.objects.get(pk=stay.pk).group for stay in (first, second, third)] == [number, "", number]
    assert reverse("ungroup", args=[second.reference]) not in desk.get(page).content.decode()
    rows = Event.objects.filter(action="stay.ungrouped")
    assert list(rows.values_list("object_ref", "subjects", "actor", "detail")) == [
        (second.reference, subjects_of(second), clerk.pk, {})
    ]
    Stay.objects.filter(pk=first.pk).update(status="cancelled")
    assert desk.post(reverse("ungroup", args=[first.reference])).status_code == 409
    assert Stay.objects.get(pk=first.pk).group == number
