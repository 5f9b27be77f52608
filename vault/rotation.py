"""Replacing keys: the key-encryption key and the key of the search index. Whatever is killed goes on where it was.

A KEK: a new epoch writes at once; every envelope key is wrapped anew in short batches; what else is sealed under it
is sealed anew; keyring and key backup are taken without it and tested; only then it is destroyed, and with it every
older copy of the table of keys. An index key: built beside the old one, written by everybody meanwhile, read once it
is whole.
"""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from multiprocessing import current_process, get_context
from multiprocessing.process import BaseProcess
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection, transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.utils import timezone

from audit import services as audit
from vault import actions, keys, sealing
from vault.models import KeyEpoch
from vault.services import indexing

Show = Callable[[str, int, int], None]
Reseal = Callable[[], int]
State = KeyEpoch.State
KEK: Final = KeyEpoch.Purpose.KEK
INDEX: Final = KeyEpoch.Purpose.INDEX
BATCH: Final = 5000
# An index of so many subjects is built by two processes.
HELPED_FROM: Final = 5000
# Longer than any process believes what it knows of the keys.
PATIENCE_SECONDS: Final = keys.NOTICE_SECONDS + 1

_OLD = """
SELECT envelope_id, kek, generation, wrapped FROM keys.envelope_key
WHERE envelope_id > %s AND kek <> %s AND wrapped IS NOT NULL ORDER BY envelope_id LIMIT %s FOR UPDATE SKIP LOCKED
"""
_WRAP = """
UPDATE keys.envelope_key k SET kek = %s, wrapped = n.wrapped
FROM unnest(%s::uuid[], %s::bytea[]) AS n (id, wrapped) WHERE k.envelope_id = n.id
"""
_BEFORE_ALL: Final = UUID(int=0)
_LEFT = "SELECT count(*) FROM keys.envelope_key WHERE wrapped IS NOT NULL AND kek <> %s"


class RotationTrouble(Exception):
    """A key cannot be destroyed yet; the message is for the operator."""


def finish_destroying(purpose: str) -> int:
    """Remove from the provider what the registry says is destroyed, as after a kill between the two; how many."""
    provider, gone = keys.provider(), 0
    for epoch in KeyEpoch.objects.filter(purpose=purpose, state=State.DESTROYED):
        if epoch.reference in provider.held():
            provider.destroy(epoch.reference)
            gone += 1
    return gone


def _destroy_unknown(purpose: str) -> None:
    """Remove from the provider what no registry knows any more: keys made before a restore put an older one back.

    Only once a newer key writes and nothing is left under any other: a restore may still need what it does not know.
    """
    provider, known = keys.provider(), set(KeyEpoch.objects.values_list("reference", flat=True))
    for reference in provider.held():
        if reference.startswith(f"{purpose}-") and reference not in known:
            provider.destroy(reference)


def begin_kek() -> tuple[KeyEpoch, list[KeyEpoch]]:
    """The KEK that writes from now on and those to be replaced: of a rotation under way, or of a new one."""
    old = list(KeyEpoch.objects.filter(purpose=KEK, state=State.DECRYPT_ONLY))
    if old:
        return KeyEpoch.objects.get(purpose=KEK, state=State.ACTIVE), old
    epoch = _next_epoch(KEK)
    reference = keys.provider().create(KEK, epoch)
    with transaction.atomic():
        old = list(KeyEpoch.objects.select_for_update().filter(purpose=KEK, state=State.ACTIVE))
        KeyEpoch.objects.filter(pk__in=[each.pk for each in old]).update(state=State.DECRYPT_ONLY)
        new = KeyEpoch.objects.create(purpose=KEK, epoch=epoch, reference=reference)
        _record(actions.KEY_BEGUN, new)
    keys.forget()
    return KeyEpoch.objects.get(pk=new.pk), old


def _record(action: str, key: KeyEpoch, **detail: int) -> None:
    """The deed in the log, and as a leaf of its own in the tree."""
    audit.record(action, who=audit.SYSTEM, object_type="key", object_ref=str(key), detail=detail)
    audit.add_leaf("key", who=audit.SYSTEM, said={"deed": action, "key": str(key), **detail})


def _next_epoch(purpose: str) -> int:
    """Higher than any the registry or the provider ever had: after a restore the registry may be the older one."""
    known = KeyEpoch.objects.filter(purpose=purpose).aggregate(last=Max("epoch"))["last"] or 0
    current = keys.provider().current(purpose)
    return max(known, int(current.removesuffix(".key").rpartition("-")[2]) if current else 0) + 1


def rewrap(new: KeyEpoch, show: Show) -> int:
    """Wrap every envelope key under the new KEK, a batch at a time beside a running desk; how many."""
    total, done, last = _count_left(new), 0, _BEFORE_ALL
    while True:
        found = _rewrap_batch(new.epoch, last)
        if not found and not _count_left(new):
            show("keys", max(total, done), max(total, done))
            return done
        done += len(found)
        last = found[-1] if found else _BEFORE_ALL  # once more from the beginning: somebody held a row, or wrote one
        show("keys", done, max(total, done + 1))


def _count_left(new: KeyEpoch) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, [new.epoch])
        return int(cursor.fetchone()[0])


@transaction.atomic
def _rewrap_batch(epoch: int, after: UUID) -> list[UUID]:
    """The next envelopes in the order of the table, whose keys are wrapped anew."""
    with connection.cursor() as cursor:
        cursor.execute(_OLD, [after, epoch, BATCH])
        found = cursor.fetchall()
        if found:
            ciphers = {kek: keys.kek_cipher(kek) for kek in {epoch, *(line[1] for line in found)}}
            wrapped = [_wrapped_anew(ciphers, epoch, *line) for line in found]
            cursor.execute(_WRAP, [epoch, _array([str(line[0]) for line in found]), _array(wrapped)])
        return [line[0] for line in found]


def _wrapped_anew(
    ciphers: Mapping[int, AESGCM], epoch: int, envelope: UUID, kek: int, generation: int, wrapped: memoryview
) -> str:
    key = sealing.unwrap_key(ciphers[kek], wrapped, kek=kek, envelope=envelope, generation=generation)
    new = sealing.wrap_key(ciphers[epoch], key, kek=epoch, envelope=envelope, generation=generation)
    return rf'"\\x{new.hex()}"'


def _array(texts: Sequence[str]) -> str:
    return "{" + ",".join(texts) + "}"


def wait_until_noticed(new: KeyEpoch) -> None:
    """Wait until no process can still write with the key before this one."""
    age = (timezone.now() - new.created_at).total_seconds()
    time.sleep(max(0.0, PATIENCE_SECONDS - age))


def destroy_keks(new: KeyEpoch, old: Sequence[KeyEpoch], *, reseal: Reseal, count: int) -> None:
    """Destroy KEKs under which nothing is left. Raises RotationTrouble where something is: then nothing is done.

    The table is locked for the moment: who writes with an old key afterwards is refused by a trigger.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE keys.envelope_key IN SHARE ROW EXCLUSIVE MODE")
        reseal()
        if _count_left(new):
            raise RotationTrouble("keys were written under the old key meanwhile: run it again")
        KeyEpoch.objects.filter(pk__in=[each.pk for each in old]).update(state=State.DESTROYED, destroyed_at=Now())
        for each in old:
            _record(actions.KEY_DESTROYED, each, count=count)
    finish_destroying(KEK)
    _destroy_unknown(KEK)
    keys.forget()


def rotate_index(*, show: Show, is_alone: bool = False) -> int:
    """Replace the key of the search index and write every token anew; how many subjects it is about.

    ``is_alone``: no other process serves from this database, so nobody has to notice first.
    """
    finish_destroying(INDEX)
    building = KeyEpoch.objects.filter(purpose=INDEX, state=State.BUILDING).first()
    is_built = building is None and KeyEpoch.objects.filter(purpose=INDEX, state=State.DECRYPT_ONLY).exists()
    count = 0
    if is_alone or not is_built:
        new = building or _begin_index()
        count = _build(new, show)
        indexing.promote_epoch(new.epoch)
    keys.forget()
    if not is_alone:
        time.sleep(PATIENCE_SECONDS)
    for old in KeyEpoch.objects.filter(purpose=INDEX, state=State.DECRYPT_ONLY):
        indexing.drop_epoch(old.epoch)
        _record(actions.KEY_DESTROYED, old, count=count)
    finish_destroying(INDEX)
    _destroy_unknown(INDEX)
    keys.forget()
    return count


def _begin_index() -> KeyEpoch:
    epoch = _next_epoch(INDEX)
    indexing.begin_epoch(epoch, keys.provider().create(INDEX, epoch), indexing.count_names())
    new = KeyEpoch.objects.get(purpose=INDEX, epoch=epoch)
    _record(actions.KEY_BEGUN, new)
    return new


def _build(new: KeyEpoch, show: Show) -> int:
    total, count = indexing.count_findable(), 0
    helper = _helper(new.epoch) if total >= HELPED_FROM else None
    for subjects in indexing.batches(but_in=new.epoch):
        indexing.write_epoch(new.epoch, subjects)
        count += len(subjects) * (2 if helper else 1)
        show("search", min(count, total), max(total, 1))
    if helper:
        helper.join()
    show("search", total, total)
    return total


def _helper(epoch: int) -> BaseProcess | None:
    """A second process that begins at the other end. What it leaves undone this one does, coming to it later."""
    if current_process().daemon:  # as a worker of Celery is, which may have no children
        return None
    helper = get_context("fork").Process(target=_build_from_the_end, args=(epoch, os.getpid()), daemon=True)
    helper.start()
    return helper


def _build_from_the_end(epoch: int, parent: int) -> None:
    connection.connection = None  # is the parent's
    for subjects in indexing.batches(but_in=epoch, from_the_end=True):
        indexing.write_epoch(epoch, subjects)
        if os.getppid() != parent:
            return
