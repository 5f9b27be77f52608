"""Why a look makes sense, as the log keeps it."""

from datetime import timedelta

import pytest

from audit import trace
from audit.models import Event
from audit.services import Why
from staff.services import open_shift
from stays import services
from stays.models import Stay
from stays.tests.factories import (
    AT,
    TODAY,
    RoomFactory,
    checked_in,
    companion,
    lead,
    make_person,
    row,
    subjects_of,
)

pytestmark = pytest.mark.django_db

WHY = Why(purpose="guest_service")
DAY = timedelta(days=1)


def left(clerk, room, sequence=1, *, days=30, **facts):
    """A stay that ended before the month."""
    then = AT - timedelta(days=days)
    stay = checked_in(
        clerk, room, lead(sequence, **facts), at=then, arrival_on=then.date(), departure_on=then.date() + DAY
    )
    return services.check_out_guest(actor=clerk, stay=stay, at=then + DAY)


def test_own_work_explains_best(clerk, house, room):
    stay = checked_in(clerk, room)
    open_shift(actor=clerk, property=house, terminal="desk-1", address=None, at=AT)
    services.open_stay(stay, actor=clerk, why=WHY, at=Event.objects.get(action="guest.checked_in").at)
    assert row("stay.viewed")["explained_by"] == "E2"


def test_guest_in_house_explains_a_colleague_on_duty(clerk, house, room):
    stay = checked_in(clerk, room)
    colleague = make_person(house, "front_desk")
    open_shift(actor=colleague, property=house, terminal="desk-1", address=None, at=AT)
    services.open_stay(stay, actor=colleague, why=WHY, at=AT)
    assert row("stay.viewed")["explained_by"] == "E1"


def test_guest_long_gone_explains_nothing(clerk, house, room):
    stay = left(clerk, room, days=90)
    colleague = make_person(house, "front_desk")
    open_shift(actor=colleague, property=house, terminal="desk-1", address=None, at=AT)
    services.open_stay(stay, actor=colleague, why=WHY, at=AT)
    assert row("stay.viewed")["explained_by"] == ""


def test_companion_of_a_guest_in_house_is_explained_by_the_stay(clerk, house, room):
    together = left(clerk, room, days=60)
    other = checked_in(clerk, RoomFactory(property=house), lead(), companion(44, name="解远山"))
    alone = subjects_of(other)[1]
    services.check_out_guest(actor=clerk, stay=other, at=AT)
    checked_in(clerk, RoomFactory(property=house), lead())
    open_shift(actor=clerk, property=house, terminal="desk-1", address=None, at=AT)
    services.open_history(subject=alone, actor=clerk, property=house, why=WHY, at=AT)
    assert (together.status, row("guest.history_viewed")["explained_by"]) == ("checked_out", "E4")


def test_earlier_explained_look_of_the_session_explains(clerk, house, room):
    stay = checked_in(clerk, room)
    colleague = make_person(house, "front_desk")
    shift = open_shift(actor=colleague, property=house, terminal="desk-1", address=None, at=AT)
    trace.begin(session_ref=shift.session_ref)
    try:
        services.open_stay(stay, actor=colleague, why=WHY, at=AT)
        now = Event.objects.get(action="stay.viewed").at
        Stay.objects.filter(pk=stay.pk).update(
            status="checked_out", departed_at=AT, arrival_on=TODAY - 90 * DAY, departure_on=TODAY - 80 * DAY
        )
        shift.closed_at = AT
        shift.save(update_fields=["closed_at"])
        services.open_stay(Stay.objects.get(pk=stay.pk), actor=colleague, why=WHY, at=now)
    finally:
        trace.end()
    assert list(Event.objects.filter(action="stay.viewed").order_by("id").values_list("explained_by", flat=True)) == [
        "E1",
        "E8",
    ]
