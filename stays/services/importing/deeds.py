"""What people do with an import: hand in a file, say what its columns are, start it, check again, discard it."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction

from audit import services as audit
from audit.registry import listed, word
from staff import permissions as rights
from staff.bell import ring
from staff.models import Person, Property
from stays import actions, permissions
from stays.models import ImportFile
from stays.services.importing import sealed
from stays.services.importing.columns import missing_fields
from stays.services.importing.progress import progress_of
from stays.services.importing.refusals import (
    BroughtInBefore,
    ColumnsMissing,
    FileTooLarge,
    NothingToWrite,
    NotWaiting,
)
from stays.services.importing.tables import MOST_BYTES
from vault import services as vault
from vault.models import Subject

TASK: Final = "stays.tasks.go_on_with_import"
State = ImportFile.State


def take_in_file(*, actor: Person, property: Property, kind: str, content: bytes, at: datetime) -> ImportFile:
    """Seal a file as it came and have it read. Raises ``NotAllowed``, ``FileTooLarge`` and ``BroughtInBefore``."""
    rights.require(actor, permissions.IMPORTS[kind], property)
    if len(content) > MOST_BYTES:
        raise FileTooLarge
    mark = audit.term_hash(f"import:{kind}:{hashlib.sha256(content).hexdigest()}")
    with transaction.atomic():
        _require_new(property, kind, mark)
        subject = vault.new_subject(Subject.Kind.DRAFT)
        sealed.seal_bytes(subject, content)
        file = ImportFile.objects.create(
            property=property, kind=kind, mark=mark, subject_id=subject, begun_by=actor, begun_at=at, acted_at=at
        )
        record(actions.IMPORT_TAKEN_IN, file, actor, {"kind": kind})
        ring(TASK, str(file.pk))
    return file


def set_columns(*, file: ImportFile, actor: Person, columns: Mapping[str, int], at: datetime) -> ImportFile:
    """Say which column holds which field, and have the rows checked anew.

    Raises ``NotAllowed``, ``NotWaiting`` and ``ColumnsMissing``.
    """
    with transaction.atomic():
        locked = _lock(file, actor, State.READY)
        _require_columns(locked.kind, columns)
        locked.columns = dict(columns)
        locked.save(update_fields=["columns"])
        _check_anew(locked, at)
        record(actions.IMPORT_COLUMNS_SET, locked, actor, fields=sorted(columns))
    return locked


def check_again(*, file: ImportFile, actor: Person, at: datetime) -> ImportFile:
    """Have the rows that were left out checked again, once what they wanted is there.

    Raises ``NotAllowed`` and ``NotWaiting``.
    """
    with transaction.atomic():
        locked = _lock(file, actor, State.READY, State.DONE)
        if not progress_of(locked).left_out:
            raise NotWaiting(object_type="import", object_ref=str(locked.pk))
        _check_anew(locked, at)
        record(actions.IMPORT_CHECKED_AGAIN, locked, actor)
    return locked


def start_import(*, file: ImportFile, actor: Person, at: datetime) -> ImportFile:
    """Bring the good rows in. Raises ``NotAllowed``, ``NotWaiting``, ``ColumnsMissing`` and ``NothingToWrite``."""
    with transaction.atomic():
        locked = _lock(file, actor, State.READY)
        _require_columns(locked.kind, locked.columns)
        progress = progress_of(locked)
        if not progress.good:
            raise NothingToWrite(object_type="import", object_ref=str(locked.pk))
        _move(locked, State.WRITING, at)
        record(actions.IMPORT_STARTED, locked, actor, {"count": progress.good, "left_out": progress.left_out})
    return locked


def discard_import(*, file: ImportFile, actor: Person, at: datetime) -> ImportFile:
    """Erase what is sealed of a file that waits. Raises ``NotAllowed`` and ``NotWaiting``."""
    with transaction.atomic():
        locked = _lock(file, actor, State.READY)
        locked.state, locked.acted_at, locked.finished_at = State.DISCARDED, at, at
        locked.save(update_fields=["state", "acted_at", "finished_at"])
        record(actions.IMPORT_DISCARDED, locked, actor)
        sealed.erase(sealed.envelopes_of(locked), reason="import_over", who=rights.who(actor, locked.property))
    return locked


def record(
    action: str, file: ImportFile, actor: Person | None, detail: Mapping[str, object] | None = None, **facts: object
) -> None:
    """The row of a deed on an import. Without an actor it is the system's."""
    system = audit.Who(role=audit.SYSTEM.role, property=file.property_id)
    who = rights.who(actor, file.property) if actor else system
    audit.record(action, who=who, object_type="import", object_ref=str(file.pk), detail=detail, **facts)  # type: ignore[arg-type]


def _require_new(house: Property, kind: str, mark: str) -> None:
    gone = [State.DISCARDED, State.FAILED]
    before = ImportFile.objects.filter(property=house, kind=kind, mark=mark).exclude(state__in=gone).first()
    if before:
        raise BroughtInBefore(number=before.pk, object_type="import", object_ref=str(before.pk))


def _require_columns(kind: str, columns: Mapping[str, int]) -> None:
    if missing := missing_fields(kind, columns):
        raise ColumnsMissing(missing=listed([str(word(name)) for name in missing]))


def _lock(file: ImportFile, actor: Person, *states: str) -> ImportFile:
    rights.require(actor, permissions.IMPORTS[file.kind], file.property)
    locked = ImportFile.objects.select_for_update(of=("self",)).select_related("property").get(pk=file.pk)
    if locked.state not in states:
        raise NotWaiting(object_type="import", object_ref=str(locked.pk))
    return locked


def _check_anew(file: ImportFile, at: datetime) -> None:
    """What is written stays written: only rows left out, or not written yet, are looked at again."""
    waiting = file.batches.filter(written_at__isnull=True) | file.batches.exclude(left_out=[])
    waiting.update(left_out=[], checked_at=None, written_at=None)
    _move(file, State.CHECKING, at)


def _move(file: ImportFile, state: str, at: datetime) -> None:
    file.state, file.acted_at = state, at
    file.save(update_fields=["state", "acted_at"])
    ring(TASK, str(file.pk))
