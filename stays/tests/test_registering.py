"""The registration queue: each report once in a file, its answer back, what is late first."""

import csv
import hashlib
import io
import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from audit.models import Event
from audit.services import Why
from staff.models import Person, Property
from staff.permissions import NotAllowed
from stays.models import Registration, RegistrationFile, Room, Stay
from stays.services import registering
from stays.services.looking_up.registrations import list_registrations
from stays.services.registering import Answer, HandedOut, answer_report, hand_out_reports, take_in_answers
from stays.tests.desk_visits import at_desk, in_house
from stays.tests.factories import (
    AT,
    RoomFactory,
    as_row,
    checked_in,
    companion,
    guest,
    lead,
    make_person,
    resident_id,
    row,
    subjects_of,
)

pytestmark = pytest.mark.django_db

WHY = Why(purpose="guest_service")
PASSPORT = {"document_type": "passport", "document_number": "E12345678", "nationality": "GBR", "region": ""}


def handed_out(clerk: Person, house: Property, format: str = "json") -> HandedOut:
    """A file."""
    return hand_out_reports(actor=clerk, property=house, format=format, why=WHY, at=AT)


def reports(stay: Stay) -> list[Registration]:
    """Those of a party, the lead first."""
    return list(Registration.objects.filter(occupant__stay=stay).order_by("occupant__position"))


def test_the_file_holds_every_guest_of_the_queue(clerk: Person, house: Property, room: Room) -> None:
    stay = checked_in(clerk, room, lead(), companion(2, **PASSPORT))
    file = json.loads(handed_out(clerk, house).content)
    first, second = reports(stay)
    assert (file["form"], file["property"]) == ("hotelrecords-registration/1", house.code)
    by_report = {guest["report"]: guest for guest in file["guests"]}
    assert by_report[str(first.pk)] == {
        "report": str(first.pk),
        "kind": "domestic",
        "due_at": (AT + timedelta(hours=1)).isoformat(),
        "room": room.number,
        "came_at": AT.isoformat(),
        "left_at": "",
        "document_type": "resident_id",
        "document_number": resident_id(1),
        "nationality": "CHN",
        "birth_date": "1988-02-14",
        "sex": "F",
        "expires_on": "",
        "name": "欧阳海棠",
        "latin_name": "",
        "region": "11",
    }
    assert (by_report[str(second.pk)]["kind"], by_report[str(second.pk)]["document_number"]) == (
        "overseas",
        "E12345678",
    )


def test_a_report_stands_in_one_file_only(clerk: Person, house: Property, room: Room) -> None:
    stay = checked_in(clerk, room)
    file = handed_out(clerk, house)
    [report] = reports(stay)
    kept = RegistrationFile.objects.get()
    assert (report.state, report.sent_at, report.file, kept.count) == ("sent", AT, kept, 1)
    assert kept.sha256 == hashlib.sha256(file.content).hexdigest()
    with pytest.raises(registering.NothingToSend):
        handed_out(clerk, house)


def test_the_look_and_the_file_are_two_exact_rows(clerk: Person, house: Property, room: Room) -> None:
    stay = checked_in(clerk, room)
    handed_out(clerk, house, "csv")
    look, sent = row("registrations.opened"), row("registrations.sent")
    kept = RegistrationFile.objects.get()
    assert look == as_row(
        clerk,
        house,
        purpose="guest_service",
        object_type="property",
        object_ref=house.code,
        subjects=subjects_of(stay),
        fields=look["fields"],
        detail={"count": 1},
    )
    assert ("document_number" in look["fields"], "birth_date" in look["fields"]) == (True, True)
    assert sent == as_row(
        clerk,
        house,
        object_type="registration_file",
        object_ref=str(kept.pk),
        subjects=subjects_of(stay),
        detail={"count": 1, "format": "csv", "sha256": kept.sha256},
    )


def test_no_cell_of_the_file_is_a_formula(clerk: Person, house: Property, room: Room) -> None:
    checked_in(clerk, room, lead(guest=guest("=HYPERLINK(1)")))
    lines = list(csv.DictReader(io.StringIO(handed_out(clerk, house, "csv").content.decode("utf-8-sig"))))
    assert [line["name"] for line in lines] == ["'=HYPERLINK(1)"]


def test_a_receipt_ends_a_report(clerk: Person, house: Property, room: Room) -> None:
    stay = checked_in(clerk, room)
    handed_out(clerk, house)
    answered = answer_report(actor=clerk, registration=reports(stay)[0], receipt="SH-2026-77", at=AT)
    assert (answered.state, answered.receipt, answered.acknowledged_at) == ("acknowledged", "SH-2026-77", AT)
    assert row("registration.answered") == as_row(
        clerk,
        house,
        object_type="stay",
        object_ref=stay.reference,
        subjects=subjects_of(stay),
        detail={"state": "acknowledged"},
    )
    with pytest.raises(registering.ReportAnswered):
        answer_report(actor=clerk, registration=answered, receipt="SH-2026-78", at=AT)


def test_what_failed_stands_in_the_next_file(clerk: Person, house: Property, room: Room) -> None:
    stay = checked_in(clerk, room)
    handed_out(clerk, house)
    failed = answer_report(actor=clerk, registration=reports(stay)[0], failure="file_lost", at=AT)
    assert (failed.state, failed.failure) == ("failed", "file_lost")
    assert handed_out(clerk, house).count == 1
    assert (reports(stay)[0].state, reports(stay)[0].failure) == ("sent", "")


def test_an_answer_says_something(clerk: Person, room: Room) -> None:
    stay = checked_in(clerk, room)
    with pytest.raises(registering.ReceiptMissing):
        answer_report(actor=clerk, registration=reports(stay)[0], at=AT)


def test_answers_are_taken_in_all_or_none(clerk: Person, house: Property, stranger: Person) -> None:
    here = [checked_in(clerk, RoomFactory(property=house), lead(n)) for n in (1, 2)]
    there = checked_in(stranger, RoomFactory(property=stranger.kept_at), lead(3))
    first, second, foreign = (reports(stay)[0].pk for stay in (*here, there))
    wrong = [Answer(first, "A-1", line=2), Answer(foreign, "A-2", line=3), Answer(second, line=4)]
    with pytest.raises(registering.AnswersWrong) as refused:
        take_in_answers(actor=clerk, property=house, answers=wrong, at=AT)
    assert [f" {line}" in str(refused.value) or f"第{line}行" in str(refused.value) for line in (3, 4)] == [True, True]
    assert [reports(stay)[0].state for stay in here] == ["pending", "pending"]
    assert Event.objects.filter(action="registration.answered").count() == 0
    right = [Answer(first, "A-1", line=2), Answer(second, "", "rejected", line=3)]
    assert take_in_answers(actor=clerk, property=house, answers=right, at=AT) == 2
    assert [reports(stay)[0].state for stay in here] == ["acknowledged", "failed"]


def test_only_the_desk_of_the_house_registers(clerk: Person, house: Property, stranger: Person, room: Room) -> None:
    stay = checked_in(clerk, room)
    for person in (stranger, make_person(house, "finance"), make_person(house, "privacy_officer")):
        with pytest.raises(NotAllowed):
            handed_out(person, house)
        with pytest.raises(NotAllowed):
            answer_report(actor=person, registration=reports(stay)[0], receipt="A-1", at=AT)
        with pytest.raises(NotAllowed):
            list_registrations(actor=person, property=house, why=WHY, at=AT)


@pytest.mark.parametrize(
    ("state", "counts"),
    [("failed", (1, 0, 0)), ("sent", (0, 1, 0)), ("acknowledged", (0, 0, 0)), ("withdrawn", (0, 0, 0))],
)
def test_of_restricted_stays_the_queue_holds_what_has_no_receipt(
    clerk: Person, house: Property, room: Room, state: str, counts: tuple[int, ...]
) -> None:
    stay = checked_in(clerk, room)
    Stay.objects.filter(pk=stay.pk).update(restricted_until=AT + timedelta(days=3650))
    Registration.objects.update(state=state)
    assert tuple(list_registrations(actor=clerk, property=house, why=WHY, at=AT).counts.values()) == counts


def test_the_queue_is_one_look_late_ones_first(clerk: Person, house: Property) -> None:
    later = checked_in(clerk, RoomFactory(property=house), lead(1, **PASSPORT))
    sooner = checked_in(clerk, RoomFactory(property=house), lead(2), confidential=True)
    queue = list_registrations(actor=clerk, property=house, why=WHY, at=AT + timedelta(hours=2))
    assert [each.report.occupant.stay for each in queue.rows] == [sooner, later]
    assert [each.title for each in queue.rows][1] == "欧阳海棠"
    assert (queue.rows[0].name.plain, queue.counts["to_send"], queue.late) == ("", 2, 1)
    seen = row("stays.list_viewed")
    assert (seen["object_ref"], seen["subjects"], seen["detail"]) == (
        "registrations", subjects_of(later), {"count": 2},
    )  # fmt: skip


@pytest.mark.parametrize("count", [1, 20])
def test_a_longer_queue_asks_the_database_no_more_often(
    clerk: Person, house: Property, count: int, django_assert_num_queries: object
) -> None:
    for number in range(count):
        checked_in(clerk, RoomFactory(property=house), lead(number + 1))
    list_registrations(actor=clerk, property=house, why=WHY, at=AT)
    with django_assert_num_queries(9):  # type: ignore[operator]
        list_registrations(actor=clerk, property=house, why=WHY, at=AT)


def test_the_pages_of_the_queue(client: Client, clerk: Person, house: Property, room: Room) -> None:
    stay = in_house(clerk, room)
    [report] = reports(stay)
    at_desk(client, clerk, house)
    assert [each.report for each in client.get("/registrations/").context["queue"].rows] == [report]
    file = client.post("/registrations/file/", {"format": "json"})
    assert file["Content-Disposition"].startswith(f'attachment; filename="registration-{house.code}-')
    assert json.loads(file.content)["guests"][0]["name"] == "欧阳海棠"
    again = client.post("/registrations/file/", {"format": "json"})
    assert "No registration waits" in again.content.decode()
    path = f"/registrations/{report.pk}/"
    assert list(client.post(path, {"receipt": "?"}).context["form"].errors) == ["receipt"]
    assert list(client.post(path, {"receipt": ""}).context["form"].errors) == ["receipt"]
    assert client.post(path, {"receipt": "SH-77"})["Location"] == "/registrations/"
    shown = client.get("/registrations/?state=acknowledged")
    assert ("SH-77" in shown.content.decode(), shown.context["chosen"]) == (True, "acknowledged")


def test_a_file_wants_a_fresh_proof(client: Client, clerk: Person, house: Property, room: Room) -> None:
    in_house(clerk, room)
    at_desk(client, clerk, house, is_fresh=False)
    assert client.get("/registrations/file/").status_code == 302
    assert client.post("/registrations/file/", {"format": "csv"}).status_code == 302
    assert Registration.objects.get().state == "pending"


def upload(client: Client, text: str | bytes) -> object:
    """Send a file of answers."""
    content = text.encode() if isinstance(text, str) else text
    return client.post("/registrations/answers/", {"file": SimpleUploadedFile("answers.csv", content)})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"\xff\xfe", "UTF-8"),
        ("number,receipt\n1,A-1\n", "names the columns"),
        ("report,receipt,failure\n", "holds no answer"),
        ("report,receipt,failure\nx,A-1,\n", "Line 2: the number"),
        ("report,receipt,failure\n1,?,\n", "Line 2: this is no receipt"),
        ("report,receipt,failure\n1,,lost\n", "Line 2: this is no known failure"),
        ("report,receipt,failure\n999999,A-77,\n", "line 2: there is no registration 999999 here"),
    ],
)
def test_a_wrong_file_is_told_in_words(
    client: Client, clerk: Person, house: Property, text: str | bytes, reason: str
) -> None:
    at_desk(client, clerk, house)
    assert reason in upload(client, text).content.decode()  # type: ignore[attr-defined]


def test_a_file_of_answers_is_taken_in(client: Client, clerk: Person, house: Property, room: Room) -> None:
    [report] = reports(in_house(clerk, room))
    at_desk(client, clerk, house)
    assert upload(client, f"report,receipt\n{report.pk},SH-77\n")["Location"] == "/registrations/"  # type: ignore[index]
    report.refresh_from_db()
    assert (report.state, report.receipt) == ("acknowledged", "SH-77")
