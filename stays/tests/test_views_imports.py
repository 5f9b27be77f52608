"""The pages of an import: what the person sees, step by step."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from audit.models import Event
from stays.models import ImportFile, Stay
from stays.services import importing
from stays.tests.desk_visits import at_desk, reasons, today
from stays.tests.factories import AT, make_person, make_property
from stays.tests.lists_handed_in import HEAD, as_csv, booking, gone_on, handed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, clerk: Any, house: Any) -> Client:
    """The clerk's browser."""
    return at_desk(client, clerk, house)


def a_booking(house: Any, name: str = "欧阳海棠", **changed: str) -> list[str]:
    """A row of a booking for today."""
    nights = {"入住日期": f"{today(house)}", "离店日期": f"{today(house) + timedelta(days=1)}"}
    return booking(name, **{**nights, **changed})


def hand_in(desk: Client, content: bytes, kind: str = "bookings") -> Any:
    """Send the form with a file."""
    file = SimpleUploadedFile("张三.csv", content, content_type="text/csv")
    return desk.post(reverse("import_new"), {"kind": kind, "file": file})


def waiting(desk: Client, *rows: list[str], head: Any = HEAD) -> ImportFile:
    """A file the clerk handed in, read and checked."""
    hand_in(desk, as_csv(*rows, head=head))
    return gone_on(ImportFile.objects.get())


def test_a_file_is_handed_in_looked_at_and_brought_in(desk, house):
    file = waiting(desk, a_booking(house), a_booking(house, "仇望舒", 人数="many"))
    page = desk.get(reverse("import_file", args=[file.pk])).content.decode()
    assert [
        text for text in ("Bring in the good rows: 1", "Enter a whole number.", "many", "A · 姓名") if text not in page
    ] == []
    answer = desk.post(reverse("import_start", args=[file.pk]))
    assert answer.headers["Location"] == reverse("import_file", args=[file.pk])
    assert gone_on(file).state == "done"
    assert Stay.objects.at(house).count() == 1
    page = desk.get(reverse("import_file", args=[file.pk])).content.decode()
    assert ("Save them as a file" in page, "欧阳海棠" in page) == (True, False)


def test_bookings_are_chosen_unless_the_person_says_otherwise(desk):
    assert desk.get(reverse("import_new")).context["form"]["kind"].value() == "bookings"


def test_a_look_is_a_row_before_anything_is_shown(desk, clerk, house):
    file = waiting(desk, a_booking(house))
    desk.get(reverse("import_file", args=[file.pk]))
    looks = Event.objects.filter(action="import.viewed")
    assert [(event.actor, event.object_ref, event.subjects) for event in looks] == [
        (clerk.pk, str(file.pk), [file.subject_id])
    ]


def test_progress_asks_again_until_it_is_over(desk, house):
    hand_in(desk, as_csv(a_booking(house)))
    file, poll = ImportFile.objects.get(), {"headers": {"HX-Request": "true", "X-Poll": "1"}}
    address = reverse("import_progress", args=[file.pk])
    under_way = desk.get(address, **poll)
    assert ("every 2s" in under_way.content.decode(), "HX-Refresh" in under_way.headers) == (True, False)
    assert address in desk.get(reverse("import_file", args=[file.pk])).content.decode()
    gone_on(file)
    assert desk.get(address, **poll).headers["HX-Refresh"] == "true"


def test_columns_are_named_once_and_checked_anew(desk, house):
    file = waiting(desk, a_booking(house), head=tuple("ABCDEFG"))
    address = reverse("import_columns", args=[file.pk])
    twice = {"name": "0", "latin_name": "0", "arrival_on": "2", "departure_on": "3"}
    assert reasons(desk.post(address, twice)) == ["One column is named twice."]
    assert reasons(desk.post(address, {"name": "0"})) == ["This field is required."] * 2
    assert desk.post(address, {"name": "0", "arrival_on": "2", "departure_on": "3"}).status_code == 302
    assert (gone_on(file).columns, importing.progress_of(file).good) == (
        {"name": 0, "arrival_on": 2, "departure_on": 3}, 1
    )  # fmt: skip


def test_what_is_wrong_with_a_file_is_said(desk, house):
    assert reasons(desk.post(reverse("import_new"), {})) == [
        "This field is required.", "Choose a file of at most 20 MB."
    ]  # fmt: skip
    assert reasons(hand_in(desk, b"")) == ["The file is empty."]
    assert hand_in(desk, as_csv(a_booking(house)), "rooms").status_code == 200
    first = waiting(desk, a_booking(house))
    assert reasons(hand_in(desk, as_csv(a_booking(house)))) == [
        f"This very file was taken in before, as import {first.pk}."
    ]
    assert ImportFile.objects.count() == 1


def test_a_damaged_file_says_so(desk):
    hand_in(desk, b"PK\x03\x04 broken")
    file = gone_on(ImportFile.objects.get())
    page = desk.get(reverse("import_file", args=[file.pk])).content.decode()
    assert "neither a CSV nor an XLSX file" in page


def test_rows_left_out_are_saved_as_a_harmless_file(desk, house):
    file = waiting(desk, a_booking(house, "=1+1", 手机号="+86 139 0000 1234", 人数="many"))
    answer = desk.get(reverse("import_left_out", args=[file.pk]))
    row = answer.content.decode("utf-8-sig").splitlines()[1].split(",")
    assert (row[0], row[1], answer.headers["Content-Type"]) == (
        "'=1+1", "'+86 139 0000 1234", "text/csv; charset=utf-8"
    )  # fmt: skip
    importing.discard_import(file=file, actor=file.begun_by, at=AT)
    again = answer.content.decode("utf-8-sig").replace("many", "1").encode()
    hand_in(desk, again)
    told = importing.open_import(file=gone_on(ImportFile.objects.first()), actor=file.begun_by, at=AT)
    assert told.samples[0][:2] == ["=1+1", "+86 139 0000 1234"]


def test_saving_them_wants_a_fresh_proof(client, clerk, house):
    file = handed_in(clerk, house, as_csv(booking("")))
    old = at_desk(client, clerk, house, is_fresh=False)
    answer = old.get(reverse("import_left_out", args=[file.pk]))
    assert answer.headers["Location"].startswith(reverse("step_up"))


def test_an_import_is_discarded(desk, house):
    file = waiting(desk, a_booking(house))
    assert desk.post(reverse("import_discard", args=[file.pk])).status_code == 302
    page = desk.get(reverse("import_file", args=[file.pk])).content.decode()
    assert "nothing of its rows was kept" in page


def test_each_sees_the_imports_they_could_begin(client, clerk, house):
    file = handed_in(clerk, house, as_csv(booking()))
    admin = at_desk(Client(), make_person(house, "administrator"), house)
    other = make_property()
    stranger = at_desk(Client(), make_person(other, "front_desk"), other)
    for browser in (admin, stranger):
        assert browser.get(reverse("import_file", args=[file.pk])).status_code == 404
        assert list(browser.get(reverse("imports")).context["page"].object_list) == []
    own = at_desk(client, clerk, house).get(reverse("imports"))
    assert list(own.context["page"].object_list) == [file]


def test_the_list_and_the_page_cost_the_same_with_more_rows(desk, clerk, house, django_assert_max_num_queries):
    for place in range(3):
        handed_in(clerk, house, as_csv(*[booking(f"客人{place}{each}", 人数="many") for each in range(30)]))
    with django_assert_max_num_queries(12):
        desk.get(reverse("imports"))
    with django_assert_max_num_queries(16):
        desk.get(reverse("import_file", args=[ImportFile.objects.first().pk]))
