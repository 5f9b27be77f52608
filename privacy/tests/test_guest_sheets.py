"""The guest's sheet (B10): who looked, by role, when and why, for a request or from a stay, with proofs for anybody."""

import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.utils import timezone

from audit import services as audit
from audit.leaves import guest_mark
from audit.models import Event
from audit.services import Why
from audit.tests import conftest as sealed
from audit.tests.sealed_house import House
from privacy.models import Request
from privacy.services import copies, looking_up
from privacy.tests.factories import checked_in, companion, lead, make_person, make_property, make_request, subjects_of
from privacy.tests.office import answers, on_duty
from privacy.tests.visits import in_house, of
from staff.models import Person
from staff.permissions import who
from stays import services as desk
from stays.models import Room, Stay
from stays.tests.factories import RoomFactory
from stays.tests.papers import lines, pdf_text

SERVICE = Why(purpose="guest_service")
GUEST = ("欧阳海棠", "13900001234")
OPENED = (
    "Stay opened: name, name in Latin letters, last digits of the phone number, last characters of the document number"
)
log = sealed.house


def verified(stay: Stay, **facts: Any) -> Request:
    """An open request by the guest of the stay, who is known."""
    given: dict[str, Any] = {"kind": "access", "state": "in_review", "language": "en", "at": timezone.now()}
    return make_request(stay.property, stay=stay, **given | facts)


def looked_at(stay: Stay, clerk: Person) -> None:
    """Opened once, and twice among others in a list."""
    desk.open_stay(stay, actor=clerk, why=SERVICE, at=timezone.now())
    for _each in range(2):
        desk.list_stays(actor=clerk, property=stay.property, which="in_house", why=SERVICE, at=timezone.now())


def last_row(action: str) -> dict[str, Any]:
    event = Event.objects.filter(action=action).latest("id")
    names = ("actor", "actor_role", "outcome", "purpose", "purpose_ref", "object_type", "object_ref", "subjects",
             "fields", "explained_by", "detail")  # fmt: skip
    return {name: getattr(event, name) for name in names}


def told(answer: Any) -> list[list[str]]:
    """Rows of the tables on the page, in words."""
    body = answer.content.decode()
    rows = [part.split("</tr>")[0] for part in body.split("<tr>")[1:]]
    return [[cell.split("</td>")[0] for cell in row.split("<td>")[1:]] for row in rows if "<td>" in row]


@pytest.fixture
def guests_stay(clerk: Person, room: Room) -> Stay:
    """A guest in house since now."""
    return in_house(clerk, room)


def test_for_a_request_it_tells_roles_and_no_names(officer: Person, clerk: Person, guests_stay: Stay) -> None:
    looked_at(guests_stay, clerk)
    asked = verified(guests_stay)
    page = on_duty(officer, guests_stay.property).get(of(asked, "looks/"))
    here = guests_stay.property.name_en
    assert [row[1:] for row in told(page)] == [
        [here, "Privacy officer", "List of looks opened", "guest request", "not sealed yet"],
        [here, "Front desk", OPENED, "guest service", "not sealed yet"],
        [here, "Front desk", "In a list of the front desk", "guest service", "2", "not sealed yet"],
    ]  # fmt: skip
    paper = page.content.decode().split('<article class="paper"')[1]
    assert [name for name in (*GUEST, clerk.name, officer.name, clerk.staff_number) if name in paper] == []
    assert last_row("guest_sheet.viewed") == {
        "actor": officer.pk, "actor_role": "privacy_officer", "outcome": "ok", "purpose": "request",
        "purpose_ref": asked.number, "object_type": "request", "object_ref": asked.number,
        "subjects": subjects_of(guests_stay), "fields": [], "explained_by": "", "detail": {},
    }  # fmt: skip


def test_it_is_in_the_guests_language(officer: Person, clerk: Person, guests_stay: Stay) -> None:
    looked_at(guests_stay, clerk)
    asked = verified(guests_stay, language="zh-hans")
    sheet = looking_up.open_request_sheet(request=asked, actor=officer, at=timezone.now())
    here = guests_stay.property.name_zh
    assert (sheet.paper.title, [line.split(" | ")[1:5] for line in lines(sheet.paper)[1:4:2]]) == (
        "谁查看过您的信息",
        [
            ["酒店", "角色", "内容", "目的"],
            [here, "前台", "查看住宿记录：姓名、拉丁字母姓名、手机尾号、证件尾号", "对客服务"],
        ],
    )


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"state": "in_review"}, 200),
        ({"state": "verifying"}, 409),
        ({"state": "closed"}, 409),
        ({"kind": "complaint", "state": "received"}, 409),
    ],
)
def test_only_for_an_open_request_of_somebody_known(
    officer: Person, guests_stay: Stay, facts: dict[str, str], code: int
) -> None:
    asked = verified(guests_stay, **facts)
    client = on_duty(officer, guests_stay.property)
    assert [client.get(of(asked, f"looks/{more}")).status_code for more in ("", "pdf/", "zip/")] == [code] * 3
    assert Event.objects.filter(action__startswith="guest_sheet.").count() == (3 if code == 200 else 0)


def test_from_a_stay_it_asks_what_for(officer: Person, clerk: Person, guests_stay: Stay) -> None:
    looked_at(guests_stay, clerk)
    asked = verified(guests_stay, officer=officer)
    client = on_duty(officer, guests_stay.property)
    address = f"/stays/{guests_stay.reference}/looks/1/"
    assert "What do you open this for?" in client.get(address).content.decode()
    refused = client.post(address, {"purpose": "request", "purpose_ref": "R-2026-999999"})
    assert "There is no request of this number" in refused.content.decode()
    page = client.post(address, {"purpose": "request", "purpose_ref": asked.number})
    assert [row[2:4] for row in told(page)] == [
        ["Privacy officer", "List of looks opened"],
        ["Front desk", OPENED],
        ["Front desk", "In a list of the front desk"],
    ]
    assert last_row("guest_sheet.viewed")["explained_by"] == "E3"
    taken = client.post(f"{address}zip/", {"purpose": "request", "purpose_ref": asked.number})
    assert taken.headers["Content-Disposition"] == f'attachment; filename="{guests_stay.reference}-looks.zip"'
    row = last_row("guest_sheet.taken")
    assert (row["object_type"], row["object_ref"], row["subjects"], row["detail"]) == (
        "stay", guests_stay.reference, subjects_of(guests_stay), {"file": "zip"},
    )  # fmt: skip


def test_of_a_party_each_gets_their_own(officer: Person, clerk: Person, room: Room) -> None:
    """A request of the lead opens no list of the companion's looks."""
    stay = in_house(clerk, room, lead(), companion())
    asked = verified(stay)
    client = on_duty(officer, stay.property)
    typed = {"purpose": "request", "purpose_ref": asked.number}
    mine, theirs = (client.post(f"/stays/{stay.reference}/looks/{position}/", typed) for position in (1, 2))
    assert ["paper" in mine.context, "paper" in theirs.context] == [True, False]
    assert "This request is about one guest only" in theirs.content.decode()
    assert client.post(f"/stays/{stay.reference}/looks/3/", typed).status_code == 404


def test_looks_for_an_authority_are_in_no_sheet(officer: Person, clerk: Person, guests_stay: Stay) -> None:
    subjects = subjects_of(guests_stay)
    why = Why(purpose="authority", ref="C-000001")
    audit.record_look("stay.viewed", who=who(clerk, guests_stay.property), why=why, subjects=subjects)
    sheet = looking_up.open_request_sheet(request=verified(guests_stay), actor=officer, at=timezone.now())
    assert Event.objects.about_subjects(subjects).filter(action="stay.viewed").count() == 1
    assert [look.what for look in sheet.looks.looks] == ["guest_sheet.viewed"]


def test_who_may(
    clerk: Person, officer: Person, approver: Person, manager: Person, stranger: Person, guests_stay: Stay
) -> None:
    people = (clerk, officer, approver, manager, stranger)
    asked, stay = verified(guests_stay), f"/stays/{guests_stay.reference}/looks/1/"
    for path in (of(asked, "looks/"), of(asked, "looks/pdf/"), stay):
        assert answers(path, guests_stay.property, *people) == [403, 200, 200, 403, 404]
    assert answers(f"{stay}zip/", guests_stay.property, *people, method="post") == [403, 200, 200, 403, 404]


# With its proofs, in a log that is sealed


@pytest.fixture
def sealed_stay(log: House) -> Stay:
    """A guest who was looked at, in a log sealed since, and looked at once more."""
    house = make_property()
    clerk = make_person(house, "front_desk")
    stay = checked_in(clerk, RoomFactory(property=house))
    looked_at(stay, clerk)
    log.seal()
    return stay


def unpacked(content: bytes, folder: Path) -> list[str]:
    """The files of a zip."""
    with ZipFile(BytesIO(content)) as bundle:
        bundle.extractall(folder)
        return sorted(bundle.namelist())


def verify(folder: Path, proof: str, key: str) -> tuple[int, str]:
    """What the verifier of the zip says of one proof, run as an outsider runs it."""
    command = [sys.executable, "-I", "verify_log.py", proof, "--key", key]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_anybody_verifies_each_line_offline(log: House, sealed_stay: Stay, tmp_path: Path) -> None:
    officer = make_person(sealed_stay.property, "privacy_officer")
    [guest] = subjects_of(sealed_stay)
    asked = verified(sealed_stay)
    sheet = looking_up.open_request_sheet(request=asked, actor=officer, at=timezone.now(), file="zip")
    names = unpacked(sheet.zip(), tmp_path / "zip")
    rows = [json.loads(line) for line in (tmp_path / "zip/rows.jsonl").read_text().splitlines()]
    proofs = [f"proofs/{row['number']}.tlog-proof" for row in rows if row["proof"]]
    kept = [(tmp_path / "zip" / proof).read_text() for proof in proofs]
    assert [row["proof"] for row in rows] == [None, *kept]
    assert names == sorted(
        ["README.txt", "checkpoint", "key", "rows.jsonl", "sheet.json", "sheet.pdf", "verify_log.py", *proofs]
    )
    assert [row["number"] is None for row in rows] == [True, False, False, False]
    shown = [row["entry"]["pub"] for row in rows[1:]]
    assert [each["action"] for each in shown] == ["stays.list_viewed", "stays.list_viewed", "stay.viewed"]
    assert [each["guests"] for each in shown] == [[guest_mark(bytes.fromhex(each["salt"]), guest)] for each in shown]
    key = str(log.verifier)
    assert (tmp_path / "zip/key").read_text() == f"{key}\n"
    said = [verify(tmp_path / "zip", proof, key) for proof in proofs]
    assert [(code, text.splitlines()[-1]) for code, text in said] == [(0, "The entry stands in the signed log.")] * 3


def test_the_paper_names_the_places_and_the_readme_the_command(log: House, sealed_stay: Stay, tmp_path: Path) -> None:
    officer, request = make_person(sealed_stay.property, "privacy_officer"), verified(sealed_stay)
    Person.objects.update(name="令狐值班")
    sheet = looking_up.open_request_sheet(request=request, actor=officer, at=timezone.now())
    unpacked(sheet.zip(), tmp_path)
    told_looks = json.loads((tmp_path / "sheet.json").read_text())["looks"]
    [first, last] = told_looks["in_lists"][0]["numbers"]
    assert f"{first}…{last}" in pdf_text((tmp_path / "sheet.pdf").read_bytes())
    assert [look["number"] is None for look in told_looks["deliberate"]] == [True, False]
    readme = (tmp_path / "README.txt").read_text()
    assert readme.count(f"python3 verify_log.py proofs/{last}.tlog-proof --key {log.verifier}") == 2
    assert "Lines not sealed yet when these files were made: 1." in readme
    everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    people = [*GUEST, *Person.objects.values_list("name", flat=True), *Person.objects.values_list("email", flat=True)]
    assert [value for value in people if value and value.encode() in everything] == []


def test_a_line_that_was_altered_is_found_out(log: House, sealed_stay: Stay, tmp_path: Path) -> None:
    officer = make_person(sealed_stay.property, "privacy_officer")
    sheet = looking_up.open_request_sheet(request=verified(sealed_stay), actor=officer, at=timezone.now())
    proof = next(name for name in unpacked(sheet.zip(), tmp_path) if name.endswith(".tlog-proof"))
    path = tmp_path / proof
    head, extra, *rest = path.read_text().split("\n")
    path.write_text("\n".join([head, f"{extra[:20]}{'A' if extra[20] != 'A' else 'B'}{extra[21:]}", *rest]))
    code, said = verify(tmp_path, proof, str(log.verifier))
    assert (code, said.startswith("BROKEN: the proof does not lead from this entry")) == (1, True)


def test_the_copy_of_the_record_carries_the_proofs_too(log: House, sealed_stay: Stay, tmp_path: Path) -> None:
    officer = make_person(sealed_stay.property, "privacy_officer")
    asked = verified(sealed_stay, state="executing")
    names = unpacked(copies.access_copy(request=asked, actor=officer, at=timezone.now()).zip(), tmp_path)
    looks = json.loads((tmp_path / "copy.json").read_text())["looks"]
    numbers = [*looks["in_lists"][0]["numbers"], looks["deliberate"][-1]["number"]]
    assert [name for name in names if name.startswith("proofs/")] == sorted(
        f"proofs/{number}.tlog-proof" for number in numbers
    )
    assert {"copy.pdf", "copy.json", "verify_log.py", "key"} - set(names) == set()
