"""Lists brought in from another system: bookings, guests, rooms."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from audit.models import Event
from staff.permissions import NotAllowed
from stays.models import Figure, ImportFile, Room, Stay
from stays.services import importing
from stays.services.importing import refusals, running
from stays.services.importing.tables import MOST_BYTES
from stays.tests.factories import (
    AT,
    TODAY,
    RoomFactory,
    as_row,
    basics_of,
    expected,
    make_person,
    resident_id,
    row,
    subjects_of,
)
from stays.tests.lists_handed_in import HEAD, as_csv, as_xlsx, booking, brought_in, gone_on, handed_in
from vault.models import Envelope

pytestmark = pytest.mark.django_db
GUEST_HEAD = ("Guest name", "Phone", "ID number", "Arrival date", "Departure date", "Room")


@pytest.fixture(autouse=True)
def english() -> Any:
    """Reasons are read in English."""
    with translation.override("en"):
        yield


@pytest.fixture
def admin(house):
    """Keeps the house."""
    return make_person(house, "administrator")


def counts(file: ImportFile) -> tuple[int, int, int]:
    """Rows, written, left out."""
    progress = importing.progress_of(file)
    return progress.rows, progress.written, progress.left_out


def sealed_of(file: ImportFile) -> int:
    """How many envelopes still hold something of the file."""
    return Envelope.objects.filter(subject=file.subject_id, erased_at__isnull=True).count()


def reasons(file: ImportFile, actor: Any) -> list[tuple[int, list[str]]]:
    """Row and fields of those left out."""
    page = importing.open_import(file=file, actor=actor, at=AT)
    return [(line.number, [f"{label}: {why}" for label, _value, why in line.reasons]) for line in page.left_out]


def past_guest(name: str = "单雨桐", sequence: int = 31, *, days_ago: int = 9, room: str = "") -> list[str]:
    """A row of a guest whose stay of two nights is over."""
    arrival = TODAY - timedelta(days=days_ago)
    departure = arrival + timedelta(days=2)
    return [name, "13800005678", resident_id(sequence), f"{arrival:%Y/%m/%d}", f"{departure:%Y%m%d}", room]


@pytest.mark.parametrize(
    "content",
    [
        as_csv(booking("欧阳海棠"), booking("仇望舒")),
        as_csv(booking("欧阳海棠"), booking("仇望舒"), encoding="gb18030"),
        as_xlsx(booking("欧阳海棠"), booking("仇望舒")),
        b"\n" + as_csv(booking("欧阳海棠"), booking("仇望舒")).replace(b",", b";"),
    ],
    ids=["utf-8", "gb18030", "xlsx", "semicolons"],
)
def test_bookings_become_expected_stays(clerk, house, content):
    file = brought_in(clerk, house, content)
    found = [basics_of(subjects_of(stay)[0])["name"] for stay in Stay.objects.at(house).order_by("reference")]
    assert (file.state, counts(file), found) == ("done", (2, 2, 0), ["欧阳海棠", "仇望舒"])
    assert set(Stay.objects.at(house).values_list("status", "origin", "arrival_on")) == {("expected", "agency", TODAY)}
    assert sealed_of(file) == 0


def test_a_booking_holds_its_room(clerk, house, room):
    brought_in(clerk, house, as_xlsx(booking(room=room.number, 人数="2")))
    stay = Stay.objects.at(house).get()
    assert (stay.room_uses.get().room, stay.party_size) == (room, 2)


def test_every_bad_row_is_told_and_nothing_is_written_before_it_is_said(clerk, house, room):
    expected(clerk, house, room=room, arrival_on=TODAY + timedelta(days=3), departure_on=TODAY + timedelta(days=5))
    file = handed_in(
        clerk,
        house,
        as_csv(
            booking(""),
            booking(入住日期="soon"),
            booking(离店日期=(TODAY - timedelta(days=1)).isoformat()),
            booking(人数="many"),
            booking(渠道="carrier pigeon"),
            booking(room="9999"),
            booking(room=room.number, day=4),
            booking(room=room.number, 人数="3"),
            booking("仇望舒", room.number),
        ),
    )
    assert (file.state, counts(file), Stay.objects.count()) == ("ready", (9, 0, 8), 1)
    told = dict(reasons(file, clerk))
    assert list(told) == [2, 3, 4, 5, 6, 7, 8, 9]
    assert told[2] == ["Name: This field is required."]
    assert told[3] == ["Arrival: Write the date as 2026-11-21 or 20261121."]
    assert told[4] == ["Departure: Departure must be on or after arrival, within 365 nights."]
    assert told[5] == ["People: Enter a whole number."]
    assert told[6] == ["Booked through: Write one of these: Booked with us · Agency · Company."]
    assert told[7] == ["Room: There is no such room at this property."]
    assert told[8] == [f"Room: Room {room.number} has just been taken. Still free: none of this type."]
    assert told[9] == [f"Room: Room {room.number} is for 2 people: choose a larger one or override with a reason."]


def test_five_hundred_bookings_with_seven_bad_rows(clerk, house):
    numbers = [RoomFactory(property=house).number for _each in range(25)]
    rows = [booking(f"客人{place}甲", numbers[place % 25], day=place // 25) for place in range(500)]
    for bad in (3, 77, 150, 151, 260, 402, 499):
        rows[bad][0] = ""
    file = handed_in(clerk, house, as_csv(*rows))
    assert (counts(file), file.batches.count()) == ((500, 0, 7), 5)
    file = gone_on(importing.start_import(file=file, actor=clerk, at=AT))
    assert (file.state, counts(file), Stay.objects.at(house).count()) == ("done", (500, 493, 7), 493)
    assert [number for number, _why in reasons(file, clerk)] == [5, 79, 152, 153, 262, 404, 501]
    batches = Event.objects.filter(action="import.batch_written").order_by("id")
    assert [(event.detail["count"], len(event.subjects)) for event in batches] == [
        (98, 98), (98, 98), (99, 99), (100, 100), (98, 98)
    ]  # fmt: skip


def test_an_import_broken_off_goes_on_without_doubling(clerk, house, monkeypatch):
    rows = [booking(f"客人{place}甲") for place in range(250)]
    file = handed_in(clerk, house, as_csv(*rows))
    importing.start_import(file=file, actor=clerk, at=AT)
    batches, write = [], running.write_rows

    def breaks_off(*args: Any, **options: Any) -> Any:
        batches.append(write(*args, **options))
        if len(batches) == 2:
            raise KeyboardInterrupt
        return batches[0]

    monkeypatch.setattr(running, "write_rows", breaks_off)
    with pytest.raises(KeyboardInterrupt):
        importing.go_on(file=file, at=AT)
    monkeypatch.undo()
    assert (counts(file), Stay.objects.at(house).count()) == ((250, 100, 0), 100)
    assert importing.due_imports() == [file.pk]
    gone_on(file)
    assert (counts(file), Stay.objects.at(house).count()) == ((250, 250, 0), 250)
    assert gone_on(file).state == "done"
    assert Stay.objects.at(house).count() == 250


def test_two_rows_for_one_room_let_the_first_in(clerk, house, room):
    file = brought_in(clerk, house, as_csv(booking(room=room.number), booking("仇望舒", room.number)))
    assert counts(file) == (2, 1, 1)
    assert reasons(file, clerk) == [
        (3, [f"Room: Room {room.number} has just been taken. Still free: none of this type."])
    ]


def test_rows_that_are_refused_keep_none_of_the_others_out(clerk, house):
    rooms = [RoomFactory(property=house).number for _each in range(4)]
    wanted = [rooms[place % 4] if place in (0, 1, 5, 9, 10) else "" for place in range(12)]
    file = brought_in(clerk, house, as_csv(*[booking(f"客人{place}甲", room) for place, room in enumerate(wanted)]))
    assert counts(file) == (12, 10, 2)
    assert [number for number, _why in reasons(file, clerk)] == [7, 11]


def test_rows_keep_the_order_of_the_file(clerk, house):
    rows = [booking("" if place in (4, 9, 11) else f"客人{place}甲") for place in range(12)]
    file = brought_in(clerk, house, as_csv(*rows))
    named = [basics_of(subjects_of(stay)[0])["name"] for stay in Stay.objects.at(house).order_by("reference")]
    assert [number for number, _why in reasons(file, clerk)] == [6, 11, 13]
    assert named == [row[0] for row in rows if row[0]]


def test_rows_left_out_are_checked_again_and_come_in(clerk, house):
    file = brought_in(clerk, house, as_csv(booking(), booking("仇望舒", "0808")))
    RoomFactory(property=house, number="0808")
    assert reasons(file, clerk) == [(3, [])]
    file = gone_on(importing.check_again(file=file, actor=clerk, at=AT))
    assert (file.state, counts(file)) == ("ready", (2, 1, 0))
    file = gone_on(importing.start_import(file=file, actor=clerk, at=AT))
    assert (file.state, counts(file), Stay.objects.at(house).count(), sealed_of(file)) == ("done", (2, 2, 0), 2, 0)


def test_columns_are_said_by_hand(clerk, house):
    head = ("A", "B", "C", "D", "E", "F", "G")
    file = handed_in(clerk, house, as_csv(booking(), head=head))
    assert (file.columns, counts(file)) == ({}, (1, 0, 1))
    with pytest.raises(refusals.ColumnsMissing):
        importing.start_import(file=file, actor=clerk, at=AT)
    columns = {"name": 0, "phone": 1, "arrival_on": 2, "departure_on": 3}
    file = gone_on(importing.set_columns(file=file, actor=clerk, columns=columns, at=AT))
    assert (file.state, counts(file)) == ("ready", (1, 0, 0))


def test_where_no_row_is_good_nothing_is_started(clerk, house):
    file = handed_in(clerk, house, as_csv(booking("")))
    with pytest.raises(refusals.NothingToWrite):
        importing.start_import(file=file, actor=clerk, at=AT)


def test_guests_come_with_a_stay_that_is_over(clerk, house, room):
    rows = [past_guest(room=room.number), past_guest(days_ago=40), past_guest("仇望舒", 32), past_guest()]
    file = brought_in(clerk, house, as_csv(*rows, head=GUEST_HEAD), "guests")
    stays = list(Stay.objects.at(house).order_by("arrival_on", "reference"))
    first, second = subjects_of(stays[0]), subjects_of(stays[1])
    assert (counts(file), len(stays), first == second) == ((4, 3, 1), 3, True)
    assert reasons(file, clerk) == [(5, ["Arrival: This guest has a stay of these days here already."])]
    assert {stay.status for stay in stays} == {"checked_out"}
    assert basics_of(first[0]) == {"name": "单雨桐", "phone": "13800005678"}
    assert [use.state for use in room.uses.all()] == ["ended"]
    assert stays[0].occupants.get().register_envelope_id is not None
    counted = Figure.objects.filter(property=house, kind__in=["arrivals", "nights"])
    assert sorted(counted.values_list("day", "kind", "count")) == [
        (TODAY - timedelta(days=40), "arrivals", 1), (TODAY - timedelta(days=38), "nights", 2),
        (TODAY - timedelta(days=9), "arrivals", 2), (TODAY - timedelta(days=7), "nights", 4),
    ]  # fmt: skip


def test_a_stay_that_is_not_over_is_no_past_one(clerk, house):
    file = handed_in(clerk, house, as_csv(past_guest(days_ago=1), head=GUEST_HEAD), "guests")
    assert reasons(file, clerk) == [(2, ["Departure: This stay is not over: bring it in with the bookings."])]


def test_rooms_are_brought_in_by_who_keeps_the_house(clerk, admin, house, room):
    rows = [
        ["0901", 9, "Suite", 4],
        ["0902", 9, "大床房", None],
        [room.number, 1, "twin", 2],
        ["0903", "top", "twin", 2],
    ]
    content = as_xlsx(*rows, head=("Room no.", "Floor", "Room type", "Capacity"))
    with pytest.raises(NotAllowed):
        importing.take_in_file(actor=clerk, property=house, kind="rooms", content=content, at=AT)
    file = brought_in(admin, house, content, "rooms")
    made = Room.objects.at(house).exclude(pk=room.pk).values_list("number", "floor", "type", "capacity", "state")
    assert list(made) == [("0901", 9, "suite", 4, "clean"), ("0902", 9, "king", 2, "clean")]
    assert reasons(file, admin) == [
        (4, ["Number: Another room of this property has this number."]),
        (5, ["Floor: Enter a whole number."]),
    ]


@pytest.mark.parametrize(
    ("content", "failure"),
    [
        (b"PK\x03\x04 and nothing more", "not_a_table"),
        (b"\x89PNG\x00\x00", "not_a_table"),
        (as_csv(), "empty"),
        (as_csv([], [], []), "empty"),
        (as_csv(["x"] * 51, head=["h"] * 51), "too_wide"),
    ],
)
def test_what_is_no_table_is_said_and_nothing_of_it_kept(clerk, house, content, failure):
    file = handed_in(clerk, house, content)
    assert (file.state, file.failure, sealed_of(file)) == ("failed", failure, 0)


def test_one_file_is_handed_in_once(clerk, house):
    file = handed_in(clerk, house, as_csv(booking()))
    with pytest.raises(refusals.BroughtInBefore):
        handed_in(clerk, house, as_csv(booking()))
    importing.discard_import(file=file, actor=clerk, at=AT)
    assert sealed_of(file) == 0
    assert handed_in(clerk, house, as_csv(booking())).state == "ready"


def test_a_file_has_an_end(clerk, house):
    with pytest.raises(refusals.FileTooLarge):
        importing.take_in_file(actor=clerk, property=house, kind="bookings", content=b" " * (MOST_BYTES + 1), at=AT)


def test_nothing_is_done_twice_or_at_another_step(clerk, house):
    file = brought_in(clerk, house, as_csv(booking()))
    for deed in (importing.start_import, importing.discard_import, importing.check_again):
        with pytest.raises(refusals.NotWaiting):
            deed(file=file, actor=clerk, at=AT)


def test_who_lost_the_right_imports_no_more(clerk, house):
    file = handed_in(clerk, house, as_csv(booking()))
    importing.start_import(file=file, actor=clerk, at=AT)
    clerk.groups.clear()
    file = gone_on(file)
    assert (file.state, file.failure, Stay.objects.count(), sealed_of(file)) == ("failed", "not_allowed", 0, 0)


def test_what_nobody_touches_for_a_day_is_erased(clerk, house):
    waiting, done = handed_in(clerk, house, as_csv(booking())), brought_in(clerk, house, as_csv(booking(""), booking()))
    assert (sealed_of(waiting), sealed_of(done)) == (2, 2)
    assert importing.forget_old_imports(at=AT + timedelta(hours=23)) == 0
    assert importing.forget_old_imports(at=AT + timedelta(hours=25)) == 2
    waiting.refresh_from_db()
    assert (waiting.state, sealed_of(waiting), sealed_of(done)) == ("discarded", 0, 0)
    assert importing.forget_old_imports(at=AT + timedelta(hours=25)) == 0
    assert reasons(done, clerk) == []


def test_each_step_is_one_exact_row(clerk, house):
    file = brought_in(clerk, house, as_csv(booking(), booking("")))
    stay, ref = Stay.objects.get(), {"object_type": "import", "object_ref": str(file.pk)}
    system = {"actor": None, "actor_role": "system"}
    assert row("import.taken_in") == as_row(clerk, house, **ref, detail={"kind": "bookings"})
    assert row("import.read") == as_row(clerk, house, detail={"count": 2}) | ref | system
    assert row("import.started") == as_row(clerk, house, **ref, detail={"count": 1, "left_out": 1})
    assert row("import.finished") == as_row(clerk, house, detail={"count": 1, "left_out": 1}) | ref | system
    assert row("import.batch_written") == as_row(
        clerk, house, **ref, subjects=subjects_of(stay), detail={"count": 1, "left_out": 1}
    )
    assert row("stay.expected")["subjects"] == subjects_of(stay)


def test_what_is_in_the_file_stands_in_no_column_and_no_row_of_the_log(clerk, house):
    file = handed_in(clerk, house, as_csv(booking("欧阳海棠", 人数="many")))
    importing.open_import(file=file, actor=clerk, at=AT)
    told = [*ImportFile.objects.values_list(), *file.batches.values_list(), *Event.objects.values_list()]
    assert [text for text in ("欧阳海棠", "13900001234", "many", HEAD[0]) if text in repr(told)] == []


def test_the_rows_left_out_are_given_back_as_they_came(clerk, house):
    file = brought_in(clerk, house, as_csv(booking(), booking("仇望舒", 人数="many")))
    headings, rows = importing.left_out_rows(file=file, actor=clerk)
    assert (tuple(headings), rows) == (HEAD, [booking("仇望舒", 人数="many")])


def test_another_house_sees_nothing_of_it(clerk, house, stranger):
    file = handed_in(clerk, house, as_csv(booking()))
    with pytest.raises(NotAllowed):
        importing.open_import(file=file, actor=stranger, at=AT)
    assert ImportFile.objects.visible_to(stranger, house).count() == 0
