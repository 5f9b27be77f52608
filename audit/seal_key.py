"""The key that signs checkpoints: one file that only the keeper's user may read, outside the database."""

import os
import stat
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEY_BYTES = 32


class SealKeyTrouble(Exception):
    """The key is missing, broken, or open to others than its owner."""


def read_key(path: Path) -> Ed25519PrivateKey:
    """The key in a file. Raises SealKeyTrouble."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
            _check(os.fstat(file.fileno()), path)
            content = file.read()
    except OSError as trouble:
        raise SealKeyTrouble(f"the key {path} cannot be read: {trouble.strerror}") from None
    if len(content) != KEY_BYTES:
        raise SealKeyTrouble(f"{path} is not a key of {KEY_BYTES} bytes")
    return Ed25519PrivateKey.from_private_bytes(content)


def make_key(path: Path) -> Ed25519PrivateKey:
    """Make the key unless it is there, and read it. Raises SealKeyTrouble."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        half = path.with_suffix(".new")
        half.unlink(missing_ok=True)
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(os.urandom(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        half.rename(path)
    return read_key(path)


def _check(found: os.stat_result, path: Path) -> None:
    if found.st_uid != os.geteuid():
        raise SealKeyTrouble(f"{path} belongs to another user: it must belong to the one who runs this")
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise SealKeyTrouble(f"{path} is open to other users: chmod 600 {path}")
