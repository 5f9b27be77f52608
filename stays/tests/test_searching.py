"""The search box: who is found by what, past stays, and the row without its term."""

from datetime import date, timedelta

import pytest

from audit.models import Event
from audit.services import Why, term_hash
from staff.permissions import NotAllowed
from stays import services
from stays.services.looking_up import keys
from stays.tests.factories import (
    AT,
    TODAY,
    RoomFactory,
    as_row,
    checked_in,
    companion,
    document,
    lead,
    make_person,
    make_property,
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


def search(clerk, text, **facts):
    facts = {"property": clerk.kept_at, "why": WHY, "at": AT} | facts
    return services.find_stays(actor=clerk, term_text=text, **facts)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("欧阳海棠", ["name"]),
        ("海棠", ["name"]),
        ("ouyang", ["name"]),
        ("13900001234", ["document", "phone"]),
        (document().document_number, ["document"]),
    ],
)
def test_guest_in_house_is_found_by(clerk, room, text, kinds):
    stay = checked_in(clerk, room)
    assert [each.stay for each in search(clerk, text).current] == [stay]
    assert row("stays.searched")["detail"]["kinds"] == kinds


@pytest.mark.parametrize("text", ["oyht", "1234", document().document_number[-4:], "棠"])
def test_guest_in_house_is_found_by_little(clerk, room, text):
    stay = checked_in(clerk, room)
    assert [each.stay for each in search(clerk, text).current] == [stay]


def test_stay_is_found_by_number_room_and_date(clerk, house, room):
    stay = checked_in(clerk, room)
    short = f"{stay.reference[:5]}{int(stay.reference[5:])}"
    for text in (stay.reference, short, room.number, "2026-05-13", "5月13日", "05-13", "２０２６-05-13"):
        assert [each.stay for each in search(clerk, text).current] == [stay], text
    assert search(clerk, "2026-06-13").current == []


def test_past_stays_are_counted_until_asked_for_with_a_purpose(clerk, room):
    stay = left(clerk, room)
    found = search(clerk, "欧阳海棠")
    assert (found.current, found.past_count, found.past) == ([], 1, [])
    shown = search(clerk, "欧阳海棠", past_why=Why(purpose="bill", ref=stay.reference))
    assert ([each.stay for each in shown.past], shown.past[0].title) == ([stay], "欧阳海棠")


def test_search_is_one_exact_row_without_its_term(clerk, house, room):
    stay = checked_in(clerk, room)
    search(clerk, "欧阳海棠")
    assert row("stays.searched") == as_row(
        clerk,
        house,
        purpose="guest_service",
        object_type="search",
        subjects=subjects_of(stay),
        fields=["name"],
        detail={"kinds": ["name"], "count": 1, "past": 0, "term": term_hash("欧阳海棠")},
    )


def test_search_without_a_hit_is_a_row_too(clerk, house):
    search(clerk, "不存在的人")
    assert (row("stays.searched")["detail"]["count"], row("stays.searched")["fields"]) == (0, [])


def test_nothing_typed_is_no_search(clerk):
    assert search(clerk, "  ").current == []
    assert Event.objects.filter(action="stays.searched").count() == 0


def test_clerk_of_another_house_finds_nothing(clerk, room, stranger):
    stay = checked_in(clerk, room)
    gone = left(clerk, RoomFactory(property=room.property), 8)
    for text in ("欧阳海棠", stay.reference, gone.reference, "13900001234", document().document_number, room.number):
        found = search(stranger, text, past_why=Why(purpose="bill"))
        assert (found.current, found.past_count, found.past) == ([], 0, []), text


def test_finance_may_search_for_a_bill_and_managers_may_not(house, clerk, room):
    stay = checked_in(clerk, room)
    finance = make_person(house, "finance")
    assert [each.stay for each in search(finance, "欧阳海棠", why=Why(purpose="bill")).current] == [stay]
    for role in ("manager", "administrator"):
        with pytest.raises(NotAllowed):
            search(make_person(house, role), "欧阳海棠")


def test_companion_is_found_too(clerk, room):
    stay = checked_in(clerk, room, lead(), companion())
    assert [each.stay for each in search(clerk, "单雨桐").current] == [stay]


def test_newest_past_stay_comes_first(clerk, house):
    older, newer = (left(clerk, RoomFactory(property=house), days=days) for days in (90, 20))
    found = search(clerk, "欧阳海棠", past_why=Why(purpose="bill"))
    assert [each.stay for each in found.past] == [newer, older]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-05-12", TODAY),
        ("2026/5/2", date(2026, 5, 2)),
        ("12-30", date(2025, 12, 30)),
        ("1月3日", date(2026, 1, 3)),
        ("2024年2月29号", date(2024, 2, 29)),
        ("2-29", None),
        ("13-40", None),
        ("0812", None),
    ],
)
def test_dates_are_read_as_the_desk_writes_them(text, day):
    assert keys.as_date(text, TODAY) == day


def test_nothing_in_the_log_is_personal(clerk, house, room):
    stay = checked_in(clerk, room, lead(), companion(), special_request="高楼层")
    search(clerk, "欧阳海棠")
    search(clerk, "13900001234")
    services.open_stay(stay, actor=clerk, why=WHY, at=AT)
    written = repr(list(Event.objects.values()))
    canaries = ("欧阳海棠", "单雨桐", "13900001234", document().document_number, "高楼层", room.number + "'")
    assert [each for each in canaries if each in written] == []


def test_other_house_is_named_by_nobody(clerk):
    with pytest.raises(NotAllowed):
        search(clerk, "x", property=make_property())
