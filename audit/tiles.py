"""Tiles: 256 consecutive hashes of the tree, kept together (C2SP tlog-tiles).

A tile at level 0 holds leaf hashes; each hash of a tile above is the node over one full tile below. The rightmost
tile of a level grows until it is full and never changes but at its end, so that every earlier, narrower tile is a
beginning of what is kept.
"""

from collections.abc import Callable, Mapping, Sequence

from audit import tree

HEIGHT = 8
WIDTH = 1 << HEIGHT
TILE_BYTES = WIDTH * tree.HASH_BYTES
Load = Callable[[int, int], bytes]
Key = tuple[int, int]


class TileMissing(Exception):
    """A tile that is needed is not there, or narrower than it must be."""


class Tiles:
    """Nodes of the tree out of tiles; each tile is loaded once."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._held: dict[Key, bytes] = {}

    def tile(self, level: int, n: int) -> bytes:
        """The hashes of a tile, one after the other; empty where there is none."""
        if (level, n) not in self._held:
            self._held[level, n] = self._load(level, n)
        return self._held[level, n]

    def node(self, height: int, place: int) -> bytes:
        """The hash of a complete node. TileMissing where the tiles do not reach."""
        level, inner = divmod(height, HEIGHT)
        first, wanted = place << inner, tree.HASH_BYTES << inner
        begin = first % WIDTH * tree.HASH_BYTES
        hashes = self.tile(level, first >> HEIGHT)[begin : begin + wanted]
        if len(hashes) != wanted:
            raise TileMissing(path(level, first >> HEIGHT))
        return tree.complete_root(hashes)

    def hold(self, tiles: Mapping[Key, bytes]) -> None:
        """Take these tiles in the place of those loaded before."""
        self._held.update(tiles)

    def root(self, size: int) -> bytes:
        """The root of the first ``size`` leaves."""
        return tree.root(size, self.node)

    def inclusion_proof(self, index: int, size: int) -> list[bytes]:
        """The proof that leaf ``index`` stands in the tree of the first ``size`` leaves."""
        return tree.inclusion_proof(index, size, self.node)

    def consistency_proof(self, old: int, new: int) -> list[bytes]:
        """The proof that the first ``old`` leaves are the beginning of the first ``new``."""
        return tree.consistency_proof(old, new, self.node)


def grow(tiles: Tiles, size: int, leaves: Sequence[bytes]) -> dict[Key, bytes]:
    """Every tile that comes or grows when leaves are added to a tree of ``size``."""
    grown: dict[Key, bytes] = {}
    level, hashes = 0, list(leaves)
    while hashes:
        n, kept = divmod(size >> HEIGHT * level, WIDTH)
        content = tiles.tile(level, n)[: kept * tree.HASH_BYTES] + b"".join(hashes) if kept else b"".join(hashes)
        cut = [content[at : at + TILE_BYTES] for at in range(0, len(content), TILE_BYTES)]
        grown.update({(level, n + number): tile for number, tile in enumerate(cut)})
        hashes = [tree.complete_root(tile) for tile in cut if len(tile) == TILE_BYTES]
        level += 1
    return grown


def edge(size: int) -> dict[Key, int]:
    """The rightmost tiles of a tree of ``size`` that are not full, with how many hashes each of them has."""
    found: dict[Key, int] = {}
    level = 0
    while size >> HEIGHT * level:
        n, width = divmod(size >> HEIGHT * level, WIDTH)
        if width:
            found[level, n] = width
        level += 1
    return found


def all_of(size: int, first: int = 0) -> dict[Key, int]:
    """Every tile of a tree of ``size`` that reaches beyond leaf ``first``, with how many hashes it has."""
    found: dict[Key, int] = {}
    level = 0
    while size >> HEIGHT * level:
        full, width = divmod(size >> HEIGHT * level, WIDTH)
        begin = first >> HEIGHT * (level + 1)
        found.update({(level, n): WIDTH for n in range(begin, full)})
        if width:
            found[level, full] = width
        level += 1
    return found


def path(level: int, n: int, width: int = WIDTH) -> str:
    """The name of a tile: ``tile/0/x001/x234/067``, a narrow one ``tile/0/000.p/17``."""
    groups = [f"{n % 1000:03d}"]
    while n := n // 1000:
        groups.insert(0, f"x{n % 1000:03d}")
    narrow = f".p/{width}" if width < WIDTH else ""
    return f"tile/{level}/{'/'.join(groups)}{narrow}"
