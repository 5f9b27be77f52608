"""True proofs claimed for what they do not prove: each defence is shown by what goes through without it."""

from collections.abc import Sequence

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.notes import Checkpoint, NoteRefused, Signer, opened, parted
from audit.tests.test_tree import leaves_of, tiles_of
from audit.tree import node_hash, proves_inclusion

LOG = Signer("grand.example/audit/1", Ed25519PrivateKey.from_private_bytes(b"l" * 32))


def leads_to(root: bytes, leaf: bytes, path: Sequence[bytes]) -> bool:
    """Whether a path leads to a root when nobody asks on which side each hash stands."""
    reached = {leaf}
    for other in path:
        reached = {node_hash(*pair) for above in reached for pair in ((above, other), (other, above))}
    return root in reached


@pytest.mark.parametrize(("index", "size"), [(4, 13), (6, 13), (13, 13), (-1, 13), (5, 8), (5, 6), (5, 26), (5, 0)])
def test_a_true_proof_holds_for_its_own_index_and_size_alone(index: int, size: int) -> None:
    """Defence: index and size decide the side of each hash and how many there are."""
    leaves = leaves_of(13)
    log = tiles_of(leaves)
    root, path = log.root(13), log.inclusion_proof(5, 13)
    assert proves_inclusion(5, 13, leaves[5], root, path)
    assert not proves_inclusion(index, size, leaves[5], root, path)
    assert leads_to(root, leaves[5], path)


def test_a_size_of_the_same_shape_is_bound_by_the_signature_alone() -> None:
    """Some sizes near by have a path of the same shape; which one was signed stands in the note."""
    leaves = leaves_of(13)
    log = tiles_of(leaves)
    forged = LOG.signed(Checkpoint(LOG.name, 13, log.root(13)).text).replace("\n13\n", "\n14\n")
    claimed = Checkpoint.parse(parted(forged)[0])
    assert proves_inclusion(5, claimed.size, leaves[5], claimed.root, log.inclusion_proof(5, 13))
    with pytest.raises(NoteRefused, match="does not belong to this text"):
        opened(forged, [LOG.verifier])
