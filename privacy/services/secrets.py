"""Codes told to people: drawn at random, kept as slow salted hashes, compared in constant time.

scrypt as in RFC 7914, with N = 2^14, r = 8, p = 1: 16 MB and some 40 ms for each guess.
"""

import hashlib
import hmac
import os
import secrets
from typing import Final
from uuid import UUID

DIGITS: Final = 6
# Letters and digits that nobody mistakes for one another, read aloud or printed; 12 of 30 are 58 bits.
ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, GROUP = 3, 4
SALT_BYTES: Final = 16
NO_REQUEST: Final = UUID(int=0)
NOBODYS: Final = f"{'00' * SALT_BYTES}:{'00' * 32}"


def new_digits() -> str:
    """Six digits, for a mail or a call."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def new_follow_code() -> str:
    """Three groups of four, such as ``7KQ2-MX9T-3HBD``."""
    return "-".join("".join(secrets.choice(ALPHABET) for _each in range(GROUP)) for _group in range(GROUPS))


def hashed(code: str) -> str:
    """The salted hash of a code, as ``salt:hash`` in hex."""
    salt = os.urandom(SALT_BYTES)
    return f"{salt.hex()}:{_slow(code, salt).hex()}"


def is_code(code: str, kept: str) -> bool:
    """Whether the code is the one whose hash was kept. ``NOBODYS`` takes the same time and never is."""
    salt, _colon, digest = kept.partition(":")
    return hmac.compare_digest(_slow(code, bytes.fromhex(salt)), bytes.fromhex(digest))


def follow_hash(code: str, request: UUID) -> str:
    """The hash of a follow code in hex, salted by the id of its request."""
    return _slow(code, b"hotelrecords/follow/1" + request.bytes).hex()


def _slow(code: str, salt: bytes) -> bytes:
    """However it was typed: spaces, hyphens and case do not matter."""
    plain = "".join(character for character in code.upper() if character.isalnum())[:64]
    return hashlib.scrypt(plain.encode(), salt=salt, n=2**14, r=8, p=1, dklen=32)
