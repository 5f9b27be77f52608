"""Going on with an import: read, check, write, in batches within a box of time; after any interruption once more.

Each batch is one transaction: its rows, its row of the log and its mark that it is written stand or fall together.
So a killed worker leaves it to do, two workers never take the same one, and nothing is written twice.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from itertools import chain, islice
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import cached_property

from audit import services as audit
from staff import permissions as rights
from staff.bell import ring
from staff.models import Person
from stays import actions, permissions
from stays.models import ImportBatch, ImportFile, Occupant, Stay
from stays.services.importing import sealed
from stays.services.importing.columns import facts_of, guess_columns
from stays.services.importing.deeds import TASK, record
from stays.services.importing.judging import Judge
from stays.services.importing.progress import progress_of
from stays.services.importing.tables import Row, Unreadable, read_table
from stays.services.importing.writing import write_rows
from vault import services as vault

SECONDS: Final = 45  # a task ends long before its limit; the next one goes on
State = ImportFile.State


def due_imports() -> list[int]:
    """Ids of the imports to begin or to go on with."""
    return list(ImportFile.objects.due().order_by("pk").values_list("pk", flat=True))


def go_on(*, file: ImportFile, at: datetime, seconds: float = SECONDS) -> bool:
    """Do the next step of an import for so many seconds; whether it waits for a person, or is over.

    The system's deed, in the name of whoever began it. Safe to repeat, and beside another worker.
    """
    work = _Work(file, at)
    until = time.monotonic() + seconds
    steps: dict[str, Callable[[], bool]] = {
        State.RECEIVED: work.read,
        State.CHECKING: work.check_batch,
        State.WRITING: work.write_batch,
    }
    while step := steps.get(work.state()):
        if time.monotonic() >= until:
            ring(TASK, str(file.pk))
            return False
        if not step():
            return False
    return True


class _Work:
    """One go at an import. Each step is a transaction of its own, and says whether to look for the next."""

    def __init__(self, file: ImportFile, at: datetime) -> None:
        self.file, self.at = file, at

    def state(self) -> str:
        """Where the import stands now."""
        return ImportFile.objects.values_list("state", flat=True).get(pk=self.file.pk)

    @cached_property
    def actor(self) -> Person:
        """Whoever began it, with the rights of now."""
        found: Person = Person.objects.get(pk=self.file.begun_by_id)
        return found

    @cached_property
    def judge(self) -> Judge:
        """Of this file's rows."""
        return Judge(self.file.kind, self.file.property, self.at)

    @property
    def who(self) -> audit.Who:
        """The system at this property."""
        return audit.Who(role=audit.SYSTEM.role, property=self.file.property_id)

    def read(self) -> bool:
        """Read the file that was sealed, and seal its rows in its place."""
        with transaction.atomic():
            file = self._lock(State.RECEIVED)
            if file is None:
                return True
            raw = sealed.envelopes_of(file)
            try:
                with transaction.atomic():
                    self._seal_table(file)
            except Unreadable as problem:
                self._fail(file, problem.failure)
            sealed.erase(raw, reason="import_read", who=self.who)
        return True

    def _seal_table(self, file: ImportFile) -> None:
        headings, rows = read_table(sealed.read_bytes(file))
        first = list(islice(rows, sealed.SHOWN_ROWS))
        if not first:
            raise Unreadable(ImportFile.Failure.EMPTY)
        file.head_id = sealed.seal_head(file, headings, [row for _number, row in first])
        count = sealed.seal_rows(file, chain(first, rows))
        file.columns, file.state = guess_columns(file.kind, headings), State.CHECKING
        file.save(update_fields=["head", "columns", "state"])
        record(actions.IMPORT_READ, file, None, {"count": count})

    def check_batch(self) -> bool:
        """Judge the next rows; when none is left, the import waits for a person."""
        with transaction.atomic():
            batch = self._next(State.CHECKING, checked_at__isnull=True)
            if batch is None:
                return self._settle(State.CHECKING, State.READY, checked_at__isnull=True)
            judged = self.judge.judge(self._facts(batch, self._rows(batch)))
            batch.left_out = [number for number, each in judged.items() if not each.is_good]
            batch.checked_at = self.at
            batch.save(update_fields=["left_out", "checked_at"])
        return True

    def write_batch(self) -> bool:
        """Write the next rows; when none is left, the import is done."""
        with transaction.atomic():
            batch = self._next(State.WRITING, written_at__isnull=True)
            if batch is None:
                return self._settle(State.WRITING, State.DONE, written_at__isnull=True)
            if not rights.may(self.actor, permissions.IMPORTS[self.file.kind], self.file.property):
                return self._stop()
            self._write(batch)
        return True

    def _write(self, batch: ImportBatch) -> None:
        rows, left_out = self._rows(batch), set(batch.left_out)
        facts = self._facts(batch, {number: row for number, row in rows.items() if number not in left_out})
        written = write_rows(self.judge, facts, actor=self.actor, at=self.at)
        batch.left_out, batch.written_at = [number for number in rows if number not in written], self.at
        batch.written += len(written)
        batch.save(update_fields=["left_out", "written", "written_at"])
        vault.reseal(batch.envelope_id, sealed.content_of({number: rows[number] for number in batch.left_out}))
        detail = {"count": len(written), "left_out": len(batch.left_out)}
        subjects = list(_parties(written.values()))
        record(actions.IMPORT_BATCH_WRITTEN, batch.file, self.actor, detail, subjects=subjects)

    def _facts(self, batch: ImportBatch, rows: Mapping[int, Row]) -> dict[int, dict[str, str]]:
        return {number: facts_of(row, batch.file.columns) for number, row in rows.items()}

    def _lock(self, state: str) -> ImportFile | None:
        found = ImportFile.objects.select_for_update(of=("self",)).select_related("property")
        return found.filter(pk=self.file.pk, state=state).first()

    def _next(self, state: str, **left: bool) -> ImportBatch | None:
        """The next batch nobody else works on, as long as the import is in that state."""
        batches = ImportBatch.objects.filter(file=self.file, file__state=state, **left).order_by("pk")
        return batches.select_related("file__property").select_for_update(of=("self",), skip_locked=True).first()

    def _rows(self, batch: ImportBatch) -> dict[int, Row]:
        opened = vault.open_for_deed([batch.envelope_id])
        return sealed.rows_in(opened[batch.envelope_id].plain)

    def _settle(self, before: str, after: str, **left: bool) -> bool:
        """Close a step of which nothing is left; False where another worker still has something of it."""
        file = self._lock(before)
        if file is None or file.batches.filter(**left).exists():
            return False
        file.state, file.acted_at = after, self.at
        file.finished_at = self.at if after == State.DONE else None
        file.save(update_fields=["state", "acted_at", "finished_at"])
        if after == State.DONE:
            self._finish(file)
        return True

    def _finish(self, file: ImportFile) -> None:
        progress = progress_of(file)
        record(actions.IMPORT_FINISHED, file, None, {"count": progress.written, "left_out": progress.left_out})
        done = list(file.batches.filter(left_out=[]).values_list("envelope_id", flat=True))
        needless = done if progress.left_out else sealed.envelopes_of(file)
        sealed.erase(needless, reason="import_over", who=self.who)

    def _stop(self) -> bool:
        file = self._lock(State.WRITING)
        if file is not None:
            self._fail(file, ImportFile.Failure.NOT_ALLOWED)
            sealed.erase(sealed.envelopes_of(file), reason="import_over", who=self.who)
        return True

    def _fail(self, file: ImportFile, failure: str) -> None:
        file.state, file.failure, file.acted_at, file.finished_at = State.FAILED, failure, self.at, self.at
        file.save(update_fields=["state", "failure", "acted_at", "finished_at"])
        record(actions.IMPORT_FAILED, file, None, {"reason": failure})


def _parties(stays: Iterable[Stay | None]) -> QuerySet[Occupant, UUID]:
    written = [stay for stay in stays if stay is not None]
    return Occupant.objects.filter(stay__in=written).order_by("pk").values_list("subject_id", flat=True)
