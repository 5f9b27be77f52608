"""A guest erased today is not in yesterday's backup restored tomorrow; after a rotation not even with that day's keys.

Every value of the guest is found before, by the same search that finds none after: in the tables and in all that
opens, of the live house and of every backup file, each loaded with each backup of the keys.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest
from django.conf import settings

from hotelrecords.tests.canaries import Scanner
from privacy.models import Request
from privacy.services import executing
from privacy.tests.factories import RoomFactory, document, guest, lead, make_person, make_property
from privacy.tests.sheets import BILL_OVER, a_past_stay, approved, in_review, with_preferences
from stays.tests.factories import resident_id
from stays.typed import PaymentData
from vault import keys, rows
from vault.backup import filling, folders, keyring, programs, scratch
from vault.backup.folders import Files
from vault.models import Envelope, ErasureEntry
from vault.sealing import SealBroken
from vault.tests.backups import Yard, fenced

SAID: Final = {
    "name": "令狐冲霄",
    "latin_name": "LINGHU CHONGXIAO",
    "phone": "+8613566778899",
    "email": "linghu.chongxiao@example.org",
    "address": "思过崖巷 88 号",
    "document_number": resident_id(457, birth="19881212"),
    "payer": "岳不群先生",
    "invoice_title": "华山气功有限公司",
    "tax_number": "91310000HUASHAN001",
    "special_request": "要一间朝南的琴房",
    "preferences": "荞麦枕头不要羽绒",
}
VALUES: Final = frozenset(SAID.values())
# Of a guest who stays: what shows that the search still finds.
OTHER: Final = "百里屠苏子"
SCANNER: Final = Scanner(VALUES | {OTHER})


@pytest.fixture
def yard(own_database: str, test_bed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Yard]:
    """A house with keys and backup folders of its own."""
    with fenced(test_bed, own_database, tmp_path, monkeypatch) as found:
        yield found


def a_request_of_a_guest() -> Request:
    """Somebody came and went with everything a guest can leave; somebody else too; the first wants to be deleted."""
    house = make_property()
    clerk = make_person(house, "front_desk")
    who = guest(*(SAID[name] for name in ("name", "phone")),
                **{name: SAID[name] for name in ("latin_name", "email", "address")})  # fmt: skip
    paper = document(document_number=SAID["document_number"], birth_date=date(1988, 12, 12))
    payment = PaymentData("card", SAID["payer"], "4242", None, SAID["invoice_title"], SAID["tax_number"])
    stay = a_past_stay(
        clerk, RoomFactory(property=house), lead(guest=who, document=paper), words=SAID["special_request"],
        payment=payment,
    )  # fmt: skip
    with_preferences(stay, SAID["preferences"])
    other = lead(2, guest=guest(OTHER, "13700001111"))
    a_past_stay(clerk, RoomFactory(property=house), other, payment=PaymentData("cash"))
    return in_review(stay)


def erase(asked: Request) -> None:
    """Decided, approved and carried out after every period is over."""
    officer = make_person(asked.property, "privacy_officer")
    executing.execute_decision(request=approved(asked, officer, BILL_OVER), actor=officer, at=BILL_OVER)


def contents(url: str) -> bytes:
    """Everything in the tables of a database, and everything of it that opens with the keys at hand, as text."""
    tables = programs.output_of([programs.program("pg_dump"), "--no-password"], url=url)
    plain: list[Any] = []
    with scratch.connected_to(url):
        for row in rows.read(list(Envelope.objects.values_list("pk", flat=True)), with_restricted=True):
            with suppress(SealBroken, keys.KeyUnknown):
                plain.append(row.open())
    return b"".join(tables) + json.dumps(plain, ensure_ascii=False, default=str).encode()


def live(yard: Yard) -> bytes:
    """The house as it stands."""
    return contents(yard.url("backup"))


def backed_up(yard: Yard, data: Path, *keys_of: Path) -> Iterator[tuple[Path, bytes]]:
    """One file of data opened with each of these backups of the keys, wherever they lie, and every key at hand."""
    with TemporaryDirectory(dir=yard.folder) as place, pytest.MonkeyPatch.context() as elsewhere:
        for path in keys_of:
            shutil.copy(path, place)
        elsewhere.setattr(settings, "BACKUP_KEYS_DIR", place)
        with scratch.database(yard.url("backup")) as url:
            filling.load_data(url, Files(data.stem), silent)
            for path in keys_of:
                filling.load_keys(url, Files(path.stem), silent)
                yield path, contents(url)


def silent(words: str, done: int, total: int) -> None:
    """Nobody watches."""


def everywhere(yard: Yard, *keys_of: Path) -> dict[tuple[str, str], set[str]]:
    """What is found in every file of data of the house, by data and keys; with these backups of the keys."""
    return {
        (data.stem, path.stem): SCANNER.find(content)
        for data in yard.files("BACKUP_DIR") if data.suffix == ".data"
        for path, content in backed_up(yard, data, *keys_of)
    }  # fmt: skip


def on_that_day(yard: Yard, keys_of: Path) -> set[str]:
    """What is found in the data of the same backup."""
    [(_path, content)] = backed_up(yard, Files(keys_of.stem).data, keys_of)
    return SCANNER.find(content)


def newest_keys() -> Path:
    """The backup of the keys that a restore uses."""
    return folders.newest_keys().keys


def test_a_guest_erased_is_in_no_backup(yard: Yard) -> None:
    asked = a_request_of_a_guest()
    yard.manage("backup", role="keeper")
    yesterday = newest_keys()
    key_folder, stolen = a_thief_takes(yard, yesterday)
    assert SCANNER.find(live(yard)) == VALUES | {OTHER}
    assert everywhere(yard, yesterday) == {(yesterday.stem, yesterday.stem): VALUES | {OTHER}}
    erased_and_restored(yard, asked, yesterday.stem)
    assert SCANNER.find(live(yard)) == {OTHER}
    today = newest_keys()
    assert everywhere(yard, today) == {(name, today.stem): {OTHER} for name in (yesterday.stem, today.stem)}
    # As the handbook says: with the keys of that day, until they roll off or the key above them is destroyed.
    assert on_that_day(yard, stolen) == VALUES | {OTHER}
    with destroyed_at_rotation():
        yard.manage("rotate_keys", "--kek", role="owner")
    keys.forget()
    rotated = newest_keys()
    assert yard.files("BACKUP_KEYS_DIR") == [rotated]
    names = (yesterday.stem, today.stem, rotated.stem)
    opening = {(name, rotated.stem): {OTHER} for name in names}
    assert everywhere(yard, stolen, rotated) == {(name, stolen.stem): set() for name in names} | opening
    assert with_keys_of(yard, key_folder, stolen) == VALUES | {OTHER}


def a_thief_takes(yard: Yard, backup: Path) -> tuple[Path, Path]:
    """Copies of the key folder and of that backup of the keys, kept elsewhere."""
    thief = yard.folder / "thief"
    shutil.copytree(yard.folders["KEYS_DIR"], thief / "keys")
    return thief / "keys", Path(shutil.copy(backup, thief))


def erased_and_restored(yard: Yard, asked: Request, name: str) -> None:
    """Erased today; yesterday's backup restored tomorrow on a new machine."""
    erase(asked)
    yard.manage("backup", role="keeper")
    gone = ErasureEntry.objects.get().envelopes
    yard.move()
    yard.manage("restore", "--backup", name, role="owner")
    with yard.connected("web"):
        assert ErasureEntry.objects.get().envelopes == gone


@contextmanager
def destroyed_at_rotation() -> Iterator[None]:
    """The keyring that was there before is overwritten on its disk, not only forgotten."""
    held, disk = keyring.path().read_bytes(), os.open(keyring.path(), os.O_RDONLY)
    yield
    assert os.pread(disk, len(held), 0) != held
    os.close(disk)


def with_keys_of(yard: Yard, folder: Path, stolen: Path) -> set[str]:
    """What a thief of that day's key folder finds: it was the destroyed key alone that stood in the way."""
    with pytest.MonkeyPatch.context() as theirs:
        theirs.setattr(settings, "KEYS_DIR", str(folder))
        keys.forget()
        found = on_that_day(yard, stolen)
    keys.forget()
    return found
