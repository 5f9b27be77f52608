"""The Merkle tree of the log (RFC 6962, 2.1): hashes, roots, proofs and their verification. No database here.

A node is named by its height above the leaves and its place at that height; only complete ones have a name. Whoever
asks for a root or a proof brings a function that gives the hash of a complete node.
"""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256().digest()
Node = Callable[[int, int], bytes]


class NotConsistent(Exception):
    """Two trees of which the smaller should be the beginning of the larger are not so."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of a leaf."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node above two others."""
    return sha256(b"\x01" + left + right).digest()


def complete_root(hashes: bytes) -> bytes:
    """The node above 1, 2, 4, 8 … hashes that stand one after the other."""
    while len(hashes) > HASH_BYTES:
        pairs = range(0, len(hashes), 2 * HASH_BYTES)
        hashes = b"".join([sha256(b"\x01" + hashes[at : at + 2 * HASH_BYTES]).digest() for at in pairs])
    return hashes


def root(size: int, node: Node) -> bytes:
    """The root of the first ``size`` leaves."""
    return range_hash(0, size, node) if size else EMPTY_ROOT


def range_hash(start: int, end: int, node: Node) -> bytes:
    """The hash above the leaves from ``start`` to before ``end``, as RFC 6962 divides them; at least one leaf."""
    hashes = [node(height, place) for height, place in _complete_nodes(start, end)]
    above = hashes.pop()
    while hashes:
        above = node_hash(hashes.pop(), above)
    return above


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """The hashes that lead from a leaf to the root of the first ``size`` leaves. ValueError when it is not in it."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _left_part(end - start)
        if index < middle:
            path.append(range_hash(middle, end, node))
            end = middle
        else:
            path.append(range_hash(start, middle, node))
            start = middle
    return path[::-1]


def consistency_proof(old: int, new: int, node: Node) -> list[bytes]:
    """The hashes that show the first ``old`` leaves to be the beginning of ``new``. ValueError when they cannot be."""
    if not 0 < old <= new:
        raise ValueError(f"a tree of {old} is not the beginning of one of {new}")
    start, end, path = 0, new, []
    while end != old:
        middle = start + _left_part(end - start)
        if old <= middle:
            path.append(range_hash(middle, end, node))
            end = middle
        else:
            path.append(range_hash(start, middle, node))
            start = middle
    if start:
        path.append(range_hash(start, end, node))
    return path[::-1]


def proves_inclusion(index: int, size: int, leaf: bytes, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether a proof leads from this leaf at this index to this root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes([leaf, *proof]):
        return False
    place, last, above = index, size - 1, leaf
    for other in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            above = node_hash(other, above)
            place, last = _climb_left(place, last)
        else:
            above = node_hash(above, other)
        place, last = place >> 1, last >> 1
    return last == 0 and above == root


def proves_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether a proof shows one tree to be the beginning of the other (RFC 9162, 2.1.4.2).

    A tree without leaves is the beginning of every tree, which proves nothing: refused.
    """
    if old == new:
        return not proof and old_root == new_root
    if not 0 < old < new or not _are_hashes(proof):
        return False
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        return False
    return _chain_both(old - 1, new - 1, path) == (old_root, new_root)


def _chain_both(place: int, last: int, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    while place & 1:
        place, last = place >> 1, last >> 1
    smaller = larger = path[0]
    for other in path[1:]:
        if last == 0:
            return None
        if place & 1 or place == last:
            smaller, larger = node_hash(other, smaller), node_hash(other, larger)
            place, last = _climb_left(place, last)
        else:
            larger = node_hash(larger, other)
        place, last = place >> 1, last >> 1
    return (smaller, larger) if last == 0 else None


def _climb_left(place: int, last: int) -> tuple[int, int]:
    """Past the heights at which the node has nobody beside it."""
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last


def _left_part(count: int) -> int:
    """The largest power of two below ``count``."""
    return 1 << (count - 1).bit_length() - 1


def _complete_nodes(start: int, end: int) -> Iterator[tuple[int, int]]:
    """The largest complete nodes that cover a range, from the left."""
    while start < end:
        height = (end - start).bit_length() - 1
        yield height, start >> height
        start += 1 << height


def _are_hashes(parts: Sequence[bytes]) -> bool:
    return all(len(part) == HASH_BYTES for part in parts)


class Frontier:
    """The root of a tree that grows leaf by leaf: the largest complete nodes, from the left."""

    def __init__(self, size: int, node: Node) -> None:
        self.size = size
        self._nodes = [node(height, place) for height, place in _complete_nodes(0, size)]

    def add(self, node: bytes, height: int = 0) -> None:
        """One more leaf, or the complete node above the next ``2 ** height``, which must begin where one may stand."""
        above, place = node, self.size >> height
        while place & 1:
            above, place = node_hash(self._nodes.pop(), above), place >> 1
        self._nodes.append(above)
        self.size += 1 << height

    def root(self) -> bytes:
        """The root of all leaves so far."""
        above = self._nodes[-1] if self._nodes else EMPTY_ROOT
        for left in reversed(self._nodes[:-1]):
            above = node_hash(left, above)
        return above
