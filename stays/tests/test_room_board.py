"""The room board and the timeline: rooms, stays by number, days; no guest's name (M41)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import Event
from audit.services import Why
from staff.models import Person, Property
from staff.permissions import NotAllowed
from stays import services
from stays.boards import TIMELINE_DAYS, Bar, Board, Timeline
from stays.models import Room, Stay
from stays.tests.desk_visits import at_desk, in_house
from stays.tests.factories import (
    AT,
    TODAY,
    RoomFactory,
    as_row,
    checked_in,
    expected,
    lead,
    make_person,
    make_property,
    row,
    subjects_of,
)

pytestmark = pytest.mark.django_db
WHY = Why(purpose="guest_service")
POLL = {"headers": {"X-Poll": "1"}}


def board_of(clerk: Person, house: Property, **facts: object) -> Board:
    """The board as the clerk opens it."""
    board = services.open_board(actor=clerk, property=house, why=WHY, at=facts.pop("at", AT), **facts)  # type: ignore[arg-type]
    assert board is not None
    return board


def timeline_of(clerk: Person, house: Property, **facts: object) -> Timeline:
    """The timeline as the clerk opens it."""
    given = {"first": TODAY, "at": AT} | facts
    return services.open_timeline(actor=clerk, property=house, why=WHY, **given)  # type: ignore[arg-type]


def test_each_room_says_how_it_stands(clerk: Person, house: Property) -> None:
    rooms = [RoomFactory(property=house, floor=8, number=f"080{place}") for place in range(5)]
    stays = [
        checked_in(clerk, rooms[0]),
        checked_in(clerk, rooms[1], lead(2), departure_on=TODAY),
        checked_in(clerk, rooms[2], lead(3), at=AT - timedelta(days=2), arrival_on=TODAY - timedelta(days=2),
                   departure_on=TODAY - timedelta(days=1)),
        expected(clerk, house, room=rooms[3]),
    ]  # fmt: skip
    [floor] = board_of(clerk, house).floors
    shown = [(tile.room, tile.standing, tile.living, tile.coming) for tile in floor.tiles]
    assert shown == [
        (rooms[0], "in_house", stays[0], None),
        (rooms[1], "due_out", stays[1], None),
        (rooms[2], "overdue", stays[2], None),
        (rooms[3], "free", None, stays[3]),
        (rooms[4], "free", None, None),
    ]
    assert board_of(clerk, house).counts == {"free": 2, "lived_in": 3, "dirty": 0, "out_of_order": 0, "coming": 1}


def test_a_room_out_of_order_is_not_free(clerk: Person, house: Property) -> None:
    RoomFactory(property=house, state="out_of_order")
    board = board_of(clerk, house)
    assert [tile.standing for tile in board.tiles] == ["closed"]
    assert board.counts == {"free": 0, "lived_in": 0, "dirty": 0, "out_of_order": 1, "coming": 0}


def test_a_room_that_one_leaves_and_another_comes_to_shows_both(clerk: Person, house: Property, room: Room) -> None:
    leaving = checked_in(
        clerk, room, at=AT - timedelta(days=1), arrival_on=TODAY - timedelta(days=1), departure_on=TODAY
    )
    coming = expected(clerk, house, room=room)
    [tile] = board_of(clerk, house).tiles
    assert (tile.standing, tile.living, tile.coming) == ("due_out", leaving, coming)


def test_a_look_at_the_board_is_on_record(clerk: Person, room: Room) -> None:
    stay = checked_in(clerk, room)
    board_of(clerk, room.property)
    assert row("stays.list_viewed") == as_row(
        clerk, room.property, purpose="guest_service", object_type="list", object_ref="room_board",
        subjects=subjects_of(stay), detail={"count": 1},
    )  # fmt: skip


def test_who_asks_again_sees_only_what_changed(clerk: Person, room: Room) -> None:
    before = board_of(clerk, room.property)
    again = services.open_board(actor=clerk, property=room.property, why=WHY, at=AT, seen=before.mark)
    services.change_room_state(actor=clerk, room=room, state="dirty")
    after = services.open_board(actor=clerk, property=room.property, why=WHY, at=AT, seen=before.mark)
    assert (again, after and after.counts["dirty"], Event.objects.filter(action="stays.list_viewed").count()) == (
        None, 1, 2,
    )  # fmt: skip


def test_a_restricted_stay_holds_its_room_and_is_not_named(clerk: Person, room: Room) -> None:
    stay = checked_in(clerk, room)
    Stay.objects.filter(pk=stay.pk).update(restricted_until=AT + timedelta(days=900))
    [tile] = board_of(clerk, room.property).tiles
    [line] = timeline_of(clerk, room.property).lines
    assert (tile.standing, tile.living) == ("in_house", None)
    assert line.bars[0] == Bar(TODAY, 2, "in_house", None)


def test_the_timeline_tells_each_night_once(clerk: Person, house: Property, room: Room) -> None:
    now = checked_in(clerk, room)
    later = expected(
        clerk, house, room=room, arrival_on=TODAY + timedelta(days=4), departure_on=TODAY + timedelta(days=30)
    )
    [line] = timeline_of(clerk, house).lines
    assert line.bars == [
        Bar(TODAY, 2, "in_house", now),
        Bar(TODAY + timedelta(days=2), 2, "free"),
        Bar(TODAY + timedelta(days=4), 10, "expected", later),
    ]
    assert sum(bar.nights for bar in line.bars) == TIMELINE_DAYS


def test_who_is_overdue_keeps_the_room_tonight(clerk: Person, room: Room) -> None:
    came = TODAY - timedelta(days=3)
    stay = checked_in(clerk, room, at=AT - timedelta(days=3), arrival_on=came, departure_on=TODAY - timedelta(days=1))
    [line] = timeline_of(clerk, room.property).lines
    assert line.bars == [Bar(TODAY, 1, "in_house", stay), Bar(TODAY + timedelta(days=1), 13, "free")]


def test_a_day_room_is_held_for_its_day(clerk: Person, house: Property, room: Room) -> None:
    day = TODAY + timedelta(days=3)
    stay = expected(clerk, house, room=room, arrival_on=day, departure_on=day)
    [line] = timeline_of(clerk, house).lines
    assert line.bars[1] == Bar(day, 1, "expected", stay)


def test_the_past_has_no_timeline(clerk: Person, room: Room) -> None:
    assert timeline_of(clerk, room.property, first=TODAY - timedelta(days=30)).days[0] == TODAY


def test_a_board_is_of_one_house_and_for_its_desk(clerk: Person, stranger: Person, room: Room) -> None:
    RoomFactory(property=make_property())
    assert [tile.room for tile in board_of(clerk, room.property).tiles] == [room]
    for person in (stranger, make_person(room.property, "finance")):
        with pytest.raises(NotAllowed):
            board_of(person, room.property)
        with pytest.raises(NotAllowed):
            timeline_of(person, room.property)


def test_the_pages_name_no_guest(client: Client, clerk: Person, room: Room) -> None:
    stay = in_house(clerk, room, confidential=True)
    at_desk(client, clerk, room.property)
    for page in ("/board/", "/board/timeline/"):
        text = client.get(page).content.decode()
        assert (f"/stays/{stay.reference}/" in text, room.number in text, "欧阳海棠" in text) == (True, True, False)


def test_an_open_board_asks_again_and_keeps_nobody_signed_in(client: Client, clerk: Person, room: Room) -> None:
    in_house(clerk, room)
    at_desk(client, clerk, room.property)
    mark = client.get("/board/").context["board"].mark
    session = client.session
    session["seen_at"] = seen = session["seen_at"] - 60
    session.save()
    same = client.get(f"/board/?seen={mark}", **POLL)
    services.change_room_state(actor=clerk, room=room, state="dirty")
    changed = client.get(f"/board/?seen={mark}", **POLL)
    assert (same.status_code, changed.status_code, "<html" in changed.content.decode()) == (204, 200, False)
    assert client.session["seen_at"] == seen


def test_a_person_who_comes_back_is_shown_the_board(client: Client, clerk: Person, room: Room) -> None:
    at_desk(client, clerk, room.property)
    mark = client.get("/board/").context["board"].mark
    assert client.get(f"/board/?seen={mark}").status_code == 200


def test_a_room_is_marked_on_the_board(client: Client, clerk: Person, room: Room) -> None:
    at_desk(client, clerk, room.property)
    answer = client.post(f"/rooms/{room.number}/state/", {"state": "dirty", "board": "1"})
    assert answer.headers["Location"] == f"/board/#room-{room.number}"


def test_a_date_that_is_none_is_today(client: Client, clerk: Person, room: Room) -> None:
    at_desk(client, clerk, room.property)
    today = room.property.today(timezone.now())
    pages = [client.get("/board/timeline/", {"from": day}) for day in ("x", "2020-01-01", "9999-12-31", "")]
    assert [page.context["timeline"].days[0] for page in pages] == [today] * 4
