"""The tree: RFC 6962 as written there, known answers, and proofs that prove nothing else."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import tree
from audit.tiles import WIDTH, TileMissing, Tiles, all_of, edge, grow, path

# The eight leaves everybody tests with, and their roots.
INPUTS = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
INPUTS.append(bytes.fromhex("606162636465666768696a6b6c6d6e6f"))
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
SIZES = st.integers(1, 3 * WIDTH)


def by_the_book(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + by_the_book(leaves[:k]) + by_the_book(leaves[k:])).digest()


def leaves_of(size: int) -> list[bytes]:
    """Leaves that differ."""
    return [tree.leaf_hash(str(number).encode()) for number in range(size)]


def kept_in(kept: dict[tuple[int, int], bytes]) -> Tiles:
    """Tiles out of a dictionary."""
    return Tiles(lambda level, n: kept.get((level, n), b""))


def tiles_of(leaves: list[bytes], *cuts: int) -> Tiles:
    """The tiles of leaves that came in several batches."""
    kept: dict[tuple[int, int], bytes] = {}
    begin = 0
    for end in (*cuts, len(leaves)):
        kept |= grow(kept_in(kept), begin, leaves[begin:end])
        begin = end
    return kept_in(kept)


@pytest.mark.parametrize("size", ROOTS)
def test_known_roots(size: int) -> None:
    leaves = [tree.leaf_hash(each) for each in INPUTS[:size]]
    assert tiles_of(leaves).root(size).hex() == ROOTS[size]


def test_the_root_of_nothing() -> None:
    assert tiles_of([]).root(0).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@settings(max_examples=30, deadline=None)
@given(size=SIZES, cuts=st.lists(SIZES, max_size=4))
def test_tiles_grow_to_the_same_tree_however_the_leaves_come(size: int, cuts: list[int]) -> None:
    leaves = leaves_of(size)
    tiles = tiles_of(leaves, *sorted(cut for cut in cuts if cut < size))
    assert tiles.root(size) == by_the_book(leaves)


@settings(max_examples=40, deadline=None)
@given(size=SIZES, data=st.data())
def test_an_inclusion_proof_proves_one_leaf_at_one_place(size: int, data: st.DataObject) -> None:
    leaves, index = leaves_of(size), data.draw(st.integers(0, size - 1))
    tiles = tiles_of(leaves)
    root, proof = tiles.root(size), tiles.inclusion_proof(index, size)
    assert tree.proves_inclusion(index, size, leaves[index], root, proof)
    others = [number for number in (index - 1, index + 1, index ^ 2, size, 2**64 - 1) if number != index]
    assert not any(tree.proves_inclusion(other, size, leaves[index], root, proof) for other in others)
    assert not tree.proves_inclusion(index, size * 2, leaves[index], root, proof)
    assert not tree.proves_inclusion(index, size, tree.leaf_hash(b"another"), root, proof)
    assert not tree.proves_inclusion(index, size, leaves[index], root, [*proof, root])
    assert not proof or not tree.proves_inclusion(index, size, leaves[index], root, proof[:-1])


@settings(max_examples=40, deadline=None)
@given(new=st.integers(2, 3 * WIDTH), data=st.data())
def test_a_consistency_proof_proves_one_beginning(new: int, data: st.DataObject) -> None:
    leaves, old = leaves_of(new), data.draw(st.integers(1, new - 1))
    tiles = tiles_of(leaves)
    old_root, root, proof = tiles.root(old), tiles.root(new), tiles.consistency_proof(old, new)
    assert tree.proves_consistency(old, new, old_root, root, proof)
    forged = by_the_book([tree.leaf_hash(b"forged"), *leaves[1:old]])
    assert not tree.proves_consistency(old, new, forged, root, proof)
    assert not tree.proves_consistency(old, new, old_root, forged, proof)
    assert not tree.proves_consistency(old, new, old_root, root, [*proof, root])
    assert not tree.proves_consistency(old, new, old_root, root, proof[:-1])
    assert not tree.proves_consistency(old, new + new, old_root, root, proof)


def test_the_same_tree_is_consistent_with_itself_only_without_a_proof() -> None:
    one, other = leaves_of(2)
    assert tree.proves_consistency(1, 1, one, one, [])
    assert not tree.proves_consistency(1, 1, one, other, [])
    assert not tree.proves_consistency(1, 1, one, one, [one])
    assert not tree.proves_consistency(0, 1, tree.EMPTY_ROOT, one, [])
    assert not tree.proves_consistency(2, 1, one, one, [])


def test_a_tree_of_70000_has_the_tiles_the_specification_says() -> None:
    assert edge(70_000) == {(0, 273): 112, (1, 1): 17, (2, 0): 1}
    assert edge(256) == {(1, 0): 1}
    assert [len([key for key in all_of(70_000) if key[0] == level]) for level in range(3)] == [274, 2, 1]


def test_pruned_tiles_are_those_that_end_at_the_minimum_index() -> None:
    gone = all_of(70_000).keys() - all_of(70_000, 65_536 + 256).keys()
    assert sorted(gone) == [*((0, n) for n in range(257)), (1, 0)]


def test_a_tile_has_a_name_that_is_a_path() -> None:
    assert path(0, 1234067) == "tile/0/x001/x234/067"
    assert path(1, 7, 17) == "tile/1/007.p/17"


def test_a_truncated_tile_gives_no_hash() -> None:
    leaves = leaves_of(5)
    short = Tiles(lambda level, n: b"".join(leaves[:4]))
    with pytest.raises(TileMissing, match="tile/0/000"):
        short.root(5)


def test_impossible_proofs_are_not_made() -> None:
    tiles = tiles_of(leaves_of(3))
    for wrong in (-1, 3):
        with pytest.raises(ValueError):
            tiles.inclusion_proof(wrong, 3)
    for wrong in (0, 4):
        with pytest.raises(ValueError):
            tiles.consistency_proof(wrong, 3)
