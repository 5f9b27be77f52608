#!/usr/bin/env python3
"""Verifies an export of the access log, or one proof, offline:

    python3 verify_log.py FOLDER [--key KEY] [--anchors FILE]
    python3 verify_log.py PROOF.tlog-proof --key KEY

One file, Python 3.11 or newer, nothing else: no library, no network, no database.

KEY is the verifier key the house publishes (name+id+base64). Without it the key in the export is believed, which shows
only that nothing was changed since the export was made. FILE holds checkpoints that were kept elsewhere: lines of JSON
texts, or one checkpoint as it was printed or mailed.

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
from pathlib import Path

WHOLE, BROKEN = 0, 1
WIDTH = 256
MOST_COMPLAINTS = 20
MOST_SIGNATURES = 200  # of earlier checkpoints: one takes about 5 ms here; their roots are all compared


class Unreadable(Exception):
    """The export is incomplete or malformed: what, and where."""


# --- Ed25519 (RFC 8032, 5.1): verification only, in the plainest way. Points are (X, Y, Z, T), extended coordinates.
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
NEUTRAL = (0, 1, 1, 0)
Point = tuple[int, int, int, int]


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


def above(hashes: Sequence[bytes]) -> bytes:
    """The hash above 256 others."""
    level = list(hashes)
    while len(level) > 1:
        level = [sha256(b"\x01" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=True)]
    return level[0]


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


def read_key(text: str) -> tuple[str, bytes]:
    """Name and public key out of ``name+id+base64``. Unreadable."""
    try:
        name, key_id, encoded = text.strip().split("+", 2)
        content = base64(encoded)
    except ValueError:
        raise Unreadable(f"this is not a verifier key: {text[:60]!r}") from None
    expected = sha256(f"{name}\n".encode() + content).digest()[:4].hex()
    if content[:1] != b"\x01" or len(content) != 33 or key_id != expected:
        raise Unreadable(f"this is not a verifier key for Ed25519: {text[:60]!r}")
    return name, content[1:]


def read_checkpoint(note: str) -> tuple[str, int, bytes]:
    """Origin, size and root of a note, signed or not. ValueError."""
    origin, size, root = note.partition("\n\n")[0].split("\n")
    if not size.isascii() or not size.isdecimal() or len(base64(root)) != 32:
        raise ValueError("this is no checkpoint: origin, size and root are expected")
    return origin, int(size), base64(root)


def is_signed(note: str, keys: dict[str, bytes]) -> bool:
    """Whether the key of its origin signed a note."""
    text, _gap, below = note.rpartition("\n\n")
    message = f"{text}\n".encode()
    origin = note.split("\n")[0]
    public = keys.get(origin, b"")
    key_id = sha256(f"{origin}\n".encode() + b"\x01" + public).digest()[:4]
    for line in below.splitlines():
        try:
            dash, name, encoded = line.split(" ")
            signature = base64(encoded)
        except ValueError:
            return False
        if dash == "—" and name == origin and signature[:4] == key_id:
            return accepts(public, message, signature[4:])
    return False


# --- The export
class Export:
    """A folder made by ``manage.py export_log``."""

    def __init__(self, folder: Path, key: str | None, anchors: Path | None) -> None:
        self.folder = folder
        brought = dict(read_key(line) for line in self.text("key").splitlines())
        self.keys = dict([read_key(key)]) if key else brought
        self.note = self.text("checkpoint")
        self.origin, self.size, self.root = self.checkpoint("checkpoint", self.note)
        self.anchors = [*self.lines("anchors.jsonl"), *(self.kept(anchors) if anchors else [])]
        self.complaints: list[str] = []
        self.entries_read = self.dropped = self.first = 0

    def text(self, name: str) -> str:
        """A file of the export. Unreadable."""
        try:
            return (self.folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as trouble:
            raise Unreadable(f"{name} cannot be read: {trouble}") from None

    def lines(self, name: str) -> Iterator[object]:
        """The JSON values of a file, a line each."""
        for number, line in enumerate(self.text(name).splitlines(), 1):
            try:
                yield json.loads(line)
            except ValueError:
                raise Unreadable(f"{name}, line {number}, is no JSON") from None

    def kept(self, path: Path) -> Iterator[object]:
        """Checkpoints kept elsewhere: JSON lines, or one note as it is."""
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as trouble:
            raise Unreadable(f"{path} cannot be read: {trouble}") from None
        try:
            yield from [json.loads(line) for line in text.splitlines()]
        except ValueError:
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
    def tile(self, level: int, n: int, width: int) -> list[bytes]:
        """The hashes of a tile; empty when there is no such file."""
        name = tile_name(level, n, width)
        try:
            content = (self.folder / name).read_bytes()
        except FileNotFoundError:
            return []
        if len(content) != width * 32:
            self.complain(f"{name} is cut short: {len(content)} bytes instead of {width * 32}")
        return [content[at : at + 32] for at in range(0, width * 32, 32)]

    def verify_tiles(self) -> list[list[bytes]]:
        """Every tile against the one above, level by level; the hashes of level 0."""
        levels: list[list[bytes]] = []
        level = 0
        while self.size >> 8 * level:
            count = self.size >> 8 * level
            hashes: list[bytes] = []
            for n in range((count + WIDTH - 1) // WIDTH):
                width = min(WIDTH, count - n * WIDTH)
                hashes += self.tile(level, n, width) or [b""] * width
            levels.append(hashes)
            level += 1
        for level, hashes in enumerate(levels[:-1]):
            self._compare_with_above(level, hashes, levels[level + 1])
        return levels

    def _compare_with_above(self, level: int, hashes: list[bytes], over: list[bytes]) -> None:
        for n, expected in enumerate(over):
            part = hashes[n * WIDTH : (n + 1) * WIDTH]
            if part[0] == b"" and expected:
                continue  # pruned: the hash above stands for it
            if b"" in part or above(part) != expected:
                self.complain(f"{tile_name(level, n, WIDTH)} does not belong to the tile above it")

    # Entries
    def verify_entries(self, hashes: list[bytes]) -> None:
        """Every entry against its hash."""
        for path in sorted((self.folder / "entries").glob("*.jsonl")):
            start = int(path.stem)
            lines = path.read_bytes().split(b"\n")
            if lines.pop() != b"":
                self.complain(f"entries/{path.name} ends in the middle of a line")
            expected = hashes[start : start + len(lines)]
            if len(expected) < len(lines):
                self.complain(f"entries/{path.name} has more lines than were sealed")
            found = [sha256(b"\x00" + line).digest() for line in lines]
            if found != expected:
                self._name_wrong_entries(path.name, start, lines, found, expected)
            self.entries_read += len(lines)
            self.verify_private(path.name, lines)

    def _name_wrong_entries(
        self, name: str, start: int, lines: list[bytes], found: list[bytes], expected: list[bytes]
    ) -> None:
        for number, (line, one, other) in enumerate(zip(lines, found, expected, strict=False), start):
            if line == b"":
                self.dropped += 1
            elif one != other:
                self.complain(f"entry {number} (entries/{name}, line {number - start + 1}) is not what was sealed")

    def verify_private(self, name: str, lines: list[bytes]) -> None:
        """The private parts, where they came along, against the hashes in the entries."""
        path = self.folder / "private" / name
        if not path.exists():
            return
        for number, (line, entry) in enumerate(zip(path.read_bytes().split(b"\n"), lines, strict=False), 1):
            if line and not is_private_part(line, entry):
                self.complain(f"private/{name}, line {number}, is not what was sealed")

    # Roots
    def verify_roots(self, levels: list[list[bytes]]) -> None:
        """The newest checkpoint, every earlier one and every anchor against the tree."""
        wanted = self.claimed_roots()
        first = next((place for place, known in enumerate(levels[0] if levels else []) if known), 0)
        nodes = self.nodes_before(first, levels)
        place, asked_within = first, {size // WIDTH for size in wanted if size % WIDTH}
        while place < self.size:
            place = self.advance(nodes, place, levels, asked_within)
            if place in wanted and root_of(nodes) != wanted[place]:
                self.complain(f"the first {place} entries are not those that were signed")
        self.first = first
        if root_of(nodes) != self.root:
            self.complain(f"the {self.size} entries do not lead to the root of the checkpoint")

    def advance(self, nodes: list[bytes], place: int, levels: list[list[bytes]], asked_within: set[int]) -> int:
        """One leaf further, or a full tile when no earlier root is asked for within it."""
        n, inner = divmod(place, WIDTH)
        if not inner and place + WIDTH <= self.size and n not in asked_within:
            push(nodes, n, levels[1][n])
            return place + WIDTH
        push(nodes, place, levels[0][place])
        return place + 1

    def nodes_before(self, first: int, levels: list[list[bytes]]) -> list[bytes]:
        """The complete nodes over the leaves before ``first``, out of the tiles that are left."""
        nodes, place = [], 0
        while place < first:
            height = (first - place).bit_length() - 1
            level, inner = divmod(height, 8)
            part = levels[level][place >> 8 * level : (place >> 8 * level) + (1 << inner)]
            nodes.append(above(part))
            place += 1 << height
        return nodes

    def claimed_roots(self) -> dict[int, bytes]:
        """Size and root of earlier checkpoints and of anchors."""
        roots: dict[int, bytes] = {}
        notes = [line.get("note") for line in self.lines("checkpoints.jsonl") if isinstance(line, dict)]
        step = max(1, len(notes) // MOST_SIGNATURES)
        for number, note in enumerate(notes):
            origin, size, root = self.checkpoint("checkpoints.jsonl", note)
            if number % step == 0 and origin in self.keys and not is_signed(str(note), self.keys):
                self.complain(f"the checkpoint of {size} entries is not genuine")
            roots[size] = root
        for note in self.anchors:
            origin, size, root = self.checkpoint("an anchor", note)
            if origin != self.origin:
                continue
            if not is_signed(str(note), self.keys):
                self.complain(f"the anchor of {size} entries is not genuine")
            if size > self.size:
                self.complain(f"an anchor knows {size} entries, the export {self.size}: the log was rolled back")
            if roots.setdefault(size, root) != root:
                self.complain(f"the first {size} entries are not those that were anchored")
        return roots

    def verify(self) -> list[str]:
        """Everything; what is wrong, in sentences."""
        if not is_signed(self.note, self.keys):
            self.complain("the checkpoint is not signed by the key of this log")
        levels = self.verify_tiles()
        self.verify_entries(levels[0] if levels else [])
        self.verify_roots(levels)
        return self.complaints


def tile_name(level: int, n: int, width: int) -> str:
    """The path of a tile (C2SP tlog-tiles)."""
    groups = [f"{n % 1000:03d}"]
    while n := n // 1000:
        groups.insert(0, f"x{n % 1000:03d}")
    return f"tile/{level}/{'/'.join(groups)}" + (f".p/{width}" if width < WIDTH else "")


def is_private_part(line: bytes, entry: bytes) -> bool:
    """Whether a private part is the one whose salted hash stands in the entry."""
    try:
        given, sealed = json.loads(line), json.loads(entry)
        private = json.dumps(given["private"], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        salt = bytes.fromhex(given["salt"])
        return sha256(b"\x02" + salt + private.encode()).hexdigest() == str(sealed["priv"])
    except (ValueError, KeyError, TypeError):
        return False


def verify_proof(path: Path, key: str) -> list[str]:
    """What is wrong with a C2SP tlog-proof; its entry is shown when nothing is. Unreadable."""
    keys = dict([read_key(key)])
    try:
        head, _gap, note = path.read_text(encoding="utf-8").partition("\n\n")
        first, extra, index, *lines = head.split("\n")
        entry = base64(extra.removeprefix("extra "))
        number, proof = int(index.removeprefix("index ")), [base64(line) for line in lines]
        origin, size, root = read_checkpoint(note)
    except (OSError, ValueError) as trouble:
        raise Unreadable(f"{path} is no proof of this log: {trouble}") from None
    if first != "c2sp.org/tlog-proof@v1" or any(len(part) != 32 for part in proof):
        raise Unreadable(f"{path} is no C2SP tlog-proof")
    if not is_signed(note, keys):
        return [f"the checkpoint in the proof is not signed by the key of {origin} that you named"]
    if not proves(number, size, sha256(b"\x00" + entry).digest(), root, proof):
        return [f"the proof does not lead from this entry at place {number} to the signed root"]
    say(f"Entry {number} of {size}: {entry.decode(errors='replace')}")
    return []


def main(arguments: list[str]) -> int:
    """Verify and say what was found; the answer is the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--key")
    parser.add_argument("--anchors", type=Path)
    options = parser.parse_args(arguments)
    try:
        if options.path.is_file():
            if not options.key:
                raise Unreadable("a proof is verified with the key the house publishes: --key")
            complaints, told = verify_proof(options.path, options.key), "The entry stands in the signed log."
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
        f"{len(export.anchors)} anchors. Compare this root with one kept elsewhere: {b64encode(export.root).decode()}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
