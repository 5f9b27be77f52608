"""Rotation: new keys for old, whoever writes meanwhile; afterwards the old key opens nothing and is nowhere."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from vault import keys, rotation, rows, sealing
from vault import services as vault
from vault.backup import files, filling, folders, keyring, programs, scratch
from vault.models import KeyEpoch
from vault.services import indexing

from .backups import Yard
from .factories import GuestFactory, SealedGuest
from .test_erasing import WHO, found
from .test_restore import opened, restore, show, take

PATIENCE_SECONDS = 180


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process nobody has to be waited for: every reader is asked to look again."""
    monkeypatch.setattr(rotation, "PATIENCE_SECONDS", 0.0)


def rotate_kek(yard: Yard) -> None:
    """The steps of the command, without its backup."""
    with yard.connected("owner"):
        new, old = rotation.begin_kek()
        count = rotation.rewrap(new, show)
        rotation.destroy_keks(new, old, reseal=lambda: 0, count=count)
    keys.forget()


def epochs() -> list[tuple[str, str]]:
    """Every key and its state."""
    return [(str(epoch), epoch.state) for epoch in KeyEpoch.objects.order_by("purpose", "epoch")]


def test_after_a_kek_rotation_everything_opens_and_the_old_key_is_gone(yard: Yard) -> None:
    guests = [GuestFactory(name=name) for name in ("张伟", "李娜")]
    rotate_kek(yard)
    assert epochs() == [("index-1", "active"), ("kek-1", "destroyed"), ("kek-2", "active")]
    assert "kek-000001.key" not in keys.provider().held()
    assert opened(yard, *guests) == ["张伟", "李娜"]
    assert yard.rows("SELECT DISTINCT kek FROM keys.envelope_key") == [(2,)]
    assert yard.rows("SELECT action, object_ref FROM audit_event WHERE action LIKE 'key.%' ORDER BY id") == [
        ("key.begun", "kek-2"), ("key.destroyed", "kek-1"),
    ]  # fmt: skip
    assert yard.rows("SELECT said ->> 'deed', said ->> 'key' FROM audit_statement WHERE kind = 'key' ORDER BY id") == [
        ("key.begun", "kek-2"), ("key.destroyed", "kek-1"),
    ]  # fmt: skip


def test_a_tombstone_stays_one(yard: Yard) -> None:
    guest = GuestFactory()
    with transaction.atomic():
        vault.erase_envelopes([guest.envelopes["name"]], reason="x", who=WHO)
    rotate_kek(yard)
    assert yard.rows("SELECT count(*) FROM keys.envelope_key WHERE wrapped IS NULL") == [(1,)]


def test_who_did_not_notice_is_refused_rather_than_write_what_nobody_opens(yard: Yard) -> None:
    subject = vault.new_subject()
    _key, kek, wrapped = keys.wrap_new_key(subject, 1)
    rotate_kek(yard)
    with pytest.raises(DatabaseError, match="was destroyed"), connection.cursor() as cursor:
        cursor.execute("INSERT INTO keys.envelope_key VALUES (%s, %s, 1, %s, NULL)", [subject, kek, wrapped])


def test_a_running_process_notices(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    guest = GuestFactory()
    monkeypatch.setattr(keys, "NOTICE_SECONDS", 0.2)
    seen: list[int] = []
    done = threading.Event()

    def work() -> None:
        while not done.is_set():
            seen.append(keys.active_epoch("kek"))
            rows.read([guest.envelopes["name"]])[0].open()
            time.sleep(0.05)
        connection.close()

    rotated = yard.start("rotate_keys", "--kek", role="owner")
    worker = threading.Thread(target=work)
    worker.start()
    said, _nothing = rotated.communicate(timeout=120)
    time.sleep(1)
    done.set()
    worker.join()
    assert rotated.returncode == 0, said
    assert (seen[0], seen[-1]) == (1, 2)


def test_the_command_takes_and_tests_keyring_and_backup(yard: Yard) -> None:
    guest = GuestFactory(name="李娜")
    yesterday = take(yard)
    keyring.write(at=timezone.now())
    said = yard.manage("rotate_keys", "--kek", "--index", role="owner")
    assert "destroyed, 1 older key backups removed" in said
    assert sorted(keyring.read()) == sorted(keys.provider().held())
    assert [name for name in keyring.read() if name.startswith(("kek", "index"))] == [
        "index-000002.key", "kek-000002.key",
    ]  # fmt: skip
    assert [path.stem for path in yard.files("BACKUP_KEYS_DIR")] == [folders.proved()[0].name]
    assert yesterday in [each.name for each in folders.proved()]
    keys.forget()
    assert opened(yard, guest) == ["李娜"]
    yard.move()
    restore(yard, yesterday)
    assert opened(yard, guest) == ["李娜"]


def test_after_a_rotation_yesterdays_keys_and_keyring_open_nothing(yard: Yard, tmp_path: Path) -> None:
    gone = GuestFactory(name="欧阳若兰")
    name = take(yard)
    keyring.write(at=timezone.now())
    yesterday = tmp_path / "yesterday.keys"
    yesterday.write_bytes(folders.Files(name).keys.read_bytes())
    kept, held = os.open(keyring.path(), os.O_RDONLY), keyring.path().read_bytes()
    assert key_of(gone, yesterday, yard) is not None
    with transaction.atomic():
        vault.erase_envelopes(list(gone.envelopes.values()), reason="x", who=WHO)
    yard.manage("rotate_keys", "--kek", role="owner")
    assert key_of(gone, yesterday, yard) is None
    assert os.pread(kept, len(held), 0) != held
    os.close(kept)


def test_a_rotation_killed_before_it_had_removed_all_removes_it_when_it_is_run_again(yard: Yard) -> None:
    GuestFactory()
    name = take(yard)
    old_key = Path(yard.folders["KEYS_DIR"]) / "kek-000001.key"
    left = {path: path.read_bytes() for path in (old_key, folders.Files(name).keys)}
    yard.manage("rotate_keys", "--kek", role="owner")
    assert [path.exists() for path in left] == [False, False]
    for path, held in left.items():  # as after a kill between the registry's word and the deed
        path.write_bytes(held)
        path.chmod(0o600)
    newest = folders.newest_keys()
    assert "1 older key backups removed" in yard.manage("rotate_keys", "--kek", role="owner")
    assert [path.exists() for path in left] == [False, False]
    assert [path.stem for path in yard.files("BACKUP_KEYS_DIR")] == [newest.name]
    assert epochs() == [("index-1", "active"), ("kek-1", "destroyed"), ("kek-2", "active")]


def key_of(guest: SealedGuest, backup: Path, yard: Yard) -> bytes | None:
    """The key of the guest's name as that backup of keys has it, by every key that folder and keyring still hold."""
    restored = scratch.database(yard.url("backup"))
    data = folders.proved()[-1]
    with restored as place:
        filling.load_data(place, data, show)
        pieces = files.read(backup, set="B")
        programs.feed(programs.restore_command(place, "--data-only"), pieces, url=place)
        with scratch.connected_to(place), connection.cursor() as cursor:
            cursor.execute(
                "SELECT kek, generation, wrapped FROM keys.envelope_key WHERE envelope_id = %s",
                [guest.envelopes["name"]],
            )
            kek, generation, wrapped = cursor.fetchone()
    for reference in {*keys.provider().held(), *keyring.read()} - {"root.key"}:
        cipher = AESGCM(keys.provider().unwrap(reference))
        with suppress(sealing.SealBroken):
            return sealing.unwrap_key(cipher, wrapped, kek=kek, envelope=guest.envelopes["name"], generation=generation)
    return None


def test_the_index_is_rebuilt_beside_a_working_desk(yard: Yard) -> None:
    guests = [GuestFactory() for _guest in range(3)]
    with yard.connected("owner"):
        assert rotation.rotate_index(show=show) == 3
    assert epochs() == [("index-1", "destroyed"), ("index-2", "active"), ("kek-1", "active")]
    assert yard.rows("SELECT DISTINCT epoch FROM search.subject_token") == [(2,)]
    assert found(guests[1].phone) == [guests[1].subject]
    later = GuestFactory()
    assert found(later.phone) == [later.subject]


def test_two_processes_build_one_index(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "HELPED_FROM", 1)
    monkeypatch.setattr(indexing, "BATCH", 1)
    guests = [GuestFactory() for _guest in range(12)]
    with yard.connected("owner"):
        assert rotation.rotate_index(show=show) == 12
    held = yard.rows("SELECT subject, min(epoch), max(epoch) FROM search.subject_token GROUP BY subject")
    assert sorted(held) == sorted((guest.subject, 2, 2) for guest in guests)
    assert [found(guest.phone) for guest in guests] == [[guest.subject] for guest in guests]


def test_while_an_index_is_built_everybody_writes_both(yard: Yard) -> None:
    known = GuestFactory()
    with yard.connected("owner"):
        new = rotation._begin_index()
    later = GuestFactory()
    assert (found(known.phone), found(later.phone)) == ([known.subject], [later.subject])
    with yard.connected("owner"):
        assert rotation.rotate_index(show=show) == 2
    assert new.epoch == 2
    assert (found(known.phone), found(later.phone)) == ([known.subject], [later.subject])


def a_killed_rotation(yard: Yard, which: str, wait: Callable[[subprocess.Popen[str]], None]) -> None:
    """Kill a rotation once the waiting is over; everything opens, and the next run leaves one key of the kind."""
    guests = [GuestFactory() for _guest in range(40)]
    keyring.write(at=timezone.now())
    process = yard.start("rotate_keys", which, role="owner")
    wait(process)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    keys.forget()
    assert len(opened(yard, *guests)) == 40
    yard.manage("rotate_keys", which, role="owner")
    keys.forget()
    assert len(opened(yard, *guests)) == 40
    assert found(guests[7].phone) == [guests[7].subject]
    purpose = which.strip("-")
    left = [name for name in keys.provider().held() if name.startswith(purpose)]
    assert left == [epoch.reference for epoch in KeyEpoch.objects.filter(purpose=purpose, state="active")]
    assert [name for name in keyring.read() if name.startswith(purpose)] == left


def has_begun() -> bool:
    """The new key writes; the keys of envelopes are still wrapped with the old one, or are being wrapped anew."""
    return KeyEpoch.objects.filter(purpose="kek", state="decrypt_only").exists()


def is_in_keyring_alone() -> bool:
    """The keyring holds the new key and the old one no longer; the backup that proves it is not taken yet."""
    with suppress(FileNotFoundError):
        return "kek-000001.key" not in files.head_of(keyring.path()).facts["holds"]
    return False


@pytest.mark.parametrize("is_so", [has_begun, is_in_keyring_alone])
def test_a_killed_rotation_goes_on(yard: Yard, is_so: Callable[[], bool]) -> None:
    def wait(rotation: subprocess.Popen[str]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not is_so():
            assert rotation.poll() is None, rotation.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.02)

    a_killed_rotation(yard, "--kek", wait)
    assert epochs() == [("index-1", "active"), ("kek-1", "destroyed"), ("kek-2", "active")]


@pytest.mark.slow
@pytest.mark.parametrize("after", [1.2, 2.0, 3.0, 4.5, 6.5, 8.5, 10.5])
@pytest.mark.parametrize("which", ["--kek", "--index"])
def test_killed_at_any_point_it_goes_on(yard: Yard, which: str, after: float) -> None:
    a_killed_rotation(yard, which, lambda _rotation: time.sleep(after))
