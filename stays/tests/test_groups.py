"""A group is checked in on one page, booking by booking."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from audit.models import Event
from stays.forms.fields import GroupNumber
from stays.models import Draft, Registration, Stay
from stays.services.proposing import propose_rooms
from stays.tests.desk_visits import at_desk, current_notice, today
from stays.tests.factories import (
    AT,
    TODAY,
    ReviewRuleFactory,
    RoomFactory,
    basics_of,
    expected,
    guest,
    resident_id,
    subjects_of,
)
from stays.tests.group_visits import GROUP, PAGE, coming
from stays.tests.lists_handed_in import HEAD, as_csv, booking, brought_in, handed_in
from vault import services as vault

pytestmark = pytest.mark.django_db
# The two lines of a passport of the specimen's country, ICAO 9303-4.
PASSPORT = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F3204153ZE184226B<<<<<16"


@pytest.fixture(autouse=True)
def english() -> Any:
    """Reasons are read in English."""
    with translation.override("en"):
        yield


@pytest.fixture
def desk(client: Client, clerk: Any, house: Any) -> Client:
    """The clerk's browser; a notice and two lines that everybody must meet are in force."""
    current_notice()
    ReviewRuleFactory(code="notice_shown", kind="automatic")
    ReviewRuleFactory(code="document_seen")
    return at_desk(client, clerk, house)


def page_of(desk: Client) -> Any:
    """What the page shows."""
    return desk.get(reverse(PAGE, args=[GROUP])).context["page"]


def shown(stay: Stay, room: str, *documents: str, **more: str) -> dict[str, str]:
    """A row as it is typed."""
    fields = {"room": room, **{f"document_{place}": text for place, text in enumerate(documents)}, **more}
    return {f"{stay.reference}-{name}": value for name, value in fields.items()}


def send(desk: Client, *rows: dict[str, str], deed: str = "complete", **common: str) -> HttpResponse:
    """Press the button; the common lines are ticked unless said otherwise."""
    ticked = {"group-method": "agency", "group-notice_shown": "on", "group-ticks": "document_seen"}
    typed = {**ticked, **{f"group-{name}": value for name, value in common.items()}, "deed": deed}
    return desk.post(
        reverse(PAGE, args=[GROUP]), {name: value for row in (typed, *rows) for name, value in row.items()}
    )


def told(response: HttpResponse) -> dict[str, list[str]]:
    """By stay the reasons of its row."""
    lines = response.context["lines"] if response.context else []
    return {
        form.stay.reference: [str(reason) for several in form.errors.values() for reason in several]
        for _booking, form in lines
        if form.errors
    }


def kept(draft: Draft) -> dict[str, list[str]]:
    """What is kept of what was typed."""
    with transaction.atomic():
        found: dict[str, list[str]] = vault.open_for_deed([draft.envelope_id])[draft.envelope_id].plain["typed"]
    return found


def states(stays: Sequence[Stay]) -> list[tuple[str, list[str]]]:
    """Where each stands now, and in which rooms."""
    found = {stay.pk: stay for stay in Stay.objects.filter(pk__in=[stay.pk for stay in stays])}
    return [
        (found[stay.pk].status, list(stay.room_uses.holding().values_list("room__number", flat=True))) for stay in stays
    ]


def test_who_shows_a_document_is_checked_in_and_the_others_wait(desk, clerk, house):
    rooms = [RoomFactory(property=house).number for _number in range(3)]
    first, second, third = coming(clerk, house, "欧阳海棠", "仇望舒", "单雨桐")
    answer = send(desk, shown(first, rooms[2], resident_id(1)), shown(second, rooms[0], resident_id(3)))
    assert answer.headers["Location"] == reverse(PAGE, args=[GROUP])
    assert states([first, second, third]) == [("in_house", [rooms[2]]), ("in_house", [rooms[0]]), ("expected", [])]
    done = Event.objects.filter(action="guest.checked_in").order_by("id")
    assert list(done.values_list("object_ref", "subjects")) == [
        (stay.reference, subjects_of(stay)) for stay in (first, second)
    ]
    assert basics_of(subjects_of(first)[0])["name"] == "欧阳海棠"
    page = page_of(desk)
    assert ([one.row.reference for one in page.coming], [row.reference for row in page.here]) == (
        [third.reference],
        [first.reference, second.reference],
    )


def test_a_row_that_cannot_be_done_says_why_and_stays_typed(desk, clerk, house):
    clean, dirty = RoomFactory(property=house), RoomFactory(property=house, state="dirty")
    stays = coming(clerk, house, "欧阳海棠", "仇望舒", "单雨桐", "解云深", "查望月", "盖长风")
    answer = send(
        desk,
        shown(stays[0], clean.number, resident_id(1)),
        shown(stays[1], dirty.number, resident_id(3)),
        shown(stays[2], clean.number, resident_id(5)),
        shown(stays[3], "0000", resident_id(7)),
        shown(stays[4], dirty.number, resident_id(1)),
        shown(stays[5], dirty.number, "E12345678"),
    )
    assert states(stays) == [("in_house", [clean.number]), *[("expected", [])] * 5]
    assert told(answer) == {
        stays[1].reference: [f"Room {dirty.number} is dirty: choose another or override with a reason."],
        stays[2].reference: ["Another row has this room already."],
        stays[3].reference: ["There is no such room at this property."],
        stays[4].reference: ["Another row has this room already.", "Another row has this document already."],
        stays[5].reference: ["This is no resident ID number and no passport's two lines: use their own page."],
    }
    assert resident_id(3) in answer.content.decode()
    refused = Event.objects.filter(action="room.refused")
    assert list(refused.values_list("outcome", "object_ref")) == [("denied", str(dirty.pk))]


def test_nobody_is_checked_in_before_the_common_lines_are_ticked(desk, clerk, room):
    (stay,) = coming(clerk, room.property, "欧阳海棠")
    answer = send(desk, shown(stay, room.number, resident_id(1)), notice_shown="", ticks="")
    assert (states([stay]), set(answer.context["common"].errors)) == ([("expected", [])], {"ticks", "notice_shown"})
    assert Event.objects.filter(action="check_in.refused").count() == 0


def test_without_any_document_the_page_says_so(desk, clerk, room):
    (stay,) = coming(clerk, room.property, "欧阳海棠")
    answer = send(desk, shown(stay, room.number))
    assert answer.context["common"].non_field_errors() == ["Scan or type a document first."]
    assert (states([stay]), told(answer)) == ([("expected", [])], {})


def test_enter_reads_the_rows_and_checks_nobody_in(desk, clerk, room):
    (stay,) = coming(clerk, room.property, "欧阳海棠")
    answer = send(desk, shown(stay, room.number, resident_id(1)), deed="read", ticks="")
    assert (states([stay]), told(answer), dict(answer.context["common"].errors)) == ([("expected", [])], {}, {})


def test_a_doubtful_number_is_told_once_and_never_blocks(desk, clerk, room):
    (stay,) = coming(clerk, room.property, "欧阳海棠")
    right = resident_id(1)
    wrong = right[:-1] + ("1" if right[-1] != "1" else "2")
    answer = send(desk, shown(stay, room.number, wrong))
    assert told(answer) == {
        stay.reference: [
            "The check digit does not fit. Please compare the number once more.",
            "If it is right, send it once more.",
        ]
    }
    ((_booking, form),) = answer.context["lines"]
    send(desk, shown(stay, room.number, wrong, read_0=form["read_0"].value()))
    assert states([stay]) == [("in_house", [room.number])]


def test_a_party_of_two_shows_two_documents_one_a_passport(desk, clerk, room):
    (stay,) = coming(clerk, room.property, "欧阳海棠", party_size=2)
    answer = send(desk, shown(stay, room.number, resident_id(1)))
    assert told(answer) == {
        stay.reference: ["A document of everybody is needed; who does not come: use their own page."]
    }
    send(desk, shown(stay, room.number, resident_id(1), PASSPORT))
    assert states([stay]) == [("in_house", [room.number])]
    names = [basics_of(subject)["name"] for subject in subjects_of(stay)]
    kinds = list(Registration.objects.order_by("occupant__position").values_list("kind", flat=True))
    assert (names, kinds) == (["欧阳海棠", "ERIKSSON ANNA MARIA"], ["domestic", "overseas"])


def test_without_a_way_to_reach_the_guest_the_row_asks_for_one(desk, clerk, room):
    ReviewRuleFactory(code="fields_complete", kind="automatic", text_en="Reach them.")
    day = today(room.property)
    facts = {"arrival_on": day, "departure_on": day + timedelta(days=1), "group": GROUP}
    stay = expected(clerk, room.property, guest=guest(phone=""), at=timezone.now(), **facts)
    assert [one.is_reachable for one in page_of(desk).coming] == [False]
    assert told(send(desk, shown(stay, room.number, resident_id(1)))) == {
        stay.reference: ["Not complete yet: Reach them."]
    }
    send(desk, shown(stay, room.number, resident_id(1), phone="13900001234"))
    assert states([stay]) == [("in_house", [room.number])]


def test_a_look_is_a_row_with_everybody_and_no_name_of_a_confidential_guest(desk, clerk, house):
    stays = [*coming(clerk, house, "欧阳海棠"), *coming(clerk, house, "仇望舒", confidential=True)]
    page = desk.get(reverse(PAGE, args=[GROUP])).content.decode()
    assert ("欧阳海棠" in page, "仇望舒" in page, f"Guest {stays[1].reference[-4:]}" in page) == (True, False, True)
    look = Event.objects.filter(action="stays.list_viewed").get()
    assert (look.object_ref, look.subjects, look.detail) == ("group", subjects_of(stays[0]), {"count": 2})


def test_a_longer_group_asks_the_database_no_more_often(desk, clerk, house):
    for _number in range(4):
        RoomFactory(property=house)
    coming(clerk, house, "欧阳海棠")
    page_of(desk)
    counted = []
    for names in ((), ("仇望舒", "单雨桐")):
        coming(clerk, house, *names)
        with CaptureQueriesContext(connection) as asked:
            page = page_of(desk)
        counted.append((len(page.coming), len(asked)))
    assert [rows for rows, _asked in counted] == [1, 3]
    assert counted[0][1] == counted[1][1]


def test_a_list_of_groups_counts_and_names_nobody(desk, clerk, house, stranger):
    coming(clerk, house, "欧阳海棠", "仇望舒")
    coming(clerk, house, "单雨桐", group="A-1", arrival_on=today(house) + timedelta(days=1),
           departure_on=today(house) + timedelta(days=2))  # fmt: skip
    coming(stranger, stranger.kept_at, "解云深", group="B-1")
    answer = desk.get(reverse("groups"))
    assert [(line.number, line.coming, line.here) for line in answer.context["groups"]] == [(GROUP, 2, 0)]
    assert "欧阳海棠" not in answer.content.decode()
    assert [desk.get(reverse(PAGE, args=[number])).status_code for number in ("A-1", "B-1")] == [404, 404]


def test_what_is_typed_is_kept_and_gone_on_with(desk, clerk, room):
    (stay,) = coming(clerk, room.property, "欧阳海棠")
    keep = {"about": GROUP, **shown(stay, room.number, resident_id(1)), "csrfmiddlewaretoken": "x"}
    assert desk.post(reverse("draft", args=[PAGE]), keep).status_code == 200
    assert desk.post(reverse("draft", args=[PAGE]), {**keep, "about": "B-1"}).status_code == 404
    answer = desk.post(reverse(PAGE, args=[GROUP]), {"deed": "go_on"})
    assert resident_id(1) in answer.content.decode()
    send(desk, shown(stay, room.number, resident_id(1)))
    assert Draft.objects.count() == 0


def test_nothing_stays_kept_of_those_who_are_in_house(desk, clerk, house):
    rooms = [RoomFactory(property=house).number for _number in range(2)]
    first, second = coming(clerk, house, "欧阳海棠", "仇望舒")
    rows = {**shown(first, rooms[0], resident_id(1)), **shown(second, "9999", resident_id(3))}
    desk.post(reverse("draft", args=[PAGE]), {"about": GROUP, **rows})
    assert sorted(kept(Draft.objects.get())) == sorted(rows)
    send(desk, rows)
    assert [state for state, _rooms in states([first, second])] == ["in_house", "expected"]
    left = kept(Draft.objects.get())
    assert {name: left[name] for name in left if not name.startswith("group-")} == {
        name: [value] for name, value in rows.items() if name.startswith(second.reference)
    }


def test_a_phone_typed_before_its_document_stays_on_the_page(desk, clerk, house):
    room = RoomFactory(property=house).number
    first, second = coming(clerk, house, "欧阳海棠", "仇望舒")
    answer = send(desk, shown(first, room, resident_id(1)), shown(second, "", "", phone="13911117755"))
    assert [state for state, _rooms in states([first, second])] == ["in_house", "expected"]
    (line,) = answer.context["lines"]
    assert line[1]["phone"].value() == "13911117755"


def was_in(response: HttpResponse) -> dict[str, str]:
    """By stay the room the page says it has proposed."""
    found = re.findall(r'name="initial-([0-9-]+)-room" value="(\w+)"', response.content.decode())
    return dict(found)


def in_rows(response: HttpResponse) -> dict[str, str]:
    """By stay the room that stands in its row."""
    return {form.stay.reference: form["room"].value() for _booking, form in response.context["lines"]}


def test_a_room_chosen_for_somebody_who_waits_stays_and_is_proposed_to_nobody_else(desk, clerk, house):
    rooms = [RoomFactory(property=house).number for _number in range(4)]
    first, second, third = (stay.reference for stay in coming(clerk, house, "欧阳海棠", "仇望舒", "单雨桐"))
    empty = desk.get(reverse(PAGE, args=[GROUP]))
    assert list(in_rows(empty).values()) == rooms[:3]
    was = {f"initial-{stay}-room": room for stay, room in in_rows(empty).items()}
    typed = {f"{first}-document_0": resident_id(1), f"{first}-room": rooms[3], f"{second}-room": rooms[2]}
    answer = send(desk, was, typed, {f"{third}-room": rooms[2]})
    assert in_rows(answer) == {second: rooms[2], third: rooms[0]}
    again = {f"initial-{stay}-room": room for stay, room in was_in(answer).items()}
    rows = {f"{second}-room": rooms[2], f"{third}-room": rooms[0], f"{third}-document_0": resident_id(3)}
    assert in_rows(send(desk, again, rows)) == {second: rooms[2]}


def test_rooms_are_proposed_held_ones_first_and_none_twice(clerk, house):
    small, large = RoomFactory(property=house, capacity=1), RoomFactory(property=house, capacity=3)
    held, free = RoomFactory(property=house), RoomFactory(property=house)
    RoomFactory(property=house, state="dirty")
    expected(clerk, house, room=small, arrival_on=TODAY + timedelta(days=1), departure_on=TODAY + timedelta(days=3))
    facts = {"group": GROUP, "departure_on": TODAY + timedelta(days=2)}
    stays = [
        expected(clerk, house, party_size=1, **facts),
        expected(clerk, house, party_size=2, room=held, **facts),
        expected(clerk, house, party_size=3, **facts),
        expected(clerk, house, party_size=1, **facts | {"departure_on": TODAY + timedelta(days=1)}),
        expected(clerk, house, party_size=4, **facts),
    ]
    proposed = propose_rooms(stays, property=house, at=AT)
    assert [proposed.get(stay.pk) for stay in stays] == [free, held, large, small, None]


def test_a_file_brings_the_number_of_the_group(clerk, house):
    head = (*HEAD, "团号")
    brought_in(clerk, house, as_csv([*booking(), "sh-2026"], [*booking("仇望舒"), ""], head=head))
    assert sorted(Stay.objects.values_list("group", flat=True)) == ["", GROUP]
    file = handed_in(clerk, house, as_csv([*booking(), "王家婚礼"], [*booking(), "13900001234"], head=head))
    assert file.batches.get().left_out == [2, 3]


def test_the_number_of_a_group_is_kept_in_capitals():
    assert GroupNumber(required=False).clean("sh－2026") == GROUP
