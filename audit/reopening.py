"""After a restore: the log goes on under a new name.

Transaction ids of restored rows are another cluster's, and rows may be missing that were signed before the loss. So
what has no seal is sealed at once, by id, behind a ``restore`` leaf that quotes the newest checkpoint known outside,
and everything later is sealed under the next origin, which contradicts nothing that was signed under the old one.
"""

from django.db import transaction

from audit import storing
from audit.anchors import Anchors
from audit.leaves import SOURCES
from audit.notes import Checkpoint, Signer, Verifier, encoded, opened
from audit.seal_key import read_key
from audit.sealing import KEY, LOCK, Sealed, Sealer, SealRefused


def reopen(sealer: Sealer, note: str | None = None) -> Sealed:
    """Go on under the next origin. ``note`` is the newest checkpoint kept anywhere, where the keeper's folder was lost.

    Raises SealRefused, SealKeyTrouble and NoteRefused. Changes nothing when it does.
    """
    with transaction.atomic(using=sealer.connection.alias):
        storing.alone(sealer.connection, LOCK)
        old = storing.state(sealer.connection)
        if old is None:
            raise SealRefused("nothing was ever sealed: there is nothing to reopen")
        kept = note or Anchors(sealer.folder, old.origin).newest() or old.note
        quoted = Checkpoint.parse(opened(kept, [Verifier.parse(old.verifier)]))
        said = {"origin": quoted.origin, "size": quoted.size, "root": encoded(quoted.root), "restored": old.size}
        storing.add_statement(sealer.connection, "restore", said)
        new = _begin(sealer, old)
        leaves = [leaf for number in (3, 1, 2) for leaf in storing.unsealed(sealer.connection, SOURCES[number])]
        return sealer.add(new, leaves, new.position)


def _begin(sealer: Sealer, old: storing.State) -> storing.State:
    group, _slash, number = old.origin.rpartition("/")
    name = f"{group}/{int(number) + 1}"
    verifier = str(Signer(name, read_key(sealer.folder / KEY)).verifier)
    storing.begin_origin(sealer.connection, old.origin_id + 1, verifier, name, old.size)
    new = storing.state(sealer.connection)
    if new is None or new.origin != name:
        raise SealRefused("the new origin cannot be read")
    return new
