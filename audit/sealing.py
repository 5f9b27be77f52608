"""The sealer: gives committed rows their leaf numbers, grows the tree, and signs what it has grown.

Rows are sealed in the order (transaction, table, id), up to the oldest transaction still open
(``pg_snapshot_xmin``): nothing can be committed below that any more, so no row is passed over and none has to wait for
another writer. A step is one transaction; killed in its middle, it leaves nothing, and the next one seals the same
rows in the same order, so that two signatures never disagree.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from pathlib import Path

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from audit import storing
from audit.anchors import Anchors, complaint
from audit.leaves import SOURCES, Leaf, Source
from audit.notes import Checkpoint, NoteRefused, Signer, Verifier, opened
from audit.seal_key import make_key, read_key
from audit.storing import Position, State
from audit.tiles import Tiles, grow
from audit.tree import proves_consistency

BATCH = 20_000
KEY = "seal.key"
# Any number will do, so long as every sealer takes the same: "seal" in ASCII.
LOCK = 0x7365616C


class SealRefused(Exception):
    """Signing would contradict something signed before: the reason in one sentence. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A checkpoint just signed, with its number in the database."""

    id: int
    checkpoint: Checkpoint
    note: str


class Sealer:
    """Seals one database with the key in one folder."""

    def __init__(self, connection: BaseDatabaseWrapper, folder: Path, origin: str, batch: int = BATCH) -> None:
        self.connection = connection
        self.folder = folder
        self.origin = origin
        self.batch = batch
        self._compared: str | None = None

    def seal(self) -> Sealed | None:
        """Seal whatever may be sealed now; the last checkpoint signed, None when there was nothing.

        Raises SealRefused and SealKeyTrouble.
        """
        self._begin()
        newest = None
        while True:
            with transaction.atomic(using=self.connection.alias):
                count, sealed = self._step()
            newest = sealed or newest
            if count < self.batch:
                return newest

    def _step(self) -> tuple[int, Sealed | None]:
        storing.alone(self.connection, LOCK)
        state = storing.state(self.connection)
        leaves = waiting(self.connection, state, self.batch) if state else []
        if state is None or not leaves:
            return 0, None
        last = leaves[-1]
        return len(leaves), self.add(state, leaves, Position(last.xact, last.source, last.row_id))

    def add(self, state: State, leaves: Sequence[Leaf], position: Position) -> Sealed:
        """Give leaves the next numbers and sign; inside a transaction. Raises SealRefused and SealKeyTrouble."""
        signer = self._signer(state)
        tiles = storing.tiles(self.connection)
        self._compare(state, tiles, signer.verifier)
        grown = grow(tiles, state.size, [leaf.hash for leaf in leaves])
        tiles.hold(grown)
        size = state.size + len(leaves)
        checkpoint = Checkpoint(signer.name, size, tiles.root(size))
        _require_consistent(state, tiles, checkpoint)
        storing.add_leaves(self.connection, state.size, leaves)
        storing.keep_tiles(self.connection, grown)
        note = signer.signed(checkpoint.text)
        return Sealed(storing.keep_checkpoint(self.connection, state, checkpoint, note, position), checkpoint, note)

    def _begin(self) -> None:
        """The first origin of a new log, with its genesis among the rows to be sealed."""
        with transaction.atomic(using=self.connection.alias):
            storing.alone(self.connection, LOCK)
            if storing.state(self.connection):
                return
            name = f"{self.origin}/1"
            if Anchors(self.folder, name).newest():
                raise SealRefused(
                    f"{name} was sealed before, but the database knows nothing of it: it was replaced. After a restore"
                    " run manage.py reopen_log once"
                )
            verifier = str(Signer(name, make_key(self.folder / KEY)).verifier)
            storing.begin_origin(self.connection, 1, verifier, name, 0, is_restored=False)
            storing.state_genesis(self.connection, name, verifier)

    def _signer(self, state: State) -> Signer:
        signer = Signer(state.origin, read_key(self.folder / KEY))
        if str(signer.verifier) != state.verifier:
            raise SealRefused(f"the key in {self.folder} is not the one {state.origin} was begun with")
        return signer

    def _compare(self, state: State, tiles: Tiles, verifier: Verifier) -> None:
        """Never sign a fork: tiles, last checkpoint and newest anchor belong together."""
        if state.size and tiles.root(state.size) != state.root:
            raise SealRefused(f"the tiles do not lead to the checkpoint of {state.size} leaves: they were changed")
        if state.note:
            _require_signed(state, verifier)
        anchor = Anchors(self.folder, state.origin).newest() if self._compared != state.origin else None
        trouble = complaint(anchor, verifier, state.size, tiles.root) if anchor else None
        if trouble:
            raise SealRefused(trouble)
        self._compared = state.origin


def waiting(connection: BaseDatabaseWrapper, state: State, most: int) -> list[Leaf]:
    """The next rows to be sealed, in order, at most so many. Raises SealRefused after a restore."""
    horizon = storing.horizon(connection)
    if horizon < state.position.xact:
        raise SealRefused("the database was restored into another cluster: run manage.py reopen_log once")
    rows = [_leaves(connection, source, state, horizon, most) for source in SOURCES.values()]
    return sorted(chain(*rows), key=attrgetter("xact", "source", "row_id"))[:most]


def _leaves(connection: BaseDatabaseWrapper, source: Source, state: State, horizon: int, most: int) -> list[Leaf]:
    after = state.position.within(source.number)
    return storing.rows_after(connection, source, after, horizon, state.floors[source.number], most)


def _require_signed(state: State, verifier: Verifier) -> None:
    try:
        signed = Checkpoint.parse(opened(state.note, [verifier]))
    except NoteRefused as trouble:
        raise SealRefused(f"the last checkpoint is not genuine: {trouble}") from None
    if signed != Checkpoint(state.origin, state.size, state.root):
        raise SealRefused("the last checkpoint does not say what was signed: it was changed")


def _require_consistent(state: State, tiles: Tiles, checkpoint: Checkpoint) -> None:
    if not state.size:
        return
    proof = tiles.consistency_proof(state.size, checkpoint.size)
    if not proves_consistency(state.size, checkpoint.size, state.root, checkpoint.root, proof):
        raise SealRefused(f"{checkpoint.size} leaves would not continue the {state.size} signed before")
