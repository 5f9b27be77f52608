"""Taking a backup: data and keys of one and the same moment, then the proof by restoring both for trial."""

import logging
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from psycopg2.extensions import connection as Connection

from audit import services as audit
from vault import actions, ledger, ledger_copy
from vault.backup import files, filling, folders, programs, proving, scratch
from vault.backup.folders import BackupTrouble, Files
from vault.models import Backup

log = logging.getLogger(__name__)

# Told of each step: its words, bytes done, bytes to do (0: not known).
Show = Callable[[str, int, int], None]
# One backup at a time: "back" in ASCII.
_LOCK = 0x6261636B


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A moment of the database that several dumps see alike."""

    name: str
    ledger: int
    digest: str
    registry: list[dict[str, Any]]
    server: int
    size: int

    @property
    def facts(self) -> dict[str, Any]:
        """What a file's head tells."""
        return {"ledger": self.ledger, "digest": self.digest, "registry": self.registry, "server": self.server}


def url() -> str:
    """The address for backups, as a role that reads everything. Raises BackupTrouble."""
    if not settings.DATABASE_BACKUP_URL:
        raise BackupTrouble(
            "DATABASE_BACKUP_URL is not set: the address of the database for a role that reads everything"
        )
    return str(settings.DATABASE_BACKUP_URL)


def take(*, at: datetime, show: Show, prove_with: Callable[[], AbstractContextManager[None]] = nullcontext) -> Backup:
    """Take a backup, prove it, remove what is past its days. What fails stands in the backup's row and is raised.

    Call it inside ``alone``. ``prove_with``: what is around the proof, such as other keys.
    """
    folders.sweep()
    taken = folders.named(at, secrets.token_hex(3))
    row = Backup.objects.create(name=taken.name, begun_at=at)
    try:
        _write(taken, row, show)
        with prove_with():
            opened = _open_for_trial(taken, show)
        _note_proof(taken, row, opened)
    except Exception as trouble:
        _note(row, failed_at=timezone.now(), failure=type(trouble).__name__)
        audit.record(actions.BACKUP_FAILED, who=audit.SYSTEM, object_type="backup", object_ref=row.name)
        raise
    _roll_off(taken, at)
    return row


@contextmanager
def alone() -> Iterator[None]:
    """Be the only backup, drill or rotation of this database. Raises BackupTrouble."""
    with closing(programs.connect(url())) as session, session.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        [(is_mine,)] = cursor.fetchall()
        if not is_mine:
            raise BackupTrouble("another backup, drill or rotation is under way")
        yield


def _write(taken: Files, row: Backup, show: Show) -> None:
    with snapshot(url()) as moment:
        data = _dump(moment, filling.DATA_OPTIONS)
        data_bytes = files.write(
            taken.data, shown(data, "data", moment.size, show), set="A", name=taken.name, facts=moment.facts
        )
        keys_bytes = write_keys(taken, moment, show)
    _note(row, taken_at=timezone.now(), ledger=moment.ledger, data_bytes=data_bytes, keys_bytes=keys_bytes)


def write_keys(taken: Files, moment: Snapshot, show: Show) -> int:
    """Write set B as of this moment; its bytes."""
    keys = _dump(moment, filling.KEYS_OPTIONS)
    return files.write(taken.keys, shown(keys, "keys", 0, show), set="B", name=taken.name, facts=moment.facts)


def _dump(moment: Snapshot, options: Sequence[str]) -> Iterator[bytes]:
    return programs.output_of(programs.dump_command(f"--snapshot={moment.name}", *options), url=url())


def shown(pieces: Iterable[bytes], words: str, total: int, show: Show) -> Iterator[bytes]:
    """The same pieces, their bytes counted aloud."""
    done = 0
    for piece in pieces:
        yield piece
        done += len(piece)
        show(words, done, max(total, done))
    show(words, done, done)


@contextmanager
def snapshot(address: str) -> Iterator[Snapshot]:
    """A moment that lasts while this is open. Raises ProgramTrouble where the programs are too old."""
    with closing(programs.connect(address)) as session:
        programs.require_version(session)
        session.autocommit = False
        with session.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield _moment(session)
        session.rollback()


def _moment(session: Connection) -> Snapshot:
    with session.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot(), pg_database_size(current_database())")
        [(name, size)] = cursor.fetchall()
        cursor.execute("SELECT sequence, digest FROM erasure_ledger ORDER BY sequence DESC LIMIT 1")
        sequence, digest = cursor.fetchone() or (0, ledger.GENESIS)
        cursor.execute("SELECT purpose, epoch, reference, state, created_at::text FROM key_registry ORDER BY 1, 2")
        registry = [dict(zip(filling.REGISTRY, line, strict=True)) for line in cursor.fetchall()]
    return Snapshot(name, sequence, bytes(digest).hex(), registry, session.server_version, size)


def _open_for_trial(taken: Files, show: Show) -> int:
    """Restore both sets into a database for trial and open a sample there; how many records."""
    with scratch.database(url()) as place:
        filling.fill(place, data=taken, keys=taken, show=show)
        with scratch.connected_to(place):
            opened = proving.open_sample()
            proving.require_keys()
    return opened


def _note_proof(taken: Files, row: Backup, opened: int) -> None:
    taken.prove()
    with transaction.atomic():
        _note(row, proved_at=timezone.now(), opened=opened)
        audit.record(
            actions.BACKUP_PROVED,
            who=audit.SYSTEM,
            object_type="backup",
            object_ref=row.name,
            detail={"count": opened, "ledger": row.ledger},
        )


def _roll_off(newest: Files, at: datetime) -> None:
    data, keys = folders.roll_off(at=at, newest=newest)
    Backup.objects.filter(name__in=data, data_gone_at=None).update(data_gone_at=at)
    Backup.objects.filter(name__in=keys, keys_gone_at=None).update(keys_gone_at=at)
    ledger_copy.bring_up_to_date()


def _note(row: Backup, **facts: Any) -> None:
    for name, value in facts.items():
        setattr(row, name, value)
    row.save(update_fields=list(facts))
