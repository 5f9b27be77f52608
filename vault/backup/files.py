"""The form of a backup file: chunks under a key of the file's own, which the provider's root wraps.

``magic(8) | length of head(4) | head | chunk …``, a chunk being ``last(1) | length(4) | AES-256-GCM output`` (NIST SP
800-38D). Head: canonical JSON with set, name, time, facts and the wrapped key. The nonce is the chunk's number; the
associated data binds it to head, number and whether it is the last, so that no chunk can be left out, moved, cut
off, or carried into another file.
"""

import base64
import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vault import keys
from vault.sealing import KEY_BYTES, NONCE_BYTES, SealBroken, prefixed

MAGIC = b"HRBACK1\n"
LABEL = b"hotelrecords/backup/1"
CHUNK_BYTES = 1 << 20
MOST_HEAD_BYTES = 1 << 16
PART = ".part"
_LENGTH = 4
_TAG_BYTES = 16


class Wrapper(Protocol):
    """What wraps the key of a file: the provider's root, or a passphrase."""

    def wrap(self, reference: str, key: bytes) -> bytes:
        """The key wrapped and bound to the reference."""

    def open(self, reference: str, wrapped: bytes) -> bytes:
        """The key again. Raises SealBroken."""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the chunks: readable by anybody, believed only where the chunks open."""

    set: str
    name: str
    facts: Mapping[str, Any]
    wrapped: bytes

    @property
    def raw(self) -> bytes:
        """As it stands in the file."""
        told = {"facts": self.facts, "name": self.name, "set": self.set, "key": base64.b64encode(self.wrapped).decode()}
        return json.dumps(told, sort_keys=True, separators=(",", ":")).encode()

    @property
    def reference(self) -> str:
        """What the file's key is bound to."""
        return f"backup-{self.set}-{self.name}"


def write(
    path: Path, pieces: Iterable[bytes], *, set: str, name: str, facts: Mapping[str, Any], by: Wrapper | None = None
) -> int:
    """Write a file whole or not at all, readable by its owner alone; its bytes. What is there already is replaced."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.{secrets.token_hex(4)}{PART}")
    key = os.urandom(KEY_BYTES)
    head = Head(set, name, facts, b"")
    head = Head(set, name, facts, (by or keys.provider()).wrap(head.reference, key))
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(MAGIC + len(head.raw).to_bytes(_LENGTH, "big") + head.raw)
        for chunk in _sealed(key, head, pieces):
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
        size = file.tell()
    half.replace(path)
    _settle(path.parent)
    return size


def _settle(folder: Path) -> None:
    """Have the folder itself written, so that a power cut does not take the name away again."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sealed(key: bytes, head: Head, pieces: Iterable[bytes]) -> Iterator[bytes]:
    cipher, digest = AESGCM(key), hashlib.sha256(head.raw).digest()
    number, waiting = 0, b""
    for chunk in _even(pieces):
        if number:
            yield _chunk(cipher, digest, number, waiting, is_last=False)
        number, waiting = number + 1, chunk
    yield _chunk(cipher, digest, max(number, 1), waiting, is_last=True)


def _even(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of one size."""
    kept = bytearray()
    for piece in pieces:
        kept += piece
        while len(kept) >= CHUNK_BYTES:
            yield bytes(kept[:CHUNK_BYTES])
            del kept[:CHUNK_BYTES]
    if kept:
        yield bytes(kept)


def _chunk(cipher: AESGCM, digest: bytes, number: int, plain: bytes, *, is_last: bool) -> bytes:
    sealed = cipher.encrypt(_nonce(number), plain, _bound_to(digest, number, is_last=is_last))
    return bytes((is_last,)) + len(sealed).to_bytes(_LENGTH, "big") + sealed


def _nonce(number: int) -> bytes:
    return number.to_bytes(NONCE_BYTES, "big")


def _bound_to(digest: bytes, number: int, *, is_last: bool) -> bytes:
    return prefixed(LABEL, digest, number.to_bytes(8, "big"), bytes((is_last,)))


def head_of(path: Path) -> Head:
    """The head of a file. Raises SealBroken when it is none of ours."""
    with path.open("rb") as file:
        return _head(file, path)


def read(path: Path, *, set: str, by: Wrapper | None = None) -> Iterator[bytes]:
    """The content of a file of this set, piece by piece.

    Raises SealBroken at the first piece that is not what was written: the whole is good only when this ends.
    """
    with path.open("rb") as file:
        head = _head(file, path)
        if head.set != set:
            raise SealBroken(f"{path.name} is a file of set {head.set}, not of set {set}")
        cipher = AESGCM((by or keys.provider()).open(head.reference, head.wrapped))
        digest, number, is_last = hashlib.sha256(head.raw).digest(), 0, False
        while not is_last:
            number += 1
            is_last, sealed = _next(file, path)
            yield _opened(cipher, digest, number, sealed, is_last, path)
        if file.read(1):
            raise SealBroken(f"{path.name} goes on after its end")


def _head(file: BinaryIO, path: Path) -> Head:
    start = file.read(len(MAGIC) + _LENGTH)
    size = int.from_bytes(start[len(MAGIC) :], "big")
    if start[: len(MAGIC)] != MAGIC or size > MOST_HEAD_BYTES:
        raise SealBroken(f"{path.name} is no backup file of this product")
    try:
        told = json.loads(file.read(size))
        return Head(told["set"], told["name"], told["facts"], base64.b64decode(told["key"], validate=True))
    except (ValueError, KeyError, TypeError):
        raise SealBroken(f"the head of {path.name} was changed") from None


def _next(file: BinaryIO, path: Path) -> tuple[bool, bytes]:
    start = file.read(1 + _LENGTH)
    size = int.from_bytes(start[1:], "big")
    sealed = file.read(size) if len(start) == 1 + _LENGTH and size <= CHUNK_BYTES + _TAG_BYTES else b""
    if len(sealed) != size or not sealed:
        raise SealBroken(f"{path.name} is cut off or was changed")
    return start[0] == 1, sealed


def _opened(cipher: AESGCM, digest: bytes, number: int, sealed: bytes, is_last: bool, path: Path) -> bytes:
    try:
        return cipher.decrypt(_nonce(number), sealed, _bound_to(digest, number, is_last=is_last))
    except InvalidTag:
        raise SealBroken(f"{path.name}: chunk {number} is not what was written") from None
