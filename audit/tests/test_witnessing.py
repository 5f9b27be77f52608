"""Witnesses over the loopback: a log that grows is cosigned, a fork and a rollback are not."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from audit.notes import COSIGNATURE, Checkpoint, Signer, Verifier, encoded, opened
from audit.storing import Position, State
from audit.tests.test_tree import leaves_of, tiles_of
from audit.witnessing import Ledger, Witness, WitnessRefused, ask_for_cosignature

LOG = Signer("grand.example/audit/1", Ed25519PrivateKey.from_private_bytes(b"l" * 32))
SIGNER = Signer("harbour.example/witness", Ed25519PrivateKey.from_private_bytes(b"w" * 32), COSIGNATURE)
LEAVES = leaves_of(600)
FORK = [*LEAVES[:300], *leaves_of(300)]


def note_of(leaves: list[bytes], size: int, signer: Signer = LOG) -> str:
    """A signed checkpoint of the first leaves."""
    return signer.signed(Checkpoint(signer.name, size, tiles_of(leaves).root(size)).text)


def state_of(leaves: list[bytes], size: int) -> State:
    """The state of a log whose newest checkpoint has this size."""
    root = tiles_of(leaves).root(size)
    return State(1, LOG.name, str(LOG.verifier), {}, Position(0, 0, 0), size, root, note_of(leaves, size))


def asked(leaves: list[bytes], old: int, size: int, signer: Signer = LOG) -> str:
    """The body of a request."""
    proof = tiles_of(leaves).consistency_proof(old, size) if 0 < old <= size else []
    return "".join([f"old {old}\n", *(f"{encoded(each)}\n" for each in proof), "\n", note_of(leaves, size, signer)])


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """A witness that has cosigned 300 entries."""
    found = Ledger(tmp_path / "witness.json", SIGNER, [LOG.verifier], now=lambda: 1_772_366_400)
    assert found.add_checkpoint(asked(LEAVES, 0, 300)).status == 200
    return found


def test_a_log_that_grew_is_cosigned(ledger: Ledger) -> None:
    answer = ledger.add_checkpoint(asked(LEAVES, 300, 600))
    assert answer.status == 200
    assert opened(note_of(LEAVES, 600) + answer.body, [SIGNER.verifier]) == opened(note_of(LEAVES, 600), [LOG.verifier])
    assert ledger.add_checkpoint(asked(LEAVES, 600, 600)).status == 200


def test_a_fork_is_refused(ledger: Ledger) -> None:
    """Defence: ``proves_consistency`` in ``Ledger._judge``."""
    assert ledger.add_checkpoint(asked([*leaves_of(600)[::-1]], 300, 600)).status == 422
    assert ledger.add_checkpoint(asked([*leaves_of(600)[::-1]], 300, 300)).status == 409
    assert ledger.add_checkpoint(asked(FORK, 300, 600)).status == 200


def test_a_rollback_is_refused_and_the_known_size_is_told(ledger: Ledger) -> None:
    """Defence: the comparison with the size remembered in ``Ledger._judge``."""
    answer = ledger.add_checkpoint(asked(LEAVES, 100, 200))
    assert (answer.status, answer.body, answer.kind) == (409, "300\n", "text/x.tlog.size")
    assert ledger.add_checkpoint(asked(LEAVES, 300, 200)).status == 400
    assert ledger.add_checkpoint(asked(LEAVES, 0, 600)).status == 409


def test_only_what_it_remembers_lets_a_witness_refuse(ledger: Ledger) -> None:
    """Without its file it would cosign the rollback and the fork that it refuses above."""
    rolled_back, forked = asked(LEAVES, 0, 200), asked(LEAVES[::-1], 0, 300)
    assert [ledger.add_checkpoint(body).status for body in (rolled_back, forked)] == [409, 409]
    for body in (rolled_back, forked):
        ledger.path.unlink()
        assert ledger.add_checkpoint(body).status == 200


def test_what_was_cosigned_survives_a_restart(ledger: Ledger) -> None:
    again = Ledger(ledger.path, SIGNER, [LOG.verifier])
    assert again.add_checkpoint(asked(LEAVES, 0, 300)).status == 409


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400),
        ("old 1\n", 400),
        ("old 01\n\n" + note_of(LEAVES, 300), 400),
        ("old 300\nno base64\n\n" + note_of(LEAVES, 300), 400),
        ("old 300\n" + f"{encoded(bytes(32))}\n" * 64 + "\n" + note_of(LEAVES, 600), 400),
        (asked(LEAVES, 0, 300, Signer("other.example/log", LOG.key)), 404),
        (asked(LEAVES, 300, 600, Signer(LOG.name, SIGNER.key)), 403),
    ],
)
def test_bad_requests_are_answered_as_the_protocol_says(ledger: Ledger, body: str, status: int) -> None:
    assert ledger.add_checkpoint(body).status == status


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    """A witness as a process of its own."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "witness", "--name", SIGNER.name]
    command += ["--folder", str(tmp_path), "--log", str(LOG.verifier), "--listen", "127.0.0.1:0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        key, listening = process.stdout.readline(), process.stdout.readline()
        yield Witness.parse(f"http://{listening.split()[-1]}|{key.strip()}")
        process.kill()


def test_the_keeper_asks_a_second_process(witness: Witness) -> None:
    for size in (300, 600, 600):
        line = ask_for_cosignature(witness, tiles_of(LEAVES[:size]), state_of(LEAVES, size))
        assert opened(note_of(LEAVES, size) + line, [witness.verifier])
    with pytest.raises(WitnessRefused, match="knows 600 entries"):
        ask_for_cosignature(witness, tiles_of(LEAVES), state_of(LEAVES, 300))
    reversed_leaves = LEAVES[::-1]
    with pytest.raises(WitnessRefused, match="has forked"):
        ask_for_cosignature(witness, tiles_of(reversed_leaves), state_of(reversed_leaves, 600))
    longer = leaves_of(700)[::-1]
    with pytest.raises(WitnessRefused, match="does not sign .422."):
        ask_for_cosignature(witness, tiles_of(longer), state_of(longer, 700))


def test_a_witness_that_is_away_is_told(witness: Witness) -> None:
    away = Witness("http://127.0.0.1:9", witness.verifier)
    with pytest.raises(WitnessRefused, match="does not answer"):
        ask_for_cosignature(away, tiles_of(LEAVES), state_of(LEAVES, 300))


def test_a_false_cosignature_is_refused(witness: Witness) -> None:
    stranger = Witness(witness.address, Verifier(SIGNER.name, bytes(32), COSIGNATURE))
    with pytest.raises(WitnessRefused, match="false signature"):
        ask_for_cosignature(stranger, tiles_of(LEAVES), state_of(LEAVES, 300))
