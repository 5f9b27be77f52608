"""Replacing the key that signs the log: an entry names the new key, and both keys sign the checkpoint over it.

Whoever knows the old key follows that entry to the new one, offline (``docs/verify_log.py``). Killed anywhere and run
again, it goes on: until the last step the new key lies beside the old one.
"""

import time

from django.db import transaction

from audit import storing
from audit.anchors import Anchors
from audit.notes import Checkpoint, Signer, Verifier
from audit.seal_key import make_key, read_key
from audit.sealing import KEY, LOCK, Sealer, SealRefused

NEXT_KEY = "seal-next.key"
PATIENCE_SECONDS = 60
_STATED = "SELECT id FROM audit_statement WHERE kind = 'key' AND said ->> 'verifier' = %s"
_SEALED = "SELECT EXISTS (SELECT FROM audit_leaf WHERE source = 3 AND row_id = %s)"


def replace_key(sealer: Sealer, *, patience: float = PATIENCE_SECONDS) -> Verifier:
    """Sign with a new key from now on; its public half. The old one is gone. Raises SealRefused, SealKeyTrouble."""
    now = storing.state(sealer.connection)
    if now is None or not now.note:
        raise SealRefused("nothing was ever sealed under this name: there is no key to replace")
    new = Signer(now.origin, make_key(sealer.folder / NEXT_KEY))
    if now.verifier != str(new.verifier):
        _name_successor(sealer, now, new, patience)
        _sign_with_both(sealer, new)
    _take_into_use(sealer)
    return new.verifier


def _name_successor(sealer: Sealer, now: storing.State, new: Signer, patience: float) -> None:
    """State, under the old key, which key comes next, and wait until that is sealed."""
    verifier = str(new.verifier)
    if not storing.rows(sealer.connection, _STATED, (verifier,)):
        storing.add_statement(sealer.connection, "key", {"verifier": verifier, "replaces": now.verifier})
    [(row_id,)] = storing.rows(sealer.connection, _STATED, (verifier,))
    until = time.monotonic() + patience
    while not storing.rows(sealer.connection, _SEALED, (row_id,))[0][0]:
        sealer.seal()
        if time.monotonic() > until:
            raise SealRefused("the entry that names the new key waits for its seal: some transaction is left open")


def _sign_with_both(sealer: Sealer, new: Signer) -> None:
    with transaction.atomic(using=sealer.connection.alias):
        storing.alone(sealer.connection, LOCK)
        now = storing.state(sealer.connection)
        if now is None:
            raise SealRefused("the log cannot be read any more")
        old = Signer(now.origin, read_key(sealer.folder / KEY))
        checkpoint = Checkpoint(now.origin, now.size, now.root)
        note = old.signed(checkpoint.text) + new.line(checkpoint.text)
        storing.succeed_origin(sealer.connection, str(new.verifier), now.size)
        succeeded = storing.state(sealer.connection) or now
        storing.keep_checkpoint(sealer.connection, succeeded, checkpoint, note, now.position)


def _take_into_use(sealer: Sealer) -> None:
    """The note of both is the newest anchor; then the new key lies in the place of the old."""
    now = storing.state(sealer.connection)
    if now is None:
        raise SealRefused("the log cannot be read any more")
    anchors = Anchors(sealer.folder, now.origin)
    if anchors.newest() != now.note:
        anchors.add(now.note)
    (sealer.folder / NEXT_KEY).replace(sealer.folder / KEY)
