"""The form of a backup file: whatever is changed, moved, cut or added shows."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from vault import keys
from vault.backup import files, keyring
from vault.sealing import SealBroken

AT = datetime(2026, 3, 1, tzinfo=UTC)
CONTENT = os.urandom(2 * files.CHUNK_BYTES + 1000)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    """Keys of its own."""
    settings.KEYS_DIR = tmp_path / "keys"
    settings.KEYRING_DIR = str(tmp_path / "keyring")
    settings.KEYRING_PASSPHRASE = "correct horse battery staple"
    keys.provider().create("kek", 1)
    return tmp_path


@pytest.fixture
def path(folder: Path) -> Path:
    """A file of three chunks."""
    target = folder / "a.data"
    files.write(target, [CONTENT[:10], CONTENT[10:]], set="A", name="a", facts={"ledger": 7})
    return target


def content(path: Path, kind: str = "A") -> bytes:
    """All of it."""
    return b"".join(files.read(path, set=kind))


def test_what_was_written_is_read(path: Path) -> None:
    assert content(path) == CONTENT
    assert (files.head_of(path).set, files.head_of(path).facts) == ("A", {"ledger": 7})
    assert oct(path.stat().st_mode & 0o777) == "0o600"


@pytest.mark.parametrize("size", [0, 1, files.CHUNK_BYTES, files.CHUNK_BYTES + 1])
def test_every_size(folder: Path, size: int) -> None:
    files.write(folder / "b", [CONTENT[:size]], set="B", name="b", facts={})
    assert content(folder / "b", "B") == CONTENT[:size]


@pytest.mark.parametrize("place", [0, 9, 14, 40, 200, 300, files.CHUNK_BYTES, -1, -500])
def test_one_bit_changed_anywhere_shows(path: Path, place: int) -> None:
    raw = bytearray(path.read_bytes())
    raw[place] ^= 1
    path.write_bytes(bytes(raw))
    with pytest.raises(SealBroken):
        content(path)


@pytest.mark.parametrize("cut", [1, 500, 1100, files.CHUNK_BYTES + 1100])
def test_cut_off_anywhere_shows(path: Path, cut: int) -> None:
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(SealBroken):
        content(path)


def test_bytes_after_the_end_show(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"!")
    with pytest.raises(SealBroken):
        content(path)


def chunks(path: Path) -> tuple[bytes, list[bytes]]:
    """The head and the chunks as they stand in the file."""
    raw = path.read_bytes()
    start = len(files.MAGIC) + 4
    place = start + int.from_bytes(raw[len(files.MAGIC) : start], "big")
    head, found = raw[:place], []
    while place < len(raw):
        size = 5 + int.from_bytes(raw[place + 1 : place + 5], "big")
        found.append(raw[place : place + size])
        place += size
    return head, found


@pytest.mark.parametrize("order", [(1, 0, 2), (0, 2), (0, 1), (0, 0, 1, 2), (2,)])
def test_chunks_moved_or_left_out_show(path: Path, order: tuple[int, ...]) -> None:
    head, found = chunks(path)
    path.write_bytes(head + b"".join(found[number] for number in order))
    with pytest.raises(SealBroken):
        content(path)


def test_a_chunk_called_the_last_is_not(path: Path) -> None:
    head, found = chunks(path)
    path.write_bytes(head + b"\1" + found[0][1:])
    with pytest.raises(SealBroken):
        content(path)


def test_a_chunk_of_another_file_shows(path: Path, folder: Path) -> None:
    files.write(folder / "c", [CONTENT], set="A", name="a", facts={"ledger": 7})
    head, found = chunks(path)
    _head, others = chunks(folder / "c")
    path.write_bytes(head + found[0] + others[1] + found[2])
    with pytest.raises(SealBroken):
        content(path)


def test_a_file_of_another_set_is_refused(path: Path) -> None:
    with pytest.raises(SealBroken, match="set A, not of set B"):
        content(path, "B")


def test_another_root_opens_nothing(path: Path, folder: Path) -> None:
    (folder / "keys" / "root.key").write_bytes(bytes(32))
    with pytest.raises(SealBroken):
        content(path)


def test_a_killed_write_leaves_no_file(folder: Path) -> None:
    def pieces() -> Any:
        yield CONTENT
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        files.write(folder / "d", pieces(), set="A", name="d", facts={})
    assert not (folder / "d").exists()


def test_the_keyring_holds_the_keys_and_no_longer_the_destroyed_one(folder: Path, settings: Any) -> None:
    from_now = files_of(folder)
    assert keyring.write(at=AT) == keyring.read() == from_now
    keys.provider().create("kek", 2)
    keyring.write(at=AT, without=["kek-000001.key"])
    assert sorted(keyring.read()) == ["kek-000002.key", "root.key"]
    assert sorted(path.name for path in (folder / "keyring").iterdir()) == ["keyring.backup"]


def test_the_keyring_makes_a_lost_folder_again(folder: Path, settings: Any) -> None:
    held = keyring.write(at=AT)
    settings.KEYS_DIR = folder / "new machine"
    assert keyring.put_back() == sorted(held)
    assert keys.provider().held() == held
    with pytest.raises(keyring.KeyringTrouble, match="holds keys already"):
        keyring.put_back()


def test_another_passphrase_opens_no_keyring(folder: Path, settings: Any) -> None:
    keyring.write(at=AT)
    settings.KEYRING_PASSPHRASE = "another horse battery staple"
    with pytest.raises(SealBroken, match="passphrase"):
        keyring.read()
    settings.KEYRING_PASSPHRASE = "short"
    with pytest.raises(keyring.KeyringTrouble, match="24"):
        keyring.write(at=AT)


def files_of(folder: Path) -> dict[str, bytes]:
    """The key folder."""
    return {path.name: path.read_bytes() for path in (folder / "keys").glob("*.key")}
