"""What a hold lies on: of a guest, a stay, a guest in a stay, a room in a time, a request; and what it leaves alone."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from psycopg2.extras import DateTimeTZRange

from privacy.models import HeldStay, Hold
from privacy.services.held import held_envelopes, held_stays, holds_on, openly_held_envelopes, visibly_held_envelopes
from privacy.tests.factories import (
    AT,
    RoomFactory,
    companion,
    expected,
    lead,
    make_hold,
    make_person,
    make_property,
    make_request,
    seal_requester,
    subjects_of,
)
from privacy.tests.sheets import a_past_stay, a_stranger, with_preferences
from staff import permissions as rights
from stays.models import RoomUse
from vault import services as vault
from vault.models import Envelope, Subject

pytestmark = pytest.mark.django_db

LONG_AGO = AT - timedelta(days=40)


@pytest.fixture
def past(clerk, room):
    """Two people in one stay, both gone."""
    return a_past_stay(clerk, room, lead(), companion(), words="高楼层")


def frozen(officer, **about):
    return make_hold(officer.groups.get().post.property, placed_by=officer, kind="authority", until=None, **about)


def days_from(at, count):
    return DateTimeTZRange(at, at + timedelta(days=count))


def kept(at=AT):
    """What the holds keep, as subject and category."""
    rows = Envelope.objects.filter(pk__in=held_envelopes(at)).values_list("subject", "category")
    return sorted((subject, category) for subject, category in rows)


def live(*subjects, **facts):
    rows = Envelope.objects.filter(subject__in=subjects, erased_at__isnull=True, **facts)
    return sorted(rows.values_list("subject", "category"))


def test_a_guests_hold_keeps_all_of_theirs_and_nothing_of_their_company(officer, past):
    first, second = subjects_of(past)
    with_preferences(past)
    frozen(officer, subject_id=first)
    assert kept() == live(first) != []
    assert live(second) != []
    assert list(held_stays(AT)) == [past.pk]


def test_a_guests_hold_keeps_the_guardian_named_for_their_stay(officer, past):
    guardian = Subject.objects.get(pk=vault.new_subject("guardian"))
    vault.seal(subject=guardian.pk, category="contact", content={"phone": "13911112222"}, belongs_to=past.pk)
    frozen(officer, subject_id=subjects_of(past)[0])
    assert kept() == sorted([*live(subjects_of(past)[0]), (guardian.pk, "contact")])


def test_a_stays_hold_keeps_the_stay_and_the_names_of_all_in_it(clerk, officer, past):
    again = a_past_stay(clerk, RoomFactory(property=past.property), lead(), at=LONG_AGO, arrival_on=LONG_AGO.date(),
                        departure_on=LONG_AGO.date() + timedelta(days=2))  # fmt: skip
    assert subjects_of(again)[0] == subjects_of(past)[0]
    frozen(officer, stay=past)
    people = subjects_of(past)
    assert kept() == sorted([*live(*people, belongs_to=past.pk), *live(*people, belongs_to=None)])
    assert list(held_stays(AT)) == [past.pk]


def test_a_guest_in_a_stay_is_held_without_their_other_stays(clerk, officer, past):
    a_past_stay(clerk, RoomFactory(property=past.property), lead(), at=LONG_AGO, arrival_on=LONG_AGO.date(),
                departure_on=LONG_AGO.date() + timedelta(days=2))  # fmt: skip
    first = subjects_of(past)[0]
    frozen(officer, stay=past, subject_id=first)
    assert kept() == sorted([*live(first, belongs_to=past.pk), *live(first, belongs_to=None)])
    assert list(held_stays(AT)) == [past.pk]


# Room and dates


def test_a_rooms_hold_keeps_who_used_it_in_that_time(clerk, officer, house, room, past):
    other = a_past_stay(clerk, RoomFactory(property=house), lead(5, guest=a_stranger()))
    frozen(officer, room=room, during=days_from(AT + timedelta(days=1), 1))
    people = subjects_of(past)
    assert kept() == live(*people) != []
    assert list(held_stays(AT)) == [past.pk]
    assert other.pk != past.pk


@pytest.mark.parametrize(("first", "count", "is_held"), [(-3, 3, False), (-3, 4, True), (2, 5, False), (1, 1, True)])
def test_a_rooms_time_begins_and_ends(officer, room, past, first, count, is_held):
    frozen(officer, room=room, during=days_from(AT + timedelta(days=first), count))
    assert bool(kept()) == is_held


def test_who_comes_into_the_room_later_is_held_too(clerk, officer, house, room):
    frozen(officer, room=room, during=days_from(AT, 30))
    assert kept() == []
    stay = expected(clerk, house, room=room)
    assert kept() == live(*subjects_of(stay)) != []
    assert list(held_stays(AT)) == [stay.pk]


def test_a_use_that_was_undone_was_none(officer, room, stay):
    frozen(officer, room=room, during=days_from(AT, 30))
    assert list(held_stays(AT)) == [stay.pk]
    stay.room_uses.update(state=RoomUse.State.UNDONE)
    assert list(held_stays(AT)) == []


def test_who_moved_out_of_the_room_stays_held(clerk, officer, house, room, stay):
    frozen(officer, room=room, during=days_from(AT, 1))
    use = stay.room_uses.get()
    RoomUse.objects.filter(pk=use.pk).update(state="ended", during=days_from(AT, 0.5))
    RoomUse.objects.create(stay=stay, room=RoomFactory(property=house), during=days_from(AT, 3), state="in_house")
    assert list(held_stays(AT)) == [stay.pk]


def test_the_room_of_another_house_is_another_room(officer, past):
    elsewhere = RoomFactory(property=make_property(), number="0812")
    frozen(officer, room=elsewhere, during=days_from(AT - timedelta(days=9), 90))
    assert kept() == []


# Requests


def test_a_requests_hold_keeps_its_file_and_the_guest_it_is_about(officer, past):
    about = make_request(past.property, stay=past)
    another = make_request(past.property, guest_id=vault.new_subject())
    for request in (about, another):
        seal_requester(request, text="请删除")
    frozen(officer, request=about)
    guest_subject = subjects_of(past)[0]
    assert kept() == sorted([*live(guest_subject), *live(about.requester_id)])


def test_a_request_of_somebody_unknown_is_held_with_its_file(officer, house):
    request = make_request(house)
    seal_requester(request, text="请删除")
    frozen(officer, request=request)
    assert kept() == live(request.requester_id) != []


def test_the_files_of_requests_about_what_is_held_are_held(officer, past):
    request = make_request(past.property, stay=past)
    seal_requester(request, text="请删除")
    hold = frozen(officer, stay=past)
    assert set(live(request.requester_id)) <= set(kept())
    assert holds_on([Envelope.objects.filter(subject=request.requester_id)[0].pk], AT).popitem()[1] == [hold]


# Which holds count


def test_only_what_is_in_force_keeps_and_what_is_erased_is_not_held(officer, approver, past):
    waiting = make_hold(past.property, placed_by=officer, stay=past)
    assert kept() == []
    Hold.objects.filter(pk=waiting.pk).update(approved_by=approver, approved_at=AT)
    assert kept() != []
    assert kept(AT + timedelta(days=90)) == []
    name = Envelope.objects.get(subject=subjects_of(past)[0], category="name")
    vault.erase_envelopes([name.pk], reason="test", who=rights.who(officer, past.property))
    assert name.pk not in held_envelopes(AT)


def test_a_confidential_one_keeps_and_shows_to_nobody_but_the_named(officer, approver, house, past):
    outsider = make_person(house, "privacy_officer")
    frozen(officer, stay=past, confidential=True).officers.add(approver)
    everything = set(held_envelopes(AT))
    assert everything != set()
    assert (set(openly_held_envelopes(AT)), set(visibly_held_envelopes(outsider, AT))) == (set(), set())
    assert set(visibly_held_envelopes(approver, AT)) == everything


# What the database refuses


@pytest.mark.parametrize(
    "about",
    [
        {},
        {"room": True},
        {"during": True},
        {"room": True, "during": "empty"},
        {"room": True, "during": True, "stay": True},
        {"stay": True, "request": True},
        {"room": True, "during": True, "request": True},
    ],
)
def test_a_hold_is_on_one_thing(officer, room, past, about):
    things = {
        "room": room, "stay": past, "request": make_request(past.property),
        "during": DateTimeTZRange(AT, AT) if about.get("during") == "empty" else days_from(AT, 1),
    }  # fmt: skip
    with pytest.raises(IntegrityError, match='"hold_is_on_one_thing"'), transaction.atomic():
        frozen(officer, **{name: things[name] for name in about})


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("resumed_at = placed_at", "hold_resumed_after_end"),
        ("released_by_id = placed_by_id, released_at = placed_at", "hold_released_by_two"),
        ("released_at = placed_at", "hold_released_by_two"),
        ("approved_by_id = placed_by_id, approved_at = placed_at", "hold_approver_is_another"),
    ],
)
def test_by_plain_sql_too(officer, stay, change, constraint):
    hold = make_hold(stay.property, placed_by=officer, stay=stay)
    with pytest.raises(IntegrityError, match=f'"{constraint}"'), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE privacy_hold SET {change} WHERE id = %s", [hold.pk])


@pytest.mark.parametrize(
    "column", ["until", "reason", "stay_id", "subject_id", "room_id", "confidential", "placed_by_id"]
)
def test_what_was_approved_is_not_changed_afterwards(officer, stay, column):
    make_hold(stay.property, placed_by=officer, stay=stay)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE privacy_hold SET {column} = NULL")


@pytest.mark.parametrize("deed", ["DELETE FROM privacy_hold", "DELETE FROM privacy_hold_officers"])
def test_a_hold_and_its_officers_do_not_vanish(officer, stay, deed):
    make_hold(stay.property, placed_by=officer, stay=stay)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(deed)


def test_a_renewal_renews_another(officer, stay):
    hold = make_hold(stay.property, placed_by=officer, stay=stay)
    with pytest.raises(IntegrityError, match='"hold_renews_another"'), transaction.atomic():
        Hold.objects.create(
            pk=9_000_001, renews_id=9_000_001, number="H-X", property=stay.property, kind="internal", stay=stay,
            reason="dispute", review_on=hold.review_on, until=hold.until, placed_by=officer, placed_at=AT,
        )  # fmt: skip


def test_the_stays_of_holds_are_asked_in_one_query(officer, past, django_assert_num_queries):
    frozen(officer, stay=past)
    with django_assert_num_queries(1):
        assert HeldStay.objects.filter(stay=past).count() == 1
