"""The sealed roll call for down-time: opens without the database, expires, and leaves a trace of every opening."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from audit.models import Event
from staff.models import Person, Property
from stays.models import Room
from stays.services import down_time
from stays.tasks import prepare_roll_calls
from stays.tests.factories import AT, checked_in, row, subjects_of
from vault.sealing import SealBroken

HOUR = timedelta(hours=1)


@pytest.fixture
def folder(settings: object, tmp_path: Path) -> Iterator[Path]:
    """Where the sheets lie."""
    settings.ROLL_CALL_DIR = str(tmp_path)  # type: ignore[attr-defined]
    return tmp_path


def prepared(house: Property, at: datetime = AT) -> None:
    """The sheets, made at that time."""
    down_time.prepare_sheets(at=at)
    assert down_time.newest(house, at) == at


@pytest.mark.django_db
def test_a_sheet_holds_who_is_in_house_and_nobody_can_read_it(
    clerk: Person, house: Property, room: Room, folder: Path
) -> None:
    checked_in(clerk, room)
    prepared(house)
    [path] = folder.glob("*.sheet")
    assert "欧阳海棠" not in path.read_bytes().decode(errors="replace")
    assert json.dumps("欧阳海棠")[1:-1] not in path.read_bytes().decode(errors="replace")
    assert path.stat().st_mode & 0o077 == 0
    sheet = down_time.open_sheet(house.code, at=AT + HOUR)
    assert [(one.room, one.name.plain) for floor in sheet.floors for one in floor.people] == [(room.number, "欧阳海棠")]
    assert (sheet.count, sheet.made_at) == (1, AT)


@pytest.mark.django_db
def test_a_sheet_expires_and_is_removed(clerk: Person, house: Property, room: Room, folder: Path) -> None:
    checked_in(clerk, room)
    prepared(house)
    late = AT + down_time.LASTS
    assert down_time.newest(house, late) is None
    with pytest.raises(down_time.NoSheet):
        down_time.open_sheet(house.code, at=late)
    assert list(folder.glob("*.sheet")) == []


@pytest.mark.django_db
def test_what_has_expired_is_removed_by_the_next_run(house: Property, folder: Path) -> None:
    prepared(house)
    (folder / "gone-house.sheet").write_bytes((folder / f"{house.code}.sheet").read_bytes())
    down_time.prepare_sheets(at=AT + down_time.LASTS)
    assert [path.stem for path in folder.glob("*.sheet")] == [house.code]


@pytest.mark.django_db
def test_an_opening_becomes_one_row_once_the_database_is_back(
    clerk: Person, house: Property, room: Room, folder: Path
) -> None:
    stay = checked_in(clerk, room)
    prepared(house)
    down_time.open_sheet(house.code, at=AT + HOUR)
    [note] = (folder / "opened").glob("*.json")
    kept = note.read_text()
    down_time.prepare_sheets(at=AT + 2 * HOUR)
    note.write_text(kept)  # as if the machine had died before it was removed
    down_time.prepare_sheets(at=AT + 2 * HOUR)
    assert list((folder / "opened").glob("*.json")) == []
    seen = row("roll_call.sheet_opened")
    assert (seen["actor"], seen["actor_role"], seen["property"], seen["explained_by"]) == (
        None, "operator", house.pk, "E9",
    )  # fmt: skip
    assert (seen["subjects"], seen["detail"]["count"], seen["fields"]) == (subjects_of(stay), 1, ["name"])


@pytest.mark.django_db
def test_preparing_is_a_row_that_names_nobody(clerk: Person, house: Property, room: Room, folder: Path) -> None:
    checked_in(clerk, room)
    down_time.prepare_sheets(at=AT)
    event = Event.objects.get(action="roll_call.prepared", property=house.pk)
    assert (event.actor_role, event.subjects, event.detail) == ("system", [], {"count": 1})


@pytest.mark.django_db
def test_a_sheet_that_was_changed_does_not_open(house: Property, folder: Path) -> None:
    prepared(house)
    path = folder / f"{house.code}.sheet"
    body = bytearray(path.read_bytes())
    body[-1] ^= 1
    path.write_bytes(bytes(body))
    with pytest.raises(SealBroken):
        down_time.open_sheet(house.code, at=AT)
    assert list((folder / "opened").glob("*")) == []


@pytest.mark.django_db
def test_without_a_folder_no_sheet_is_made(settings: object, house: Property) -> None:
    settings.ROLL_CALL_DIR = ""  # type: ignore[attr-defined]
    assert (prepare_roll_calls.apply().get(), down_time.newest(house, AT)) == (0, None)


@pytest.fixture
def sealed(folder: Path) -> Path:
    """A sheet that lies there since before the database went away."""
    house = Property(pk=7, code="harbour", name_en="Harbour", name_zh="海港")
    people = (down_time.Present(down_time.uuid4(), 8, "0801", True, name=down_time.Value("name", "欧阳海棠")),)
    down_time._write(folder, house, people, timezone.now())
    return folder


@pytest.mark.parametrize(("language", "floor"), [("en", "Floor 8"), ("zh-hans", "8")])
def test_the_command_prints_it_without_the_database(
    sealed: Path, capsys: pytest.CaptureFixture[str], language: str, floor: str
) -> None:
    call_command("open_roll_call", "harbour", language=language)
    printed = capsys.readouterr().out
    assert ("0801" in printed, "欧阳海棠" in printed, floor in printed) == (True, True, True)
    assert len(list((sealed / "opened").glob("*.json"))) == 1


def test_the_command_says_when_there_is_none(folder: Path) -> None:
    with pytest.raises(CommandError, match="there is no roll call of lake"):
        call_command("open_roll_call", "lake")
