"""The form of a sealed envelope. Own code here is header, associated data and padding size only.

``version(1) | algorithm(1) | key generation(2) | nonce(12) | AES-256-GCM output``. AES-GCM as in NIST SP 800-38D,
padding as in RFC 5652 section 6.3. The associated data binds a ciphertext to its header, table, category, subject
and envelope; each part is prefixed by its length in four bytes, so that no two lists of parts read the same.
"""

import json
import os
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.padding import PKCS7

from .categories import BLOCK_OF, NUMBER_OF

VERSION = 1
AES_256_GCM = 1
RESERVED_ALGORITHMS = {2: "AES-256-GCM-SIV", 3: "SM4-GCM"}
ENVELOPE_TABLE = 1
KEY_BYTES = 32
NONCE_BYTES = 12
HEADER_BYTES = 4 + NONCE_BYTES
WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + 16
LABEL = b"hotelrecords/envelope/1"
KEY_LABEL = b"hotelrecords/envelope-key/1"
MOST_BYTES = 64 * 1024


class SealBroken(Exception):
    """A ciphertext, its key or what it is bound to is not what was sealed. Never passed over."""


def prefixed(*parts: bytes) -> bytes:
    """The parts, each after its length in four bytes."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


_SIXTEEN = (16).to_bytes(4, "big")
_MIDDLE = {
    category: prefixed(LABEL, ENVELOPE_TABLE.to_bytes(2, "big"), number.to_bytes(2, "big")) + _SIXTEEN
    for category, number in NUMBER_OF.items()
}
_PADDING = {category: PKCS7(block * 8) for category, block in BLOCK_OF.items()}


_decoded = json.JSONDecoder().decode


@lru_cache(maxsize=256)
def _form(generation: int) -> bytes:
    """The header before its nonce."""
    return bytes((VERSION, AES_256_GCM)) + generation.to_bytes(2, "big")


def associated_data(header: bytes, category: str, subject: UUID, envelope: UUID) -> bytes:
    """What a ciphertext is bound to: header, label, table, category, subject, envelope."""
    return b"".join((_SIXTEEN, header, _MIDDLE[category], subject.bytes, _SIXTEEN, envelope.bytes))


def _as_text(value: object) -> str:
    if isinstance(value, date | Decimal | UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be sealed")


def canonical(content: Mapping[str, Any]) -> bytes:
    """Content as canonical JSON: sorted keys, no spaces, UTF-8. Dates and decimals become text.

    Raises ValueError for content above 64 kB, TypeError for what JSON does not hold.
    """
    text = json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_as_text
    )
    plain = text.encode()
    if len(plain) > MOST_BYTES:
        raise ValueError("content is too long to seal")
    return plain


def seal(
    key: bytes,
    content: Mapping[str, Any],
    *,
    category: str,
    subject: UUID,
    envelope: UUID,
    generation: int = 1,
    nonce: bytes | None = None,
) -> bytes:
    """The ciphertext of content under an envelope key. A nonce is given by test vectors only."""
    header = _form(generation) + (nonce or os.urandom(NONCE_BYTES))
    padder = _PADDING[category].padder()
    plain = padder.update(canonical(content)) + padder.finalize()
    return header + AESGCM(key).encrypt(header[4:], plain, associated_data(header, category, subject, envelope))


def unseal(
    key: bytes, ciphertext: bytes | memoryview, *, category: str, subject: UUID, envelope: UUID, generation: int
) -> dict[str, Any]:
    """The content of a ciphertext. Raises SealBroken when anything about it was changed."""
    header = bytes(ciphertext[:HEADER_BYTES])
    if header[:4] != _form(generation):
        raise SealBroken(f"envelope {envelope}: unknown form, or the key of another generation")
    aad = associated_data(header, category, subject, envelope)
    try:
        plain = AESGCM(key).decrypt(header[4:], ciphertext[HEADER_BYTES:], aad)
    except InvalidTag:
        raise SealBroken(f"envelope {envelope}: the seal is broken") from None
    unpadder = _PADDING[category].unpadder()
    content: dict[str, Any] = _decoded((unpadder.update(plain) + unpadder.finalize()).decode())
    return content


def _key_binding(kek: int, envelope: UUID, generation: int) -> bytes:
    """KEK epoch, envelope and generation, with the length prefixes of ``prefixed``."""
    return _binding_start(kek) + envelope.bytes + _binding_end(generation)


@lru_cache(maxsize=256)
def _binding_start(kek: int) -> bytes:
    return prefixed(KEY_LABEL, kek.to_bytes(4, "big")) + _SIXTEEN


@lru_cache(maxsize=256)
def _binding_end(generation: int) -> bytes:
    return prefixed(generation.to_bytes(2, "big"))


def wrap_key(
    kek_cipher: AESGCM, key: bytes, *, kek: int, envelope: UUID, generation: int, nonce: bytes | None = None
) -> bytes:
    """An envelope key under a key-encryption key: nonce and AES-256-GCM output, 60 bytes."""
    nonce = nonce or os.urandom(NONCE_BYTES)
    return nonce + kek_cipher.encrypt(nonce, key, _key_binding(kek, envelope, generation))


def unwrap_key(kek_cipher: AESGCM, wrapped: bytes | memoryview, *, kek: int, envelope: UUID, generation: int) -> bytes:
    """The envelope key out of its wrapping. Raises SealBroken when the wrapping was changed."""
    try:
        return kek_cipher.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], _key_binding(kek, envelope, generation))
    except InvalidTag:
        raise SealBroken(f"envelope {envelope}: its key cannot be unwrapped") from None
