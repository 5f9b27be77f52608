"""Checkpoints (C2SP tlog-checkpoint) in signed notes, cosignatures and the text of a proof for one leaf.

Ed25519 (RFC 8032). A key is known by its name and an id of four bytes; its public half is written as a verifier key,
``name+id+base64``.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from audit import tree

NOTE, COSIGNATURE = 1, 4  # types of signature: C2SP signed-note, tlog-cosignature
PROOF_HEAD = "c2sp.org/tlog-proof@v1"
MOST_BYTES = 100_000
MOST_SIGNATURES = 64

_NAME = re.compile(r"[^\s+]+")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+=*)")


class NoteRefused(Exception):
    """A note, a checkpoint or a proof is malformed, or no known key signed it."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """The public half of a key; ``kind`` says whether it signs notes or cosigns them as a witness."""

    name: str
    public: bytes
    kind: int = NOTE

    @classmethod
    def parse(cls, text: str) -> "Verifier":
        """Read ``name+id+base64``. Raises NoteRefused."""
        name, _, rest = text.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        content = decoded(encoded)
        found = cls(name, content[1:], content[0] if content else 0)
        if not _NAME.fullmatch(name) or found.kind not in (NOTE, COSIGNATURE) or len(found.public) != 32:
            raise NoteRefused("this is not a verifier key: name+id+base64 is expected")
        if found.key_id.hex() != key_id:
            raise NoteRefused(f"the key of {name} does not belong to its id {key_id}")
        return found

    @property
    def key_id(self) -> bytes:
        """The first four bytes of the hash of name, kind and key."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{encoded(bytes([self.kind]) + self.public)}"

    def accepts(self, text: str, signature: bytes) -> bool:
        """Whether the signature over the text of a note is this key's."""
        try:
            key = Ed25519PublicKey.from_public_bytes(self.public)
            if self.kind == COSIGNATURE:
                stamp, signature = int.from_bytes(signature[:8], "big"), signature[8:]
                text = _stamped(text, stamp)
            key.verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A key with its name."""

    name: str
    key: Ed25519PrivateKey
    kind: int = NOTE

    @property
    def verifier(self) -> Verifier:
        """Its public half."""
        return Verifier(self.name, self.key.public_key().public_bytes_raw(), self.kind)

    def line(self, text: str, stamp: int = 0) -> str:
        """The signature line under a note's text; a cosignature says at which second it was made."""
        if self.kind == COSIGNATURE:
            signature = stamp.to_bytes(8, "big") + self.key.sign(_stamped(text, stamp).encode())
        else:
            signature = self.key.sign(text.encode())
        return f"— {self.name} {encoded(self.verifier.key_id + signature)}\n"

    def signed(self, text: str) -> str:
        """The text as a signed note."""
        return f"{text}\n{self.line(text)}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What is signed: which log, how many leaves, which root."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The text of the note; no extension lines."""
        return f"{self.origin}\n{self.size}\n{encoded(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Read the text of a note. Raises NoteRefused."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[3] or not lines[0] or not _NUMBER.fullmatch(lines[1]):
            raise NoteRefused("this is not a checkpoint: origin, size and root are expected, a line each")
        root = decoded(lines[2])
        if len(root) != tree.HASH_BYTES:
            raise NoteRefused("the root of a checkpoint has 32 bytes")
        return cls(lines[0], int(lines[1]), root)


@dataclass(frozen=True, slots=True)
class Proof:
    """One leaf and the way from it to the root of a checkpoint (C2SP tlog-proof); ``extra`` is the leaf's entry."""

    index: int
    path: Sequence[bytes]
    note: str
    extra: bytes = b""

    def __str__(self) -> str:
        extra = [f"extra {encoded(self.extra)}"] if self.extra else []
        lines = [PROOF_HEAD, *extra, f"index {self.index}", *(encoded(part) for part in self.path), "", self.note]
        return "\n".join(lines)

    @classmethod
    def parse(cls, text: str) -> "Proof":
        """Read a proof. Raises NoteRefused."""
        head, parted, note = text.partition("\n\n")
        lines = head.split("\n")
        if not parted or lines.pop(0) != PROOF_HEAD or not lines:
            raise NoteRefused("this is not a C2SP tlog-proof")
        extra = decoded(lines.pop(0).removeprefix("extra ")) if lines[0].startswith("extra ") else b""
        word, _, number = lines.pop(0).partition(" ") if lines else ("", "", "")
        if word != "index" or not _NUMBER.fullmatch(number):
            raise NoteRefused("the proof does not say its index")
        return cls(int(number), [decoded(line) for line in lines], note, extra)


def opened(note: str, known: Iterable[Verifier]) -> str:
    """The text of a note that a known key signed. Raises NoteRefused, also when one known key's line is false."""
    text, lines = parted(note)
    keys = {(each.name, each.key_id): each for each in known}
    signed = False
    for name, signature in map(_signature, lines):
        key = keys.get((name, signature[:4]))
        if key and not key.accepts(text, signature[4:]):
            raise NoteRefused(f"the signature of {name} does not belong to this text")
        signed |= key is not None
    if not signed:
        raise NoteRefused("no known key signed this note")
    return text


def parted(note: str) -> tuple[str, list[str]]:
    """Text and signature lines of a note. Raises NoteRefused when it is malformed."""
    if len(note.encode()) > MOST_BYTES or any(ord(sign) < 32 and sign != "\n" for sign in note):
        raise NoteRefused("this is no signed note: too long, or control characters in it")
    text, gap, below = note.rpartition("\n\n")
    lines = below.split("\n")
    if not gap or lines.pop() or not 0 < len(lines) <= MOST_SIGNATURES:
        raise NoteRefused("this is no signed note: text, an empty line and signature lines are expected")
    return text + "\n", lines


def encoded(content: bytes) -> str:
    """Base64 as RFC 4648, section 4, writes it."""
    return b64encode(content).decode()


def decoded(text: str) -> bytes:
    """Strict base64: no other way to write the same bytes. Raises NoteRefused."""
    try:
        content = b64decode(text, validate=True)
    except (NotBase64, ValueError):
        raise NoteRefused(f"this is not base64: {text[:44]!r}") from None
    if encoded(content) != text:
        raise NoteRefused(f"this is not the usual base64: {text[:44]!r}")
    return content


def _signature(line: str) -> tuple[str, bytes]:
    match = _LINE.fullmatch(line)
    signature = decoded(match[2]) if match else b""
    if match is None or len(signature) < 5:
        raise NoteRefused(f"this is no signature line: {line[:60]!r}")
    return match[1], signature


def _stamped(text: str, stamp: int) -> str:
    return f"cosignature/v1\ntime {stamp}\n{text}"
