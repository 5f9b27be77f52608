"""Verification from the database: every row is hashed again and held against tiles, checkpoints and anchors.

The work comes in slices, so that the keeper can seal in between and a page can show how far it is.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db.backends.base.base import BaseDatabaseWrapper

from audit import stored, storing, tiles, tree
from audit.complaints import Complaint
from audit.leaves import SOURCES
from audit.notes import Checkpoint, NoteRefused, Verifier, opened
from audit.tiles import TileMissing, Tiles

SLICE = 64 * tiles.WIDTH
MOST_COMPLAINTS = 20


@dataclass(slots=True)
class Findings:
    """How far a verification has come and what it found."""

    begins: int
    ends: int
    done: int = 0
    complaints: list[Complaint] = field(default_factory=list)

    @property
    def wanted(self) -> int:
        """How many leaves there are to verify."""
        return self.ends - self.begins

    def add(self, *complaints: Complaint) -> None:
        """Note what is wrong; the first twenty are kept."""
        self.complaints += complaints[: MOST_COMPLAINTS - len(self.complaints)]


def verify(connection: BaseDatabaseWrapper, *, begins: int = 0, anchors: Iterable[str] = ()) -> Iterator[Findings]:
    """Verify every leaf from ``begins`` on; yields the findings after each slice, complete at the end.

    ``anchors`` are notes kept outside the database.
    """
    state = storing.state(connection)
    if state is None:
        yield Findings(0, 0, complaints=[Complaint("not_begun")])
        return
    begins = min(max(begins, stored.minimum_index(connection)), state.size)
    findings = Findings(begins, state.size)
    try:
        yield from _verify_leaves(connection, findings, _known_roots(connection, findings, anchors))
    except TileMissing as missing:
        findings.add(Complaint("tile_short", str(missing)))
    _verify_completeness(connection, findings)
    yield findings


def verify_sample(
    connection: BaseDatabaseWrapper, count: int, *, anchors: Iterable[str] = (), chance: random.Random | None = None
) -> Iterator[Findings]:
    """Verify so many leaves drawn by lot, each by its proof to the newest checkpoint, and all anchors."""
    state = storing.state(connection)
    if state is None:
        yield Findings(0, 0, complaints=[Complaint("not_begun")])
        return
    lot = (chance or random.SystemRandom()).sample
    minimum = stored.minimum_index(connection)
    drawn = sorted(lot(range(minimum, state.size), min(count, state.size - minimum)))
    findings = Findings(0, len(drawn))
    kept = storing.tiles(connection)
    try:
        _compare_roots(_known_roots(connection, findings, anchors), kept, findings)
        for number in drawn:
            _verify_leaf(connection, kept, number, state, findings)
            findings.done += 1
            yield findings
    except TileMissing as missing:
        findings.add(Complaint("tile_short", str(missing)))
    yield findings


def _verify_leaves(connection: BaseDatabaseWrapper, findings: Findings, roots: dict[int, bytes]) -> Iterator[Findings]:
    kept = storing.tiles(connection)
    frontier = tree.Frontier(findings.begins, kept.node)
    if roots.get(frontier.size, frontier.root()) != frontier.root():
        findings.add(Complaint("root_differs", str(frontier.size)))
    for start in range(findings.begins, findings.ends, SLICE):
        end = min(start + SLICE, findings.ends)
        kept = storing.tiles_of(connection, start, end)
        expected = _tile_hashes(kept, start, end)
        findings.add(*_wrong_rows(connection, start, expected))
        findings.add(*_wrong_roots(frontier, kept, expected, roots))
        findings.add(*_wrong_tiles(kept, start, end))
        findings.done = end - findings.begins
        yield findings


def _tile_hashes(kept: Tiles, start: int, end: int) -> list[bytes]:
    """The leaf hashes of a range, out of the tiles."""
    first, last = start // tiles.WIDTH, (end - 1) // tiles.WIDTH
    content = b"".join(kept.tile(0, n).ljust(tiles.TILE_BYTES, b"\0") for n in range(first, last + 1))
    begin = start % tiles.WIDTH * tree.HASH_BYTES
    return [content[at : at + 32] for at in range(begin, begin + (end - start) * 32, 32)]


def _wrong_rows(connection: BaseDatabaseWrapper, start: int, expected: Sequence[bytes]) -> Iterator[Complaint]:
    end = start + len(expected)
    found = dict(stored.sealed_hashes(connection, start, end))
    places = stored.places(connection, start, end) if len(found) < len(expected) else {}
    for number, wanted in enumerate(expected, start):
        if number in found:
            if found[number] != wanted:
                yield Complaint("row_changed", str(number))
        elif number not in places:
            yield Complaint("number_missing", str(number))
        elif not places[number].is_dropped:
            yield Complaint("row_missing", str(number))


def _wrong_roots(
    frontier: tree.Frontier, kept: Tiles, leaves: Sequence[bytes], roots: dict[int, bytes]
) -> Iterator[Complaint]:
    """Add the leaves, and hold the tree against every root that is known on the way.

    A full tile counts by the hash above it, where no root is asked for within: ``_wrong_tiles`` compares the two.
    """
    begin, end = frontier.size, frontier.size + len(leaves)
    asked_within = {size // tiles.WIDTH for size in roots if begin < size <= end and size % tiles.WIDTH}
    while frontier.size < end:
        place = frontier.size - begin
        part = leaves[place : place + tiles.WIDTH]
        whole = frontier.size % tiles.WIDTH == 0 and len(part) == tiles.WIDTH
        if whole and frontier.size // tiles.WIDTH not in asked_within:
            frontier.add(kept.node(tiles.HEIGHT, frontier.size // tiles.WIDTH), tiles.HEIGHT)
        else:
            frontier.add(part[0])
        if roots.get(frontier.size, b"") not in (b"", frontier.root()):
            yield Complaint("root_differs", str(frontier.size))


def _wrong_tiles(kept: Tiles, start: int, end: int) -> Iterator[Complaint]:
    """Full tiles of the range against the hashes above them."""
    level = 0
    while end >> tiles.HEIGHT * (level + 1):
        width = tiles.HEIGHT * (level + 1)
        for n in range(start >> width, end >> width):
            hashes = kept.tile(level, n)
            above, place = divmod(n, tiles.WIDTH)
            if kept.tile(level + 1, above)[place * 32 : place * 32 + 32] != (
                tree.complete_root(hashes) if len(hashes) == tiles.TILE_BYTES else b""
            ):
                yield Complaint("tile_changed", tiles.path(level, n))
        level += 1


def _verify_leaf(
    connection: BaseDatabaseWrapper, kept: Tiles, number: int, state: storing.State, findings: Findings
) -> None:
    expected = _tile_hashes(kept, number, number + 1)
    findings.add(*_wrong_rows(connection, number, expected))
    path = kept.inclusion_proof(number, state.size)
    if not tree.proves_inclusion(number, state.size, expected[0], state.root, path):
        findings.add(Complaint("root_differs", str(state.size)))


def _compare_roots(roots: dict[int, bytes], kept: Tiles, findings: Findings) -> None:
    """The newest root of all that are known."""
    size = max(roots, default=0)
    if size and roots[size] != kept.root(size):
        findings.add(Complaint("root_differs", str(size)))


def _known_roots(connection: BaseDatabaseWrapper, findings: Findings, anchors: Iterable[str]) -> dict[int, bytes]:
    """The roots that checkpoints and anchors claim, by size, once their signatures are verified."""
    origins = stored.origins(connection)
    verifiers = [origin.verifier for origin in origins]
    roots: dict[int, bytes] = {}
    for size, root, note in stored.checkpoints(connection, findings.begins):
        claimed = _claimed(note, verifiers)
        if claimed is None or (claimed.size, claimed.root) != (size, root):
            findings.add(Complaint("checkpoint_changed", str(size)))
        roots[size] = root
    ends = {origin.verifier.name: origin.ends for origin in origins}
    for note in anchors:
        _compare_anchor(_claimed(note, verifiers), ends, roots, findings)
    return roots


def _compare_anchor(
    claimed: Checkpoint | None, ends: dict[str, int | None], roots: dict[int, bytes], findings: Findings
) -> None:
    """An anchor is one more root to be met; one of an origin that a restore ended may lie beyond its end."""
    if claimed is None:
        findings.add(Complaint("anchor_false"))
        return
    end = ends[claimed.origin]
    if end is not None and claimed.size > end:
        return
    if claimed.size > max(roots):
        findings.add(Complaint("anchor_ahead", str(claimed.size)))
    elif roots.setdefault(claimed.size, claimed.root) != claimed.root:
        findings.add(Complaint("root_differs", str(claimed.size)))


def _claimed(note: str, verifiers: Sequence[Verifier]) -> Checkpoint | None:
    try:
        return Checkpoint.parse(opened(note, verifiers))
    except NoteRefused:
        return None


def _verify_completeness(connection: BaseDatabaseWrapper, findings: Findings) -> None:
    for source in SOURCES.values():
        for row_id in stored.passed_over(connection, source, MOST_COMPLAINTS):
            findings.add(Complaint("row_unsealed", f"{source.table} {row_id}"))
    findings.add(*(Complaint("pruned_unstated", str(year)) for year in stored.pruned_unstated(connection)))
