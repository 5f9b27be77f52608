"""After a restore: the log goes on under a new name.

Transaction ids of restored rows are another cluster's, and rows may be missing that were signed before the loss. So
what has no seal is sealed at once, by id, behind a ``restore`` leaf that quotes the newest checkpoint known outside,
and everything later is sealed under the next origin, which contradicts nothing that was signed under the old one. Where
nothing was ever signed the log begins, with its genesis in the place of that leaf.
"""

from django.db import transaction

from audit import storing
from audit.anchors import Anchors, newest_in
from audit.leaves import SOURCES
from audit.notes import Checkpoint, Signer, Verifier, encoded, opened
from audit.seal_key import make_key, read_key
from audit.sealing import KEY, LOCK, Sealed, Sealer, SealRefused


def reopen(sealer: Sealer, note: str | None = None) -> Sealed:
    """Go on under the next origin. ``note`` is the newest checkpoint kept anywhere, where the keeper's folder was lost.

    Raises SealRefused, SealKeyTrouble and NoteRefused. Changes nothing when it does.
    """
    with transaction.atomic(using=sealer.connection.alias):
        storing.alone(sealer.connection, LOCK)
        old = storing.state(sealer.connection) or _lost(sealer, note)
        new = _succeed(sealer, old, note) if old else _begin(sealer, 1, f"{sealer.origin}/1", 0)
        leaves = [leaf for number in (3, 1, 2) for leaf in storing.unsealed(sealer.connection, SOURCES[number])]
        return sealer.add(new, leaves, new.position)


def _lost(sealer: Sealer, note: str | None) -> storing.State | None:
    """Where a log stands that was restored from before its first seal; None where nothing outside knows of one."""
    kept = note or newest_in(sealer.folder)
    if kept is None:
        return None
    name = kept.partition("\n")[0]
    verifier = str(Signer(name, read_key(sealer.folder / KEY)).verifier)
    storing.begin_origin(sealer.connection, 1, verifier, name, 0, is_restored=True)
    return storing.state(sealer.connection)


def _succeed(sealer: Sealer, old: storing.State, note: str | None) -> storing.State:
    kept = note or Anchors(sealer.folder, old.origin).newest() or old.note
    quoted = Checkpoint.parse(opened(kept, [Verifier.parse(old.verifier)]))
    said = {"origin": quoted.origin, "size": quoted.size, "root": encoded(quoted.root), "restored": old.size}
    storing.add_statement(sealer.connection, "restore", said)
    group, _slash, number = old.origin.rpartition("/")
    return _begin(sealer, old.origin_id + 1, f"{group}/{int(number) + 1}", old.size)


def _begin(sealer: Sealer, number: int, name: str, size: int) -> storing.State:
    """Begin under a name; what is there counts as sealed, so its genesis, where it is the first, stands before."""
    first = number == 1
    key = make_key(sealer.folder / KEY) if first else read_key(sealer.folder / KEY)
    verifier = str(Signer(name, key).verifier)
    if first:
        storing.state_genesis(sealer.connection, name, verifier)
    storing.begin_origin(sealer.connection, number, verifier, name, size, is_restored=True)
    new = storing.state(sealer.connection)
    if new is None or new.origin != name:
        raise SealRefused("the new origin cannot be read")
    return new
