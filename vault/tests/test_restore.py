"""Restoring: what was erased stays erased, and nothing is shown until that is proved."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.utils import timezone

from vault import keys, ledger_copy, lock, rows, search
from vault import services as vault
from vault.backup import files, folders, programs, restoring, taking
from vault.models import KeyEpoch
from vault.sealing import SealBroken

from .backups import Yard
from .factories import GuestFactory, SealedGuest
from .test_erasing import WHO


def show(words: str, done: int, total: int) -> None:
    """Nobody watches."""


def take(yard: Yard) -> str:
    """Take a backup as the keeper does; its name."""
    with yard.connected("keeper"), taking.alone():
        return taking.take(at=timezone.now(), show=show).name


def restore(yard: Yard, name: str = "") -> restoring.Report:
    """Restore into the database of the house, as the owner."""
    return restoring.Restore(yard.url("owner"), restoring.plan_for(name), show).run()


def erase(guest: SealedGuest) -> None:
    """Erase a guest, as a request does."""
    with transaction.atomic():
        vault.erase_envelopes(list(guest.envelopes.values()), reason="CN-RET-01", who=WHO)


def opened(yard: Yard, *guests: SealedGuest) -> list[str]:
    """The names that open, of these guests."""
    with yard.connected("web"):
        ids = [guest.envelopes["name"] for guest in guests]
        return sorted(row.open()["name"] for row in rows.read(ids))


def found(yard: Yard, text: str) -> list[UUID]:
    """Whom a search finds."""
    with yard.connected("web"):
        term = search.parse(text)
        return search.verify(term, search.candidates(term))


def test_a_house_is_restored_into_an_empty_database(yard: Yard) -> None:
    guests = [GuestFactory(name=name) for name in ("张伟", "李娜")]
    take(yard)
    yard.move()
    report = restore(yard)
    assert [step["name"] for step in report.steps] == [
        "data", "keys", "structure", "ledger", "replay", "search", "proof",
    ]  # fmt: skip
    assert opened(yard, *guests) == ["张伟", "李娜"]
    assert found(yard, guests[0].phone) == [guests[0].subject]
    with yard.connected("web"):
        assert lock.reason() == ""


def test_erased_today_is_not_in_yesterdays_backup_restored_tomorrow(yard: Yard) -> None:
    gone, kept = GuestFactory(name="欧阳若兰"), GuestFactory(name="李娜")
    yesterday = take(yard)
    erase(gone)
    take(yard)
    yard.move()
    report = restore(yard, yesterday)
    assert (report.plan.data, report.facts["erased"]) == (yesterday, 0)
    assert opened(yard, gone, kept) == ["李娜"]
    assert [found(yard, gone.name), found(yard, gone.phone)] == [[], []]
    assert yard.rows("SELECT count(*), sum(length(ciphertext)) FROM vault_envelope WHERE erased_at IS NOT NULL") == [
        (3, 0)
    ]


def test_nor_when_the_keys_are_yesterdays_too(yard: Yard) -> None:
    gone, kept = GuestFactory(name="欧阳若兰"), GuestFactory(name="李娜")
    take(yard)
    erase(gone)
    yard.move()
    report = restore(yard)
    assert (report.facts["entries"], report.facts["erased"]) == (1, 3)
    assert opened(yard, gone, kept) == ["李娜"]
    assert yard.rows("SELECT sequence, reason FROM erasure_ledger") == [(1, "CN-RET-01")]


def test_a_guest_made_after_the_data_is_not_half_there(yard: Yard) -> None:
    known = GuestFactory(name="李娜")
    first = take(yard)
    later = GuestFactory(name="张伟")
    take(yard)
    yard.move()
    restore(yard, first)
    assert opened(yard, known, later) == ["李娜"]
    assert yard.rows("SELECT count(*) FROM keys.envelope_key") == [(3,)]


def test_what_was_written_anew_since_is_let_go_on_record(yard: Yard) -> None:
    guest = GuestFactory(name="李娜")
    first = take(yard)
    vault.reseal(guest.envelopes["contact"], {"phone": "13900000000"})
    take(yard)
    yard.move()
    report = restore(yard, first)
    assert (report.facts["lost"], opened(yard, guest)) == (1, ["李娜"])
    assert yard.rows("SELECT reason, envelopes FROM erasure_ledger") == [("restore.lost", [guest.envelopes["contact"]])]
    assert ledger_copy.head() == 1


def test_older_keys_than_data_are_refused(yard: Yard) -> None:
    GuestFactory()
    take(yard)
    kept = take(yard)
    folders.Files(kept).keys.unlink()
    with pytest.raises(folders.BackupTrouble, match="older than the data"):
        restoring.plan_for()


@pytest.mark.parametrize("damage", ["older", "hole", "changed"])
def test_an_older_or_broken_ledger_is_refused_before_anything_is_touched(yard: Yard, damage: str) -> None:
    for _time in range(2):
        erase(GuestFactory())
    take(yard)
    first, second = yard.files("LEDGER_DIR")
    if damage == "older":
        second.unlink()
    elif damage == "hole":
        first.unlink()
    else:
        first.write_bytes(second.read_bytes())
    yard.move()
    with pytest.raises((ledger_copy.LedgerForked, SealBroken)):
        restore(yard)
    assert yard.rows("SELECT count(*) FROM pg_namespace WHERE nspname IN ('keys', 'restoring')") == [(0,)]


@pytest.mark.parametrize("part", ["data", "keys"])
def test_a_damaged_file_does_not_become_a_house(yard: Yard, part: str) -> None:
    GuestFactory()
    name = take(yard)
    path = getattr(folders.Files(name), part)
    path.write_bytes(path.read_bytes()[:-40])
    yard.move()
    with pytest.raises(SealBroken):
        restore(yard, name)
    with yard.connected("owner"):
        assert lock.look() == lock.RESTORED


def test_another_root_opens_nothing(yard: Yard) -> None:
    GuestFactory()
    take(yard)
    root = Path(yard.folders["KEYS_DIR"]) / "root.key"
    root.write_bytes(bytes(32))
    with pytest.raises(folders.BackupTrouble, match="no backup that counts"):
        restoring.plan_for()


def bare_restore(yard: Yard, pieces: Iterable[bytes]) -> None:
    """What somebody does who has ``pg_restore`` and the keys, and does not know better."""
    programs.feed(programs.restore_command(yard.url("owner")), pieces, url=yard.url("owner"))


def test_the_lock_holds_after_a_bare_restore_and_here_finishes_it(yard: Yard) -> None:
    gone, kept = GuestFactory(name="欧阳若兰"), GuestFactory(name="李娜")
    name = take(yard)
    erase(gone)
    yard.move()
    bare_restore(yard, files.read(folders.Files(name).data, set="A"))
    with yard.connected("web"):
        assert lock.look() == lock.RESTORED
    said = yard.manage("restore", "--here", role="owner")
    assert "The house is open again" in said
    assert opened(yard, gone, kept) == ["李娜"]
    with yard.connected("web"):
        assert lock.look() == ""


def test_a_whole_copy_of_the_database_is_locked_too(yard: Yard) -> None:
    gone, kept = GuestFactory(name="欧阳若兰"), GuestFactory(name="李娜")
    whole = [programs.program("pg_dump"), "--format=custom", "--no-password"]
    dump = list(programs.output_of(whole, url=yard.url("backup")))
    erase(gone)
    yard.move()
    bare_restore(yard, dump)
    with yard.connected("web"):
        assert lock.look() == lock.RESTORED
    yard.manage("restore", "--here", "--keep-keys", role="owner")
    assert opened(yard, gone, kept) == ["李娜"]


def test_a_ledger_behind_its_copy_locks(yard: Yard) -> None:
    erase(GuestFactory())
    [entry] = yard.files("LEDGER_DIR")
    assert lock.look() == ""
    ledger_copy.path_of(2).write_bytes(entry.read_bytes())
    assert lock.look() == lock.REPLAY_PENDING


def test_the_command_asks_before_it_replaces_and_then_does(yard: Yard) -> None:
    guest = GuestFactory(name="李娜")
    take(yard)
    said = yard.manage("restore", role="owner", code=1)
    assert ("is not empty" in said, "stays locked" in said) == (True, False)
    assert "The house is open again" in yard.manage("restore", "--replace", role="owner")
    assert opened(yard, guest) == ["李娜"]


def test_keys_that_an_earlier_restore_made_are_destroyed_too(yard: Yard) -> None:
    GuestFactory()
    take(yard)
    for _time in range(2):
        restore(yard)
    with yard.connected("web"):
        usable = set(KeyEpoch.objects.exclude(state="destroyed").values_list("reference", flat=True))
        assert {name for name in keys.provider().held() if name.startswith(("kek", "index"))} == usable


def test_programs_older_than_the_server_are_told(yard: Yard, tmp_path: Path, settings: Any) -> None:
    fake = tmp_path / "pg_dump"
    fake.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.1'\n")
    fake.chmod(0o755)
    settings.POSTGRES_BIN = str(tmp_path)
    with pytest.raises(programs.ProgramTrouble, match="pg_dump is of PostgreSQL 9, the server of PostgreSQL"):
        take(yard)
    settings.POSTGRES_BIN = str(tmp_path / "nowhere")
    with pytest.raises(programs.ProgramTrouble, match="Install PostgreSQL's client programs"):
        take(yard)
