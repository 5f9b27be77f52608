#!/usr/bin/env python3
"""Verifies an export of the access log, or proofs of single entries, offline:

    python3 verify_log.py FOLDER [--key KEY] [--anchors FILE]
    python3 verify_log.py FILE --key KEY

One file, Python 3.11 or newer, nothing else: no library, no network, no database.

KEY is a verifier key the house publishes (name+id+base64); name several with --key again. Without it the key in the
export is believed, which shows only that nothing was changed since the export was made. A key that was replaced is
followed to its successor, and back, by the entry under the old signature that names the new one.

FOLDER is an export. FILE is one proof (.tlog-proof), an erasure certificate with its log_proof (.json), or lines of the
log with their proofs (.jsonl): what is proved of a line is its "entry"; the sentence, the person and whatever else
stands beside it are not. The FILE of --anchors holds checkpoints that were kept elsewhere: lines of JSON texts,
or one checkpoint as it was printed or mailed.

What is verified: every entry against its tile, every tile against the one above, the root against the signed
checkpoint, every earlier checkpoint and anchor against the tree (RFC 6962), signatures (Ed25519, RFC 8032; C2SP
signed-note). Ends with 0 when all holds, with 1 and a sentence for each thing that is wrong otherwise.
"""

import argparse
import json
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256, sha512
from itertools import zip_longest
from pathlib import Path
from struct import iter_unpack

WHOLE, BROKEN = 0, 1
WIDTH = 256
TILE_BYTES = WIDTH * 32
MOST_COMPLAINTS = 20
NAMES_KEY = b'{"kind":"key"'
MAY_SAY_END = b'{"kind":"re'  # of a retention, of a restore
TELLING = (NAMES_KEY, MAY_SAY_END)
BUFFER = 1 << 16
PROOF_HEAD = "c2sp.org/tlog-proof@v1"
MOST_SIGNATURES = 20  # of earlier checkpoints: one takes about 5 ms here; their roots are all compared


class Unreadable(Exception):
    """The export is incomplete or malformed: what, and where."""


# --- Ed25519 (RFC 8032, 5.1): verification only, in the plainest way. Points are (X, Y, Z, T), extended coordinates.
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
NEUTRAL = (0, 1, 1, 0)
Point = tuple[int, int, int, int]
Key = tuple[str, bytes]


def add(one: Point, other: Point) -> Point:
    """The sum of two points (RFC 8032, 5.1.4)."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def decompress(encoded: bytes) -> Point | None:
    """The point that 32 bytes name; None when they name none (RFC 8032, 5.1.3)."""
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def compress(point: Point) -> bytes:
    """The 32 bytes that name a point."""
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = decompress((4 * pow(5, P - 2, P) % P).to_bytes(32, "little")) or NEUTRAL


def accepts(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature is this key's over this message (RFC 8032, 5.1.7, without cofactor)."""
    key = decompress(public) if len(public) == 32 and len(signature) == 64 else None
    s = int.from_bytes(signature[32:], "little")
    if key is None or s >= ORDER:
        return False
    k = int.from_bytes(sha512(signature[:32] + public + message).digest(), "little") % ORDER
    minus_key = (P - key[0], key[1], key[2], P - key[3])
    steps = {(1, 0): BASE, (0, 1): minus_key, (1, 1): add(BASE, minus_key)}
    found = NEUTRAL
    for bit in range(max(s, k).bit_length() - 1, -1, -1):
        found = add(found, found)
        chosen = (s >> bit & 1, k >> bit & 1)
        found = add(found, steps[chosen]) if any(chosen) else found
    return compress(found) == signature[:32]


# --- The tree (RFC 6962)
def node(left: bytes, right: bytes) -> bytes:
    """The hash above two others."""
    return sha256(b"\x01" + left + right).digest()


def above(hashes: bytes) -> bytes:
    """The hash above 1, 2, 4 … 256 others that stand one after the other; some other hash where they are cut short."""
    while len(hashes) > 32:
        pairs = iter_unpack("64s", hashes[: len(hashes) & -64])
        hashes = b"".join([sha256(b"\x01" + pair).digest() for (pair,) in pairs])
    return hashes


def push(nodes: list[bytes], place: int, leaf: bytes) -> None:
    """Add the leaf at ``place`` to the complete nodes before it."""
    while place & 1:
        leaf, place = node(nodes.pop(), leaf), place >> 1
    nodes.append(leaf)


def root_of(nodes: Sequence[bytes]) -> bytes:
    """The root over complete nodes from the left."""
    found = nodes[-1] if nodes else sha256().digest()
    for left in reversed(nodes[:-1]):
        found = node(left, found)
    return found


def proves(index: int, size: int, leaf: bytes, root: bytes, path: Sequence[bytes]) -> bool:
    """Whether a path leads from a leaf to a root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for other in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node(other, found)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            found = node(found, other)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


# --- Notes, checkpoints, keys (C2SP signed-note, tlog-checkpoint)
def base64(text: str) -> bytes:
    """Strict base64. ValueError."""
    content = b64decode(text, validate=True)
    if b64encode(content).decode() != text:
        raise ValueError(f"not the usual base64: {text[:40]}")
    return content


def whole(text: str) -> int:
    """A number from 0 on, as it is usually written. ValueError."""
    if not (text.isascii() and text.isdecimal() and len(text) < 20) or text != str(int(text)):
        raise ValueError(f"not a number: {text[:40]!r}")
    return int(text)


def after(word: str, line: str) -> str:
    """What follows on the word a line begins with. ValueError."""
    if not line.startswith(word):
        raise ValueError(f"{word.strip()} is expected: {line[:40]!r}")
    return line[len(word) :]


def id_of(name: str, public: bytes) -> bytes:
    """What a signature line calls a key by."""
    return sha256(f"{name}\n".encode() + b"\x01" + public).digest()[:4]


def read_key(text: str) -> Key:
    """Name and public key out of ``name+id+base64``. Unreadable."""
    try:
        name, key_id, encoded = text.strip().split("+", 2)
        content = base64(encoded)
    except ValueError:
        raise Unreadable(f"this is not a verifier key: {text[:60]!r}") from None
    if content[:1] != b"\x01" or len(content) != 33 or key_id != id_of(name, content[1:]).hex():
        raise Unreadable(f"this is not a verifier key for Ed25519: {text[:60]!r}")
    return name, content[1:]


def read_checkpoint(note: str) -> tuple[str, int, bytes]:
    """Origin, size and root of a note, signed or not. ValueError."""
    origin, size, root = note.partition("\n\n")[0].split("\n")
    if len(base64(root)) != 32:
        raise ValueError("this is no checkpoint: origin, size and root are expected")
    return origin, whole(size), base64(root)


def is_signed(note: str, keys: Sequence[Key]) -> bool:
    """Whether a key of its origin signed a note, and no such key's line is false."""
    text, _gap, below = note.rpartition("\n\n")
    message, origin = f"{text}\n".encode(), note.split("\n")[0]
    known = {id_of(name, public): public for name, public in keys if name == origin}
    signed = False
    for line in below.splitlines():
        try:
            dash, name, encoded = line.split(" ")
            signature = base64(encoded)
        except ValueError:
            return False
        if dash == "—" and name == origin and signature[:4] in known:
            if not accepts(known[signature[:4]], message, signature[4:]):
                return False
            signed = True
    return signed


# --- The export
class Export:
    """A folder made by ``manage.py export_log``."""

    def __init__(self, folder: Path, keys: Sequence[str], anchors: Path | None) -> None:
        self.folder = folder
        brought = [read_key(line) for line in self.text("key").splitlines()]
        self.keys = [read_key(key) for key in keys] or brought
        self.has_successions = len({*self.keys, *brought}) > 1
        self.note = self.text("checkpoint")
        self.origin, self.size, self.root = self.checkpoint("checkpoint", self.note)
        self.anchors = [*self.lines("anchors.jsonl"), *(self.kept(anchors) if anchors else [])]
        self.notes = [str(line.get("note")) for line in self.lines("checkpoints.jsonl") if isinstance(line, dict)]
        self.successions: list[tuple[int, Key, Key]] = []
        self.complaints: list[str] = []
        self.levels: list[list[bytes]] = []  # by level and place, the hashes of each tile
        self.entries_read = self.dropped = self.first = self.compared = 0
        self.is_retention_stated = False
        self.ends: dict[str, int] = {}  # how many entries an earlier name of the log had, where a restore ended it

    def text(self, name: str) -> str:
        """A file of the export. Unreadable."""
        try:
            return (self.folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as trouble:
            raise Unreadable(f"{name} cannot be read: {trouble}") from None

    def lines(self, name: str) -> Iterator[object]:
        """The JSON values of a file, a line each. Unreadable."""
        for number, line in enumerate(self.text(name).splitlines(), 1):
            yield read_json(f"{name}, line {number},", line)

    def kept(self, path: Path) -> Iterator[object]:
        """Checkpoints kept elsewhere: JSON lines, or one note as it is."""
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as trouble:
            raise Unreadable(f"{path} cannot be read: {trouble}") from None
        try:
            yield from [read_json(path.name, line) for line in text.splitlines()]
        except Unreadable:
            yield text

    def checkpoint(self, name: str, note: object) -> tuple[str, int, bytes]:
        """A checkpoint of the export. Unreadable."""
        try:
            return read_checkpoint(str(note))
        except ValueError as trouble:
            raise Unreadable(f"{name}: {trouble}") from None

    def complain(self, sentence: str) -> None:
        """Note what is wrong; the first twenty are kept."""
        if len(self.complaints) < MOST_COMPLAINTS and sentence not in self.complaints:
            self.complaints.append(sentence)

    # Tiles
    def tile(self, level: int, n: int, width: int) -> bytes:
        """The hashes of a tile, one after the other; empty when there is no such file. Unreadable."""
        name = tile_name(level, n, width)
        try:
            content = (self.folder / name).read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as trouble:
            raise Unreadable(f"{name} cannot be read: {trouble}") from None
        if len(content) != width * 32:
            self.complain(f"{name} is cut short: {len(content)} bytes instead of {width * 32}")
        return content[: width * 32]

    def hash_at(self, level: int, place: int) -> bytes:
        """One hash of a level; empty where its tile does not reach."""
        n, inner = divmod(place, WIDTH)
        return self.levels[level][n][inner * 32 : inner * 32 + 32]

    def verify_tiles(self) -> bool:
        """Every tile against the one above, level by level; False without the newest ones, which no rule ends."""
        level = 0
        while self.size >> 8 * level:
            last, width = divmod((self.size >> 8 * level) - 1, WIDTH)
            if not self.tile(level, last, width + 1):
                self.complain(f"{tile_name(level, last, width + 1)} is missing, of a log of {self.size} entries")
                return False
            self.levels.append([self.tile(level, n, WIDTH) for n in range(last)] + [self.tile(level, last, width + 1)])
            level += 1
        for level in range(1, len(self.levels)):
            self._compare_with_above(level - 1)
        return True

    def _compare_with_above(self, level: int) -> None:
        for n in range(self.size >> 8 * (level + 1)):
            hashes, expected = self.levels[level][n], self.hash_at(level + 1, n)
            if not hashes and expected:
                continue  # pruned: the hash above stands for it
            if len(hashes) != TILE_BYTES or above(hashes) != expected:
                self.complain(f"{tile_name(level, n, WIDTH)} does not belong to the tile above it")

    # Entries
    def verify_entries(self) -> None:
        """Every entry against its hash, none left out from the first exported to the last sealed."""
        paths = sorted((self.folder / "entries").glob("*.jsonl"))
        for stray in sorted(self.names("private") - {path.name for path in paths}):
            self.complain(f"private/{stray} belongs to no entries")
        wanted = first_of(paths[0]) if paths else 0
        for path in paths:
            start = first_of(path)
            if start != wanted:
                self.complain(f"entries/{path.name} does not follow on entry {wanted - 1}")
            wanted = start + self.verify_bundle(path, start)
        if wanted < self.size:
            self.complain(f"entries {wanted} to {self.size - 1} are missing")
        if self.dropped and not self.is_retention_stated:
            self.complain(f"{self.dropped} entries are left out, and no entry says that a year was dropped")

    def names(self, folder: str) -> set[str]:
        """The files of a folder of the export."""
        return {path.name for path in (self.folder / folder).glob("*")}

    def verify_bundle(self, path: Path, start: int) -> int:
        """The entries of one file, of which the first has this number; how many they are. Unreadable."""
        # Line after line out of the file, each looked at once: whatever holds them all costs as much as hashing them.
        hashes: list[bytes] = []
        told: list[tuple[int, bytes]] = []
        line = b""
        telling = TELLING if self.has_successions else MAY_SAY_END
        try:
            with path.open("rb", buffering=BUFFER) as file:
                for line in file:
                    if line.startswith(telling):
                        told.append((start + len(hashes), line))
                    hashes.append(sha256(b"\x00" + line[:-1]).digest())
        except OSError as trouble:
            raise Unreadable(f"entries/{path.name} cannot be read: {trouble}") from None
        found, count = b"".join(hashes), len(hashes)
        if not line.endswith(b"\n"):
            self.complain(f"entries/{path.name} ends in the middle of a line")
        if start + count > self.size:
            self.complain(f"entries/{path.name} has more lines than were sealed")
        if found != self.leaf_hashes(start, start + count):
            self._name_wrong_entries(path, start, found)
        self.successions += successions(told)
        self.read_ends([line for _number, line in told])
        self.verify_private(path)
        self.entries_read += count
        return count

    def read_ends(self, lines: Sequence[bytes]) -> None:
        """What the entries of this file say of years that were dropped, and of names that a restore ended."""
        for line in lines:
            kind, said = said_by(line)
            self.is_retention_stated |= kind == "retention"
            if kind == "restore" and isinstance(size := said.get("restored"), int):
                self.ends[str(said.get("origin"))] = size

    def leaf_hashes(self, start: int, end: int) -> bytes:
        """The hashes of the leaves from ``start`` to before ``end``; noughts where a tile does not reach."""
        first, last = start // WIDTH, (end + WIDTH - 1) // WIDTH
        hashes = b"".join([hashes.ljust(TILE_BYTES, b"\0") for hashes in self.levels[0][first:last]])
        return hashes[(start - first * WIDTH) * 32 : (end - first * WIDTH) * 32]

    def _name_wrong_entries(self, path: Path, start: int, found: bytes) -> None:
        lines = path.read_bytes().split(b"\n")[:-1]
        for number, line in enumerate(lines[: max(0, self.size - start)]):
            if line == b"":
                self.dropped += 1
            elif found[number * 32 : number * 32 + 32] != self.hash_at(0, start + number):
                self.complain(f"entry {start + number} (entries/{path.name}, line {number + 1}) is not what was sealed")

    def verify_private(self, entries: Path) -> None:
        """The private parts, where they came along, against the hashes in the entries."""
        path = self.folder / "private" / entries.name
        if not path.exists():
            return
        parts, wholes = (file.read_bytes().split(b"\n") for file in (path, entries))
        for number, (line, entry) in enumerate(zip_longest(parts, wholes[:-1], fillvalue=b""), 1):
            if line and not is_private_part(line, entry):
                self.complain(f"private/{path.name}, line {number}, is not what was sealed")

    # Roots
    def verify_roots(self) -> None:
        """The newest checkpoint, every earlier one and every anchor against the tree."""
        wanted = self.claimed_roots()
        lowest = self.levels[0] if self.levels else []
        first = next((n * WIDTH for n, hashes in enumerate(lowest) if hashes), 0)
        nodes = self.nodes_before(first)
        place, asked_within = first, {size // WIDTH for size in wanted if size % WIDTH}
        while place < self.size:
            place = self.advance(nodes, place, asked_within)
            if place in wanted and root_of(nodes) != wanted[place]:
                self.complain(f"the first {place} entries are not those that were signed")
        self.first = first
        if root_of(nodes) != self.root:
            self.complain(f"the {self.size} entries do not lead to the root of the checkpoint")

    def advance(self, nodes: list[bytes], place: int, asked_within: set[int]) -> int:
        """One leaf further, or a full tile when no earlier root is asked for within it."""
        n, inner = divmod(place, WIDTH)
        if not inner and place + WIDTH <= self.size and n not in asked_within:
            push(nodes, n, self.hash_at(1, n))
            return place + WIDTH
        push(nodes, place, self.hash_at(0, place))
        return place + 1

    def nodes_before(self, first: int) -> list[bytes]:
        """The complete nodes over the leaves before ``first``, out of the tiles that are left."""
        nodes, place = [], 0
        while place < first:
            height = (first - place).bit_length() - 1
            level, inner = divmod(height, 8)
            n, begin = divmod(place >> 8 * level, WIDTH)
            nodes.append(above(self.levels[level][n][begin * 32 : (begin + (1 << inner)) * 32]))
            place += 1 << height
        return nodes

    def claimed_roots(self) -> dict[int, bytes]:
        """Size and root of earlier checkpoints and of anchors."""
        roots: dict[int, bytes] = {}
        origins = {name for name, _public in self.keys}
        step = max(1, len(self.notes) // MOST_SIGNATURES)
        for number, note in enumerate(self.notes):
            origin, size, root = self.checkpoint("checkpoints.jsonl", note)
            if number % step == 0 and origin in origins and not is_signed(note, self.keys):
                self.complain(f"the checkpoint of {size} entries is not genuine")
            self.claim(roots, "a checkpoint", size, root)
        for anchor in self.anchors:
            origin, size, root = self.checkpoint("an anchor", anchor)
            if origin != self.origin and size > self.ends.get(origin, -1):
                continue
            if origin in origins and not is_signed(str(anchor), self.keys):
                self.complain(f"the anchor of {size} entries is not genuine")
            self.claim(roots, "an anchor", size, root)
            self.compared += 1
        return roots

    def claim(self, roots: dict[int, bytes], whose: str, size: int, root: bytes) -> None:
        """One more root to be met by the tree; no other was claimed for this size, and none beyond its end."""
        if size > self.size:
            self.complain(f"{whose} knows {size} entries, the export {self.size}: the log was rolled back")
        if roots.setdefault(size, root) != root:
            self.complain(f"the first {size} entries are not those of {whose}")

    def follow_keys(self) -> None:
        """Believe the successor of a believed key, where a checkpoint of the old one covers the entry that names it,
        and whom a believed key replaced. Entries and roots are verified apart.
        """
        for number, new, old in self.successions * len(self.successions):
            if old in self.keys and new not in self.keys and self.vouches(old, number):
                self.keys.append(new)
            if new in self.keys and old not in self.keys:
                self.keys.append(old)

    def vouches(self, key: Key, number: int) -> bool:
        """Whether a checkpoint signed by this key covers an entry."""
        signs = f"— {key[0]} {b64encode(id_of(*key)).decode()[:5]}"
        covering = (note for note in self.notes if self.checkpoint("checkpoints.jsonl", note)[1] > number)
        return any(signs in note and is_signed(note, [key]) for note in covering)

    def verify(self) -> list[str]:
        """Everything; what is wrong, in sentences."""
        is_readable = self.verify_tiles()
        if is_readable:
            self.verify_entries()
            self.follow_keys()
        if not is_signed(self.note, self.keys):
            self.complaints.insert(0, "the checkpoint is not signed by the key of this log")
        if is_readable:
            self.verify_roots()
        return self.complaints


def read_json(name: str, text: str) -> object:
    """A JSON value. Unreadable."""
    try:
        found: object = json.loads(text, object_pairs_hook=each_once)
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Unreadable(f"{name} is no JSON") from None
    return found


def each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A JSON object in which no name stands twice: of two, readers would not agree which counts. ValueError."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found


def first_of(bundle: Path) -> int:
    """The number of the first entry of a file, which is its name. Unreadable."""
    if not (bundle.stem.isascii() and bundle.stem.isdecimal() and len(bundle.stem) < 20):
        raise Unreadable(f"entries/{bundle.name} is not named by the number of its first entry")
    return int(bundle.stem)


def tile_name(level: int, n: int, width: int) -> str:
    """The path of a tile (C2SP tlog-tiles)."""
    groups = [f"{n % 1000:03d}"]
    while n := n // 1000:
        groups.insert(0, f"x{n % 1000:03d}")
    return f"tile/{level}/{'/'.join(groups)}" + (f".p/{width}" if width < WIDTH else "")


def is_private_part(line: bytes, entry: bytes) -> bool:
    """Whether a private part is the one whose salted hash stands in the entry."""
    try:
        given, sealed = json.loads(line, object_pairs_hook=each_once), json.loads(entry)
        private = json.dumps(given["private"], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        salt = bytes.fromhex(given["salt"])
        return sha256(b"\x02" + salt + private.encode()).hexdigest() == str(sealed["priv"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return False


def said_by(line: bytes) -> tuple[str, dict[str, object]]:
    """Kind of an entry, and what it says where it says something."""
    try:
        entry = json.loads(line)
        said = json.loads(entry["pub"]["said"])
        return (str(entry["kind"]), said) if isinstance(said, dict) else ("", {})
    except (ValueError, KeyError, TypeError, RecursionError):
        return "", {}


def successions(entries: Sequence[tuple[int, bytes]]) -> list[tuple[int, Key, Key]]:
    """Entries by which a key gave way to another, of these with their numbers: number, new key, old key."""
    found = []
    for number, line in entries:
        if line.startswith(NAMES_KEY):
            try:
                said = json.loads(json.loads(line)["pub"]["said"])
                if "verifier" in said:
                    found.append((number, read_key(said["verifier"]), read_key(said["replaces"])))
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError, Unreadable):
                continue
    return found


# --- Proofs of single entries
class Proof:
    """A C2SP tlog-proof with its entry. Unreadable."""

    def __init__(self, name: str, text: str) -> None:
        try:
            head, _gap, self.note = text.partition("\n\n")
            first, extra, index, *lines = head.split("\n")
            self.entry, self.number = base64(after("extra ", extra)), whole(after("index ", index))
            self.path = [base64(line) for line in lines]
            self.origin, self.size, self.root = read_checkpoint(self.note)
        except ValueError as trouble:
            raise Unreadable(f"{name} is no proof of this log: {trouble}") from None
        if first != PROOF_HEAD or any(len(part) != 32 for part in self.path):
            raise Unreadable(f"{name} is no C2SP tlog-proof")

    def complaint(self, keys: Sequence[Key]) -> str:
        """What is wrong with it; empty when nothing is."""
        if not is_signed(self.note, keys):
            return f"the checkpoint in the proof is not signed by the key of {self.origin} that you named"
        if not proves(self.number, self.size, sha256(b"\x00" + self.entry).digest(), self.root, self.path):
            return f"the proof does not lead from this entry at place {self.number} to the signed root"
        return ""


def verify_file(path: Path, keys: Sequence[Key]) -> tuple[list[str], str]:
    """What is wrong with the proofs in a file, and what to say when nothing is. Unreadable."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as trouble:
        raise Unreadable(f"{path} cannot be read: {trouble}") from None
    if not text.lstrip().startswith("{"):
        return verify_proof(Proof(path.name, text), keys)
    try:
        certificate = read_json(path.name, text)
    except Unreadable:
        return verify_lines(path, text, keys)
    if isinstance(certificate, dict) and "payload" in certificate:
        return verify_certificate(path, certificate, keys)
    return verify_lines(path, text, keys)


def verify_proof(proof: Proof, keys: Sequence[Key]) -> tuple[list[str], str]:
    """One proof; its entry is shown when nothing is wrong."""
    complaint = proof.complaint(keys)
    if complaint:
        return [complaint], ""
    say(f"Entry {proof.number} of {proof.size}: {proof.entry.decode(errors='replace')}")
    return [], "The entry stands in the signed log."


def verify_certificate(path: Path, certificate: dict[str, object], keys: Sequence[Key]) -> tuple[list[str], str]:
    """An erasure certificate against the entry of the log that says it was made. Its signature is another matter."""
    payload, text = certificate["payload"], certificate.get("log_proof")
    if not isinstance(text, str) or not isinstance(payload, dict):
        raise Unreadable(f"{path.name} has no log_proof yet: ask for the file again, it is sealed within minutes")
    proof = Proof(path.name, text)
    facts = {name: value for name, value in payload.items() if name != "leaf"}
    digest = sha256(json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()
    try:
        sealed = json.loads(json.loads(proof.entry)["pub"]["said"])["digest"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Unreadable(f"{path.name}: the entry that is proved is not about a certificate") from None
    complaints = [proof.complaint(keys)] if proof.complaint(keys) else []
    if sealed != digest:
        complaints.append("the certificate is not the one that the log says was made")
    return complaints, f"The certificate stands in the signed log as entry {proof.number} of {proof.size}."


def verify_lines(path: Path, text: str, keys: Sequence[Key]) -> tuple[list[str], str]:
    """Lines of the log, each with the entry that is shown and the proof of it."""
    complaints, waiting = [], 0
    signed: dict[str, bool] = {}  # lines of one export share their checkpoint
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        told = read_line(path, number, line)
        if told.get("proof") is None:
            waiting += 1
            continue
        proof = Proof(f"{path.name}, line {number}", str(told["proof"]))
        if proof.note not in signed:
            signed[proof.note] = is_signed(proof.note, keys)
        complaint = wrong_line(told, proof, signed[proof.note])
        complaints += [f"line {number}: {complaint}"] if complaint else []
    if waiting == len(lines):
        complaints.append("no line has a proof: nothing shows that they stand in the log")
    told_all = (
        f"{len(lines) - waiting} lines stand in the signed log, {waiting} have no proof yet."
        ' Of each line its "entry" is proved, and nothing that stands beside it.'
    )
    return complaints[:MOST_COMPLAINTS], told_all


def wrong_line(told: dict[str, object], proof: Proof, is_genuine: bool) -> str:
    """What is wrong between a line and its proof; empty when nothing is."""
    shown = json.dumps(told.get("entry"), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    if shown.encode() != proof.entry:
        return "the entry shown is not the one that is proved"
    if not is_genuine:
        return f"the checkpoint is not signed by the key of {proof.origin} that you named"
    if not proves(proof.number, proof.size, sha256(b"\x00" + proof.entry).digest(), proof.root, proof.path):
        return "the proof does not lead from this entry to the signed root"
    return ""


def read_line(path: Path, number: int, line: str) -> dict[str, object]:
    """One JSON object. Unreadable."""
    told = read_json(f"{path.name}, line {number},", line)
    if not isinstance(told, dict):
        raise Unreadable(f"{path.name}, line {number}, is no line of the log")
    return told


def main(arguments: list[str]) -> int:
    """Verify and say what was found; the answer is the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--key", action="append", default=[])
    parser.add_argument("--anchors", type=Path)
    options = parser.parse_args(arguments)
    try:
        if options.path.is_file():
            if not options.key:
                raise Unreadable("a proof is verified with the key the house publishes: --key")
            complaints, told = verify_file(options.path, [read_key(key) for key in options.key])
        else:
            export = Export(options.path, options.key, options.anchors)
            complaints, told = export.verify(), summary(export)
    except Unreadable as trouble:
        complaints, told = [str(trouble)], ""
    say(*([f"BROKEN: {complaint}" for complaint in complaints] or [told]))
    return BROKEN if complaints else WHOLE


def say(*lines: str) -> None:
    """Lines for whoever asked."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def summary(export: Export) -> str:
    """What was verified, in one sentence."""
    dropped = f", {export.dropped} dropped by the rule of retention" if export.dropped else ""
    dropped += f", the first {export.first} by their common hash only" if export.first else ""
    return (
        f"UNBROKEN: {export.size} entries of {export.origin}, {export.entries_read} of them read{dropped}, "
        f"{export.compared} anchors. Compare this root with one kept elsewhere: {b64encode(export.root).decode()}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
