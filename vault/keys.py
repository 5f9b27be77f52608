"""The keys above the envelope keys: where they are kept and which epoch of them writes.

provider root -> KEK epoch -> envelope keys; provider root -> index-key epoch -> HKDF per kind -> HMAC-SHA256.
The provider is called at start and at rotation, never per row: a process loads each epoch once and keeps it.
Nothing derives from ``SECRET_KEY``.
"""

import hmac
import os
import stat
import time
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import connection, transaction

from . import sealing
from .models import KeyEpoch

PURPOSES = (KeyEpoch.Purpose.KEK, KeyEpoch.Purpose.INDEX)
# Signs and marks in erasure certificates. It seals nothing, so it has no epochs in the registry; its name is in each
# certificate.
CERTIFICATE = "certificate"
_ROOT = "root.key"


class KeysExposed(Exception):
    """The key folder or a key in it can be read by others than its owner."""


class KeyUnknown(Exception):
    """The epoch of a key is not registered, was destroyed, or the provider does not have it."""


class Provider(Protocol):
    """What keeps the root and gives out the epoch keys. References are the provider's own names for them."""

    def current(self, purpose: str) -> str | None:
        """Reference of the newest key made for this purpose, None before the first."""

    def create(self, purpose: str, epoch: int) -> str:
        """Make the key of an epoch unless it exists, keep it wrapped, and return its reference."""

    def wrap(self, reference: str, key: bytes) -> bytes:
        """A key under the root, bound to its reference."""

    def open(self, reference: str, wrapped: bytes) -> bytes:
        """What ``wrap`` wrapped for this reference. Raises SealBroken."""

    def unwrap(self, reference: str) -> bytes:
        """The key of 32 bytes. Raises KeyUnknown when the provider does not have it."""

    def destroy(self, reference: str) -> None:
        """Forget the key for good."""


class FileProvider:
    """Keys in a folder only its owner may read, outside the repository, the data and their backups.

    ``root.key`` wraps the others; without it the folder is noise. Raises KeysExposed when permissions are loose.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def prepare(self) -> None:
        """Make the folder and the root key where they are missing."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._check(os.stat(self.folder), self.folder, "chmod 700")
        if not (self.folder / _ROOT).exists():
            self._write(_ROOT, os.urandom(sealing.KEY_BYTES))

    def current(self, purpose: str) -> str | None:
        """Reference of the newest key made for this purpose."""
        return max((path.name for path in self.folder.glob(f"{purpose}-*.key")), default=None)

    def create(self, purpose: str, epoch: int) -> str:
        """Make the key of an epoch unless it exists, keep it wrapped, and return its reference."""
        self.prepare()
        reference = f"{purpose}-{epoch:06d}.key"
        if not (self.folder / reference).exists():
            self._write(reference, self.wrap(reference, os.urandom(sealing.KEY_BYTES)))
        return reference

    def wrap(self, reference: str, key: bytes) -> bytes:
        """A key under the root, bound to its reference."""
        nonce = os.urandom(sealing.NONCE_BYTES)
        return nonce + AESGCM(self._read(_ROOT)).encrypt(nonce, key, reference.encode())

    def unwrap(self, reference: str) -> bytes:
        """The key of 32 bytes. Raises KeyUnknown when its file is missing, SealBroken when it was changed."""
        return self.open(reference, self._read(reference))

    def open(self, reference: str, wrapped: bytes) -> bytes:
        """What ``wrap`` wrapped for this reference. Raises SealBroken when it was changed or the root is another."""
        nonce, sealed = wrapped[: sealing.NONCE_BYTES], wrapped[sealing.NONCE_BYTES :]
        try:
            return AESGCM(self._read(_ROOT)).decrypt(nonce, sealed, reference.encode())
        except (InvalidTag, ValueError):
            raise sealing.SealBroken(f"the key {reference} does not belong to this root key") from None

    def destroy(self, reference: str) -> None:
        """Overwrite and remove the key's file; nothing happens where it is gone already."""
        path = self.folder / Path(reference).name
        if not path.exists():
            return
        with path.open("r+b") as file:
            file.write(os.urandom(path.stat().st_size))
            os.fsync(file.fileno())
        path.unlink()

    def held(self) -> dict[str, bytes]:
        """Every file of the folder by name: the root and what it wraps."""
        return {path.name: self._read(path.name) for path in sorted(self.folder.glob("*.key"))}

    def fill(self, kept: Mapping[str, bytes]) -> None:
        """Write such files into a folder that has none."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, data in kept.items():
            self._write(Path(name).name, data)

    def _check(self, found: os.stat_result, path: Path, cure: str) -> None:
        if found.st_uid != os.geteuid():
            raise KeysExposed(f"{path} belongs to another user: it must belong to the one who runs this")
        if stat.S_IMODE(found.st_mode) & 0o077:
            raise KeysExposed(f"{path} is open to other users: {cure} {path}")

    def _read(self, name: str) -> bytes:
        path = self.folder / Path(name).name
        try:
            self._check(os.stat(self.folder), self.folder, "chmod 700")
            with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
                self._check(os.fstat(file.fileno()), path, "chmod 600")
                return file.read()
        except FileNotFoundError:
            raise KeyUnknown(f"{path} is missing: restore it, or run manage.py make_keys on a new house") from None

    def _write(self, name: str, data: bytes) -> None:
        path = self.folder / name
        half = path.with_suffix(".new")
        half.unlink(missing_ok=True)
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        half.rename(path)


def provider() -> FileProvider:
    """The provider this house uses."""
    return FileProvider(Path(settings.KEYS_DIR))


@transaction.atomic
def make_keys() -> list[KeyEpoch]:
    """Make and register epoch 1 of every key this house lacks; the epochs made now. Needs the owner's rights.

    The key of certificates is made too, in the folder only.
    """
    missing = [purpose for purpose in PURPOSES if not KeyEpoch.objects.filter(purpose=purpose).exists()]
    keeper = provider()
    keeper.prepare()
    if keeper.current(CERTIFICATE) is None:
        keeper.create(CERTIFICATE, 1)
    made = [KeyEpoch(purpose=purpose, epoch=1, reference=keeper.create(purpose, 1)) for purpose in missing]
    return KeyEpoch.objects.bulk_create(made)


def missing_keys() -> Iterable[str]:
    """References that are registered as usable and cannot be read. Raises KeysExposed."""
    for epoch in KeyEpoch.objects.exclude(state=KeyEpoch.State.DESTROYED):
        try:
            provider().unwrap(epoch.reference)
        except KeyUnknown:
            yield epoch.reference


# So long a process believes what it knows of the registry; whoever rotates waits longer before a key is destroyed.
NOTICE_SECONDS = 5.0
Known = tuple[tuple[str, int, str], ...]
_seen: list[tuple[float, Known]] = []


def notice() -> Known:
    """Purpose, epoch and state of every key, looked up now and then; when they changed, keys in memory are forgotten.

    So a running process writes with the new key within seconds of a rotation, and keeps no destroyed one.
    """
    now = time.monotonic()
    if not _seen or now - _seen[0][0] > NOTICE_SECONDS:
        known = _registered()
        if _seen and _seen[0][1] != known:
            forget()
        _seen[:] = [(now, known)]
    return _seen[0][1]


def _registered() -> Known:
    connection.ensure_connection()
    # Beside Django's cursor: this is no query of the deed.
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        cursor.execute("SELECT purpose, epoch, state FROM key_registry ORDER BY purpose, epoch")
        return tuple(cursor.fetchall())


def active_epoch(purpose: str) -> int:
    """The epoch that writes. Raises KeyUnknown before ``manage.py make_keys`` has run."""
    for kind, epoch, state in notice():
        if kind == purpose and state == KeyEpoch.State.ACTIVE:
            return epoch
    raise KeyUnknown(f"no active key for {purpose}: run manage.py make_keys")


@cache
def _secret(purpose: str, epoch: int) -> bytes:
    usable = KeyEpoch.objects.exclude(state=KeyEpoch.State.DESTROYED).filter(purpose=purpose, epoch=epoch)
    for reference in usable.values_list("reference", flat=True):
        return provider().unwrap(reference)
    raise KeyUnknown(f"the key {purpose}-{epoch} is not registered or was destroyed")


@cache
def certificate_secret(reference: str = "") -> tuple[str, bytes]:
    """The secret behind certificates with its reference; the newest, or the one named. Raises KeyUnknown."""
    known = reference or provider().current(CERTIFICATE)
    if known is None or not known.startswith(f"{CERTIFICATE}-"):
        raise KeyUnknown("no such key of certificates: run manage.py make_keys")
    return known, provider().unwrap(known)


def kek_cipher(epoch: int) -> AESGCM:
    """The cipher of one KEK epoch, kept until the registry changes. Raises KeyUnknown."""
    notice()
    return _kek_cipher(epoch)


@cache
def _kek_cipher(epoch: int) -> AESGCM:
    return AESGCM(_secret(KeyEpoch.Purpose.KEK, epoch))


def derive(secret: bytes, kind: str) -> bytes:
    """A key of 32 bytes for one kind of token: HKDF-SHA256 (RFC 5869)."""
    label = f"hotelrecords/index/1/{kind}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=label).derive(secret)


@cache
def index_key(epoch: int, kind: str) -> bytes:
    """The key for one kind of token in one index epoch, kept until the registry changes."""
    return derive(_secret(KeyEpoch.Purpose.INDEX, epoch), kind)


def token(key: bytes, text: str) -> int:
    """The first four bytes of HMAC-SHA256 (RFC 2104) of a text, as PostgreSQL's int4."""
    return int.from_bytes(hmac.digest(key, text.encode(), "sha256")[:4], "big", signed=True)


def wrap_new_key(envelope: UUID, generation: int) -> tuple[bytes, int, bytes]:
    """A random envelope key, the KEK epoch that wraps it, and the wrapped key of 60 bytes."""
    key = os.urandom(sealing.KEY_BYTES)
    kek = active_epoch(KeyEpoch.Purpose.KEK)
    return key, kek, sealing.wrap_key(kek_cipher(kek), key, kek=kek, envelope=envelope, generation=generation)


def forget() -> None:
    """Drop every key held in memory, so that the registry is asked again."""
    for held in (_secret, certificate_secret, _kek_cipher, index_key):
        held.cache_clear()
    _seen.clear()
