"""Set D: root key and the present epochs in one file under a passphrase, for the safe. Replaced, never added to.

The passphrase goes through scrypt (RFC 7914). A key that is to be destroyed is in no later keyring, and the earlier
keyring is overwritten: so a destroyed key is nowhere. Copies on other media have to be replaced by whoever keeps them.
"""

import json
import os
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.conf import settings

from vault import keys
from vault.backup import files
from vault.sealing import NONCE_BYTES, SealBroken

NAME = "keyring.backup"
SHORTEST_PASSPHRASE = 24
_SALT_BYTES = 16
_COST = 2**16


class KeyringTrouble(Exception):
    """The keyring cannot be written or does not hold what it should; the message is for the operator."""


class Passphrase:
    """Wraps the key of a file under a passphrase."""

    def __init__(self, words: str) -> None:
        if len(words) < SHORTEST_PASSPHRASE:
            raise KeyringTrouble(f"KEYRING_PASSPHRASE needs {SHORTEST_PASSPHRASE} characters or more")
        self._words = words.encode()

    def wrap(self, reference: str, key: bytes) -> bytes:
        """The key wrapped and bound to the reference."""
        salt, nonce = os.urandom(_SALT_BYTES), os.urandom(NONCE_BYTES)
        return salt + nonce + AESGCM(self._stretched(salt)).encrypt(nonce, key, reference.encode())

    def open(self, reference: str, wrapped: bytes) -> bytes:
        """The key again. Raises SealBroken with another passphrase."""
        salt, rest = wrapped[:_SALT_BYTES], wrapped[_SALT_BYTES:]
        try:
            return AESGCM(self._stretched(salt)).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], reference.encode())
        except (InvalidTag, ValueError):
            raise SealBroken("the keyring does not open with this passphrase") from None

    def _stretched(self, salt: bytes) -> bytes:
        return Scrypt(salt=salt, length=32, n=_COST, r=8, p=1).derive(self._words)


def path() -> Path:
    """Where the keyring is kept."""
    if not settings.KEYRING_DIR:
        raise KeyringTrouble("KEYRING_DIR is not set: there is no place for the copy of the keys")
    return Path(settings.KEYRING_DIR) / NAME


def write(*, at: datetime, without: Collection[str] = ()) -> dict[str, bytes]:
    """Put the keys of the folder, but for those named, in place of the earlier keyring; test it; what it holds.

    Raises KeyringTrouble.
    """
    target, wrapper = path(), Passphrase(settings.KEYRING_PASSPHRASE)
    kept = {name: data for name, data in keys.provider().held().items() if name not in without}
    plain = json.dumps({name: data.hex() for name, data in kept.items()}).encode()
    earlier = target.with_suffix(".earlier")
    _destroy(earlier)
    if target.exists():
        os.link(target, earlier)
    files.write(
        target, [plain], set="D", name="keyring", facts={"at": at.isoformat(), "holds": sorted(kept)}, by=wrapper
    )
    _destroy(earlier)
    if read() != kept:
        raise KeyringTrouble(f"{target} does not hold what was written to it")
    return kept


def _destroy(earlier: Path) -> None:
    """Make noise of the earlier keyring; also of one that a killed run left. A good one is there at any moment."""
    if earlier.exists():
        with earlier.open("r+b") as file:
            file.write(os.urandom(earlier.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        earlier.unlink()


def read() -> dict[str, bytes]:
    """The files of the key folder as the keyring has them. Raises SealBroken."""
    plain = b"".join(files.read(path(), set="D", by=Passphrase(settings.KEYRING_PASSPHRASE)))
    kept: Mapping[str, str] = json.loads(plain)
    return {name: bytes.fromhex(data) for name, data in kept.items()}


def put_back() -> list[str]:
    """Make the key folder of a lost machine again from the keyring; the names. Raises KeyringTrouble where keys are."""
    provider = keys.provider()
    if provider.held():
        raise KeyringTrouble(f"{provider.folder} holds keys already: move it away first")
    kept = read()
    provider.fill(kept)
    return sorted(kept)
