"""``manage.py restore --keyring``: the operator of a lost machine makes the key folder again, with the passphrase."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone

from vault import keys
from vault.backup import keyring

from .backups import PASSPHRASE, Yard
from .factories import GuestFactory
from .test_restore import opened, take

ANOTHER = "another horse battery staple, twice"


def folder(yard: Yard) -> dict[str, tuple[bytes, str]]:
    """The key folder: each file's content and who may read it."""
    return {path.name: (path.read_bytes(), oct(path.stat().st_mode)[-3:]) for path in yard.files("KEYS_DIR")}


def lost(yard: Yard) -> None:
    """The machine's key folder is gone, and nothing of it is remembered."""
    Path(yard.folders["KEYS_DIR"]).rename(yard.folder / "burnt")
    keys.forget()


def test_a_lost_machine_is_made_again_with_keyring_and_passphrase(yard: Yard) -> None:
    guest = GuestFactory(name="欧阳若兰")
    yard.manage("backup", "--keyring", role="keeper")
    take(yard)
    held = folder(yard)
    lost(yard)
    yard.move()
    said = yard.manage("restore", "--keyring", role="owner")
    assert f"{len(held)} keys put back into {yard.folders['KEYS_DIR']}" in said
    assert folder(yard) == held
    assert {mode for _content, mode in held.values()} == {"600"}
    assert oct(Path(yard.folders["KEYS_DIR"]).stat().st_mode)[-3:] == "700"
    assert "The house is open again" in yard.manage("restore", role="owner")
    assert opened(yard, guest) == ["欧阳若兰"]


def with_passphrase(words: str) -> Callable[[Yard], None]:
    """The operator types this."""
    return lambda yard: setattr(yard, "passphrase", words)


def cut(yard: Yard) -> None:
    """The keyring was copied half."""
    keyring.path().write_bytes(keyring.path().read_bytes()[:-9])


def forget_to_bring(yard: Yard) -> None:
    """No keyring was put in place."""
    keyring.path().unlink()


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (with_passphrase(ANOTHER), "does not open with this passphrase"),
        (with_passphrase("too short"), "needs 24 characters or more"),
        (cut, "SealBroken"),
        (forget_to_bring, "keyring.backup"),
    ],
    ids=["another passphrase", "a short passphrase", "half a keyring", "no keyring"],
)
def test_what_does_not_open_makes_no_folder(yard: Yard, trouble: Callable[[Yard], None], words: str) -> None:
    keyring.write(at=timezone.now())
    lost(yard)
    trouble(yard)
    said = yard.manage("restore", "--keyring", role="owner", code=1)
    assert (words in said, PASSPHRASE in said, ANOTHER in said) == (True, False, False)
    assert yard.files("KEYS_DIR") == []


def test_keys_that_are_there_stay_as_they_are(yard: Yard) -> None:
    keyring.write(at=timezone.now())
    keys.provider().create("kek", 7)
    held = folder(yard)
    assert "holds keys already" in yard.manage("restore", "--keyring", role="owner", code=1)
    assert folder(yard) == held
