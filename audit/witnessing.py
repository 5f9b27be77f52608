"""Witnesses (C2SP tlog-witness): somebody else who remembers the size and root of a log and signs that it only grew.

``ask_for_cosignature`` is the log's side of ``add-checkpoint``. ``Ledger`` is the witness's: it refuses a fork and a
rollback, and writes down what it is about to sign before it signs.
"""

import json
import os
import re
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from audit import tree
from audit.notes import Checkpoint, NoteRefused, Signer, Verifier, decoded, encoded, opened, parted
from audit.storing import State
from audit.tiles import Tiles

SECONDS = 5
MOST_BODY = 32_768
MOST_PATH = 63
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")


class WitnessRefused(Exception):
    """A witness cannot be asked, or does not sign: the reason in one sentence."""


@dataclass(frozen=True, slots=True)
class Witness:
    """Where a witness listens and how it signs."""

    address: str
    verifier: Verifier

    @classmethod
    def parse(cls, text: str) -> "Witness":
        """Read ``https://address|name+id+key``. Raises NoteRefused."""
        address, _bar, key = text.partition("|")
        if not address.startswith(("https://", "http://")):
            raise NoteRefused("a witness is written as https://address|key")
        return cls(address.rstrip("/"), Verifier.parse(key))


def ask_for_cosignature(witness: Witness, tiles: Tiles, state: State) -> str:
    """The witness's line under the newest checkpoint.

    Raises WitnessRefused. A witness that remembers another size says so (409) and is asked again from there.
    """
    status, answer = _post(witness, 0, tiles, state)
    if status == HTTPStatus.CONFLICT:
        old = _size(witness, answer)
        if old > state.size:
            raise WitnessRefused(f"{witness.verifier.name} knows {old} entries of this log, the database {state.size}")
        status, answer = _post(witness, old, tiles, state)
    if status == HTTPStatus.CONFLICT:
        raise WitnessRefused(f"{witness.verifier.name} refuses this root for the same size: the log has forked")
    if status != HTTPStatus.OK:
        raise WitnessRefused(f"{witness.verifier.name} does not sign ({status.value}): {answer.strip()[:200]}")
    return _verified_line(witness, state.note, answer)


def _post(witness: Witness, old: int, tiles: Tiles, state: State) -> tuple[HTTPStatus, str]:
    path = tiles.consistency_proof(old, state.size) if old else []
    body = "".join([f"old {old}\n", *(f"{encoded(each)}\n" for each in path), "\n", state.note])
    request = urllib.request.Request(f"{witness.address}/add-checkpoint", body.encode(), method="POST")  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            return HTTPStatus(answer.status), answer.read(MOST_BODY).decode()
    except urllib.error.HTTPError as refusal:
        return HTTPStatus(refusal.code), refusal.read(MOST_BODY).decode(errors="replace")
    except (OSError, ValueError) as trouble:
        raise WitnessRefused(f"the witness {witness.verifier.name} does not answer: {trouble}") from None


def _size(witness: Witness, answer: str) -> int:
    if not answer.strip().isdecimal():
        raise WitnessRefused(f"{witness.verifier.name} does not say which size it knows")
    return int(answer)


def _verified_line(witness: Witness, note: str, answer: str) -> str:
    try:
        opened(note + answer, [witness.verifier])
    except NoteRefused as trouble:
        raise WitnessRefused(f"{witness.verifier.name} answered with a false signature: {trouble}") from None
    own = [line for line in answer.splitlines(keepends=True) if line.startswith(f"— {witness.verifier.name} ")]
    return own[0]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a witness answers."""

    status: HTTPStatus
    body: str
    kind: str = "text/plain; charset=utf-8"


class Ledger:
    """The logs a witness knows, by a key or several, and the newest checkpoint it has cosigned of each, in a file."""

    def __init__(
        self, path: Path, signer: Signer, logs: Sequence[Verifier], now: Callable[[], float] = time.time
    ) -> None:
        self.path = path
        self.signer = signer
        self.logs = logs
        self.now = now
        self._alone = threading.Lock()

    def add_checkpoint(self, body: str) -> Answer:
        """Cosign a checkpoint that continues what was cosigned before, or say why not."""
        try:
            old, path, note = _parsed(body)
            checkpoint = Checkpoint.parse(parted(note)[0])
        except NoteRefused as trouble:
            return Answer(HTTPStatus.BAD_REQUEST, f"{trouble}\n")
        known = [log for log in self.logs if log.name == checkpoint.origin]
        if not known:
            return Answer(HTTPStatus.NOT_FOUND, "this log is not known here\n")
        try:
            text = opened(note, known)
        except NoteRefused as trouble:
            return Answer(HTTPStatus.FORBIDDEN, f"{trouble}\n")
        with self._alone:
            return self._judge(old, path, checkpoint) or self._cosign(checkpoint, text)

    def _judge(self, old: int, path: Sequence[bytes], checkpoint: Checkpoint) -> Answer | None:
        """The reason not to sign; None when there is none."""
        size, root = self._known().get(checkpoint.origin, (0, ""))
        if old > checkpoint.size:
            return Answer(HTTPStatus.BAD_REQUEST, "the old size is larger than the checkpoint\n")
        if old != size:
            return Answer(HTTPStatus.CONFLICT, f"{size}\n", "text/x.tlog.size")
        if old == checkpoint.size and old and decoded(root) != checkpoint.root:
            return Answer(HTTPStatus.CONFLICT, "another root was cosigned for this size\n")
        consistent = tree.proves_consistency(old, checkpoint.size, decoded(root), checkpoint.root, path)
        if (old and not consistent) or (not old and path):
            return Answer(HTTPStatus.UNPROCESSABLE_ENTITY, "the proof of consistency does not hold\n")
        return None

    def _cosign(self, checkpoint: Checkpoint, text: str) -> Answer:
        self._remember(checkpoint)
        return Answer(HTTPStatus.OK, self.signer.line(text, int(self.now())))

    def _known(self) -> dict[str, tuple[int, str]]:
        try:
            return {origin: (size, root) for origin, (size, root) in json.loads(self.path.read_text()).items()}
        except FileNotFoundError:
            return {}

    def _remember(self, checkpoint: Checkpoint) -> None:
        known = self._known() | {checkpoint.origin: (checkpoint.size, encoded(checkpoint.root))}
        fresh = self.path.with_suffix(".new")
        with fresh.open("w") as file:
            json.dump(known, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path)


def _parsed(body: str) -> tuple[int, list[bytes], str]:
    """Old size, proof and note of a request."""
    head, gap, note = body.partition("\n\n")
    first, *lines = head.split("\n")
    old = _OLD.fullmatch(first)
    if not gap or old is None or len(lines) > MOST_PATH:
        raise NoteRefused("old size, proof, an empty line and a checkpoint are expected")
    return int(old[1]), [decoded(line) for line in lines], note
