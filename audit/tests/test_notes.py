"""Signed notes, checkpoints and proofs as text: what is read, and what is refused."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.notes import COSIGNATURE, Checkpoint, NoteRefused, Proof, Signer, Verifier, opened, parted

KEY = Signer("grand.example/audit/1", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER = Signer("grand.example/audit/1", Ed25519PrivateKey.from_private_bytes(bytes(32)))
WITNESS = Signer("harbour.example/witness", Ed25519PrivateKey.from_private_bytes(b"w" * 32), COSIGNATURE)
CHECKPOINT = Checkpoint("grand.example/audit/1", 20852163, bytes(32))
NOTE = KEY.signed(CHECKPOINT.text)
# Frozen: a change here makes every checkpoint handed out unreadable.
GOLDEN_KEY = "grand.example/audit/1+a86f4b9b+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"


def test_the_public_key_is_written_as_a_verifier_key() -> None:
    assert str(KEY.verifier) == GOLDEN_KEY
    assert Verifier.parse(GOLDEN_KEY) == KEY.verifier


def test_a_checkpoint_is_origin_size_and_root() -> None:
    text = "grand.example/audit/1\n20852163\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
    assert CHECKPOINT.text == text
    assert Checkpoint.parse(opened(NOTE, [KEY.verifier])) == CHECKPOINT
    assert NOTE.startswith(f"{text}\n— grand.example/audit/1 ")


def test_a_witness_adds_a_line() -> None:
    note = NOTE + WITNESS.line(CHECKPOINT.text, 1679315147)
    assert opened(note, [WITNESS.verifier]) == CHECKPOINT.text
    assert opened(note, [KEY.verifier]) == CHECKPOINT.text
    assert Verifier.parse(str(WITNESS.verifier)) == WITNESS.verifier
    late = note.replace(WITNESS.line(CHECKPOINT.text, 1679315147), WITNESS.line(CHECKPOINT.text.replace("2", "3"), 1))
    with pytest.raises(NoteRefused, match="does not belong"):
        opened(late, [WITNESS.verifier])


def test_another_key_of_the_same_name_signs_nothing_for_us() -> None:
    with pytest.raises(NoteRefused, match="no known key"):
        opened(OTHER.signed(CHECKPOINT.text), [KEY.verifier])


def test_a_changed_text_is_refused() -> None:
    with pytest.raises(NoteRefused, match="does not belong to this text"):
        opened(NOTE.replace("20852163", "20852164"), [KEY.verifier])


@pytest.mark.parametrize(
    "note",
    [
        "",
        "text only\n",
        NOTE[:-1],
        NOTE.replace("\n\n", "\n"),
        NOTE + "no signature line\n",
        NOTE + "— grand.example/audit/1 AAAA\n",
        NOTE.replace("grand", "gr\x07and"),
        NOTE + "— x " + "A" * 100_000 + "\n",
    ],
)
def test_what_is_no_note_is_refused(note: str) -> None:
    with pytest.raises(NoteRefused):
        opened(note, [KEY.verifier])


@pytest.mark.parametrize(
    "text",
    [
        "a\n1\n",
        "\n1\nAAAA\n",
        f"a\n01\n{'A' * 43}=\n",
        f"a\n-1\n{'A' * 43}=\n",
        "a\n1\nAAAA\n",
        f"a\n1\n{'A' * 43}=\nextension\n",
        f"a\n1\n{'A' * 42}B=\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteRefused):
        Checkpoint.parse(text)


@pytest.mark.parametrize(
    "text", ["", "a+b", "a+00000000+AQ==", GOLDEN_KEY.replace("a8", "a9"), f"two words+{GOLDEN_KEY}"]
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(NoteRefused):
        Verifier.parse(text)


@pytest.mark.parametrize("proof", [Proof(0, [], NOTE), Proof(7, [b"a" * 32, b"b" * 32], NOTE, b'{"kind":"event"}')])
def test_a_proof_is_read_as_it_was_written(proof: Proof) -> None:
    assert Proof.parse(str(proof)) == proof
    assert parted(Proof.parse(str(proof)).note)[0] == CHECKPOINT.text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "c2sp.org/tlog-proof@v1\n\n" + NOTE,
        "c2sp.org/tlog-proof@v2\nindex 0\n\n" + NOTE,
        "c2sp.org/tlog-proof@v1\nindex 00\n\n" + NOTE,
        "c2sp.org/tlog-proof@v1\nextra AA==\n\n" + NOTE,
        "c2sp.org/tlog-proof@v1\nindex 0\nno base64!\n\n" + NOTE,
    ],
)
def test_what_is_no_proof_is_refused(text: str) -> None:
    with pytest.raises(NoteRefused):
        Proof.parse(text)
