"""The access log as a file: a table, or lines with proofs; what was done with it is on record."""

import csv
import hashlib
import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.test import Client

from audit import services as audit
from audit.models import Event
from audit.tests.conftest import house  # noqa: F401
from audit.tests.sealed_house import House
from staff import exporting, permissions, services
from staff.models import Person, Property
from staff.tests.factories import PersonFactory
from staff.tests.log import about, row, rows
from staff.tests.signing_in import sign_in
from staff.tests.test_access_log import STAY, opened

PAGE, FILE = "/access-log/export/", "/access-log/export/file/"
TICKET = "0123456789abcdef"
ONLY_ENTRIES = 'Of each line its "entry" is proved, and nothing that stands beside it.'


def exported(client: Client, file: str = "csv", **asked: str) -> bytes:
    """The file."""
    return b"".join(client.get(FILE, {"file": file, "ticket": TICKET, **asked}).streaming_content)  # type: ignore[attr-defined]


def table(client: Client, **asked: str) -> list[dict[str, str]]:
    """The lines of the table."""
    return list(csv.DictReader(StringIO(exported(client, **asked).decode("utf-8-sig"))))


def test_the_page_says_what_is_exported(as_manager: Client, clerk: Person) -> None:
    asked = {"stay": STAY, "person": "harbour-desk", "kind": "stay", "since": "2026-03-01", "with_lists": "on"}
    told = as_manager.get(PAGE, asked).context
    assert [value for _label, value in told["asked"]] == [
        STAY, f"{clerk.latin_name} (harbour-desk)", "2026-03-01", "Stays and guests", "Yes",
    ]  # fmt: skip
    assert dict(told["filters"]) == asked
    assert as_manager.get(PAGE).context["asked"] == []


def test_a_table(as_manager: Client, manager: Person, clerk: Person, harbour: Property) -> None:
    opened(clerk, harbour, why=audit.Why(purpose="guest_service"))
    file = exported(as_manager, stay=STAY)
    (line,) = csv.DictReader(StringIO(file.decode("utf-8-sig")))
    shown = (line["action"], line["object_ref"], line["purpose"], line["roles"])
    assert shown == ("stay.viewed", STAY, "guest_service", "front_desk")
    facts = {"by": manager, "role": "manager", "at": harbour}
    asked = {"file": "csv", "stay": STAY}
    assert rows("log.export_begun", "log.exported") == [
        row("log.export_begun", **facts, detail=asked),
        row("log.exported", **facts, detail=asked | {"count": 1, "sha256": hashlib.sha256(file).hexdigest()}),
    ]


def test_the_rows_name_the_person_asked_about(as_manager: Client, clerk: Person) -> None:
    exported(as_manager, person="harbour-desk")
    assert [(line["object_type"], line["object_ref"]) for line in rows("log.export_begun", "log.exported")] == [
        about(clerk), about(clerk),
    ]  # fmt: skip


def test_an_export_needs_a_fresh_proof(client: Client, manager: Person, harbour: Property) -> None:
    sign_in(client, manager, harbour, is_fresh=False)
    answers = [client.get(PAGE), client.get(FILE, {"file": "csv", "ticket": TICKET})]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert rows("log.export_begun") == []


@pytest.mark.parametrize("asked", [{}, {"file": "xlsx"}, {"ticket": "../x"}, {"stay": "张三"}])
def test_what_cannot_be_exported(as_manager: Client, asked: dict[str, str]) -> None:
    given = {"file": "csv", "ticket": TICKET, **asked} if asked else {}
    assert as_manager.get(FILE, given).headers["Location"] == PAGE
    assert rows("log.export_begun") == []


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@cmd"])
def test_no_formula_leaves(as_manager: Client, harbour: Property, name: str) -> None:
    clerk = PersonFactory(latin_name=name, roles={harbour: ["front_desk"]})
    opened(clerk, harbour)
    (line,) = table(as_manager, stay=STAY)
    assert line["sentence"].startswith(f"'{name}")


def test_an_export_in_several_pieces(
    as_manager: Client, clerk: Person, harbour: Property, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "CHUNK", 3)
    for number in range(8):
        opened(clerk, harbour, stay=f"2026-{number:06}")
    lines = table(as_manager, person="harbour-desk")
    assert [line["object_ref"] for line in lines] == [f"2026-{number:06}" for number in reversed(range(8))]


def test_progress(
    as_manager: Client, clerk: Person, harbour: Property, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    monkeypatch.setattr(exporting, "CHUNK", 3)
    for number in range(8):
        opened(clerk, harbour, stay=f"2026-{number:06}")
    pieces = iter(as_manager.get(FILE, {"file": "csv", "ticket": TICKET, "person": "harbour-desk"}))
    progress = PAGE + f"{TICKET}/"
    assert as_manager.get(progress).context["progress"] is None
    seen = []
    for _piece in pieces:
        found = as_manager.get(progress).context["progress"]
        seen.append((found.done, found.total, found.percent, bool(found.sha256)))
    assert seen == [(0, 8, 0, False), (3, 8, 37, False), (6, 8, 75, False), (8, 8, 100, False)]
    assert "every 2s" not in as_manager.get(progress).content.decode()
    assert as_manager.get(progress).context["progress"].sha256
    assert exporting.progress_of(permissions.who(clerk, harbour), TICKET) is None


@pytest.fixture
def sealed_house(house: House, tmp_path: Path) -> House:  # noqa: F811
    """A log with a look at a stay, sealed, and one that waits."""
    harbour = services.found_property(code="harbour", name_en="Harbour Hotel", name_zh="海港酒店")
    PersonFactory(staff_number="harbour-manager", roles={harbour: ["manager"]})
    clerk = PersonFactory(staff_number="harbour-desk", roles={harbour: ["front_desk"]})
    for number in range(3):
        audit.record_look("stay.viewed", who=permissions.who(clerk, harbour), object_type="stay",
                          object_ref=f"2026-{number:06}")  # fmt: skip
    house.seal()
    audit.record_look("stay.viewed", who=permissions.who(clerk, harbour), object_type="stay", object_ref=STAY)
    return house


def test_lines_with_proofs_are_verified_offline(sealed_house: House, client: Client, tmp_path: Path) -> None:
    """Defence: ``verify_lines`` compares the entry shown with the one that is proved."""
    boss = Person.objects.get(staff_number="harbour-manager")
    sign_in(client, boss, boss.kept_at)
    file = exported(client, file="jsonl", person="harbour-desk")
    lines = [json.loads(line) for line in file.splitlines()]
    assert [line["object_ref"] for line in lines] == [STAY, "2026-000002", "2026-000001", "2026-000000"]
    assert [line["proof"] is None for line in lines] == [True, False, False, False]
    event = Event.objects.get(object_ref="2026-000001")
    assert lines[2]["entry"]["pub"]["ref"] == str(event.ref)
    path = tmp_path / "lines.jsonl"
    path.write_bytes(file)
    told = f"3 lines stand in the signed log, 1 have no proof yet. {ONLY_ENTRIES}\n"
    assert verified(path, sealed_house) == (0, told)
    path.write_bytes(file.replace(b'"action": "stay.viewed"', b'"action": "stay.listed"', 1))
    assert verified(path, sealed_house) == (1, "BROKEN: line 2: the entry shown is not the one that is proved\n")
    path.write_bytes(file.replace(b"index 3", b"index 2"))
    assert verified(path, sealed_house)[0] == 1
    path.write_bytes(file[:-40])
    assert verified(path, sealed_house) == (1, "BROKEN: lines.jsonl, line 4, is no JSON\n")


def verified(path: Path, found: House) -> tuple[int, str]:
    """Exit status and words of the verifier."""
    command = [sys.executable, "-I", "docs/verify_log.py", path, "--key", str(found.verifier)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout
