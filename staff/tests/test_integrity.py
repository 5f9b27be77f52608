"""The page of the log's integrity: its state, ordering a verification, the sheet, files for outsiders."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from audit.duties import LogDuties
from audit.models import Event, Verification
from audit.pruning import approvers
from audit.tests.conftest import house  # noqa: F401
from audit.tests.sealed_house import House
from audit.tests.test_pruning import old_house  # noqa: F401
from staff import services
from staff.models import Person
from staff.tests.factories import PersonFactory
from staff.tests.log import row, rows
from staff.tests.signing_in import sign_in

PAGE = "/log-integrity/"


@pytest.fixture
def boss(house: House) -> Person:  # noqa: F811
    """The manager of a property whose log has a keeper."""
    harbour = services.found_property(code="harbour", name_en="Harbour Hotel", name_zh="海港酒店")
    person: Person = PersonFactory(staff_number="harbour-manager", roles={harbour: ["manager"]})
    return person


@pytest.fixture
def desk(client: Client, boss: Person) -> Client:
    """A browser with the manager on duty."""
    return sign_in(client, boss, boss.kept_at)


@pytest.fixture
def keeper(house: House) -> LogDuties:  # noqa: F811
    """The keeper's work on the log, in this process."""
    return LogDuties(house.keeper, house.folder, house.origin, [])


def text_of(client: Client, address: str = PAGE) -> str:
    """What a page says, spaces counted once."""
    return " ".join(client.get(address).content.decode().split())


def test_before_the_first_seal(desk: Client) -> None:
    page = desk.get(PAGE)
    assert (page.context["log"].checkpoint, page.context["log"].is_keeper_away) == (None, True)
    assert page.context["log"].waiting_since is not None
    names = ("sheet/", "files/checkpoint", "files/key", "files/other", "files/verify_log.py")
    assert [desk.get(PAGE + name).status_code for name in names] == [404, 404, 404, 404, 200]


def test_seal_and_anchors_are_told(desk: Client, keeper: LogDuties, house: House) -> None:  # noqa: F811
    keeper.turn()
    log = desk.get(PAGE).context["log"]
    assert (log.checkpoint.size, log.is_seal_late) == (house.state.size, False)
    assert [(anchor.place, anchor.checkpoint.size) for anchor in log.anchors] == [("file", house.state.size)]


def test_a_verification_is_ordered_and_answered(desk: Client, boss: Person, keeper: LogDuties) -> None:
    keeper.turn()
    assert desk.post(PAGE, {"scope": "all"}).headers["Location"] == PAGE
    waiting = text_of(desk, PAGE + "verification/")
    assert "hx-get" in waiting and "Under way" in waiting
    keeper.turn()
    found = Verification.objects.get(scope="all")
    told = text_of(desk, PAGE + "verification/")
    assert f"Entries 0 to {(found.ends or 0) - 1}: {found.ends} in all, unbroken." in told
    assert "Written from" in told and "hx-get" not in told and boss.latin_name in told
    facts = {"by": boss, "role": "manager", "at": boss.kept_at}
    assert rows("log.verification_ordered") == [row("log.verification_ordered", **facts, detail={"scope": "all"})]


def test_entries_drawn_by_lot(desk: Client, keeper: LogDuties) -> None:
    keeper.turn()
    desk.post(PAGE, {"scope": "sampled"})
    keeper.turn()
    found = Verification.objects.get(scope="sampled")
    assert f"Entries drawn by lot: {found.ends}, all as they were sealed." in text_of(desk)


def test_what_is_broken_is_named(desk: Client, keeper: LogDuties, house: House) -> None:  # noqa: F811
    keeper.turn()
    [(number, row_id)] = house.sql("SELECT max(number), max(row_id) FROM audit_leaf WHERE source = 1")
    house.tamper(house.partition, f"UPDATE {house.partition} SET outcome = 'failed' WHERE id = %s", (row_id,))
    desk.post(PAGE, {"scope": "all"})
    keeper.turn()
    told = text_of(desk)
    assert f"broken at entry {number}: the row is not what was sealed" in told
    assert "unbroken" not in told and "written 20" in told


@pytest.mark.parametrize("scope", ["", "everything", "since"])
def test_what_cannot_be_ordered(desk: Client, scope: str) -> None:
    assert list(desk.post(PAGE, {"scope": scope}).context["form"].errors) == ["scope"]
    assert not Verification.objects.exists()


def test_the_sheet_is_an_anchor_on_paper(desk: Client, keeper: LogDuties, boss: Person) -> None:
    keeper.turn()
    sheet = desk.get(PAGE + "sheet/")
    assert sheet.context["picture"].startswith("data:image/svg+xml;base64,")
    size = sheet.context["sheet"].size
    facts = {"by": boss, "role": "manager", "at": boss.kept_at}
    assert rows("log.sheet_made") == [
        row("log.sheet_made", **facts, about=("log_sheet", "night"), detail={"size": size})
    ]
    assert desk.get(PAGE).context["printed"] == Event.objects.get(action="log.sheet_made")


def test_the_files_are_what_an_outsider_needs(desk: Client, keeper: LogDuties, house: House, tmp_path: Path) -> None:  # noqa: F811
    keeper.turn()
    files = {name: desk.get(f"{PAGE}files/{name}").content for name in ("checkpoint", "key", "verify_log.py")}
    assert (files["checkpoint"].decode(), files["key"].decode()) == (house.note, f"{house.verifier}\n")
    (tmp_path / "verify_log.py").write_bytes(files["verify_log.py"])
    done = subprocess.run([sys.executable, tmp_path / "verify_log.py", "--help"], capture_output=True, check=True)
    assert b"--key" in done.stdout


def test_two_managers_approve_that_a_year_ends(desk: Client, boss: Person, old_house: House, client: Client) -> None:  # noqa: F811
    page = PAGE + "years/2020/"
    assert desk.get(PAGE).context["due_years"][0] == 2020
    assert [desk.get(PAGE + f"years/{year}/").status_code for year in (2019, 2026)] == [404, 404]
    assert list(desk.post(page, {"year": "2021"}).context["form"].errors) == ["year"]
    assert desk.post(page, {"year": "2020"}).headers["Location"] == PAGE
    again = desk.post(page, {"year": "2020"})
    assert (list(again.context["form"].errors), [*again.context["approved_by"]]) == (["__all__"], [boss])
    second = PersonFactory(staff_number="harbour-manager2", roles={boss.kept_at: ["manager"]})
    assert sign_in(client, second, boss.kept_at).post(page, {"year": "2020"}).headers["Location"] == PAGE
    assert approvers(2020) == [boss.pk, second.pk]
    facts = {"role": "manager", "at": boss.kept_at, "about": ("log_year", "2020")}
    assert rows("log.pruning_approved", "log.pruning_refused") == [
        row("log.pruning_approved", by=boss, **facts),
        row("log.pruning_refused", by=boss, **facts, outcome="denied", detail={"reason": "ApprovedAlready"}),
        row("log.pruning_approved", by=second, **facts),
    ]
