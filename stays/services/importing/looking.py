"""Looking at an import: what its columns seem to be, its first rows, and which rows are left out, why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from audit import services as audit
from staff import permissions as rights
from staff.models import Person
from stays import actions, permissions
from stays.models import ImportFile
from stays.services.importing.columns import facts_of
from stays.services.importing.judging import Judge
from stays.services.importing.progress import Progress, progress_of
from stays.services.importing.sealed import rows_in
from stays.services.importing.tables import Row
from vault import services as vault

PAGE: Final = 20


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that cannot be brought in: its number in the file, and per reason field, what stands there, and why.

    Without reasons it could be brought in by now.
    """

    number: int
    reasons: Sequence[tuple[str, str, str]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ImportPage:
    """An import as its page shows it. ``headings``, ``samples``: of the file; ``left_out``: of the page asked for."""

    file: ImportFile
    progress: Progress
    headings: Row = field(repr=False)
    samples: Sequence[Row] = field(repr=False)
    left_out: Sequence[LeftOut] = ()


def open_import(*, file: ImportFile, actor: Person, page: int = 1, at: datetime) -> ImportPage:
    """The page of an import; where it holds anything that is sealed, one look. ``page``: of the rows left out, from 1.

    Raises ``NotAllowed``.
    """
    rights.require(actor, permissions.IMPORTS[file.kind], file.property)
    wanted = _wanted(file, page)
    head = [file.head_id] if file.head_id and file.state == ImportFile.State.READY else []
    opened = _open(file, actor, [*head, *wanted]) if head or wanted else {}
    shown = opened.get(head[0], {}) if head else {}
    found = [LeftOut(*line) for line in _left_out(file, wanted, opened, at)]
    return ImportPage(file, progress_of(file), shown.get("headings", []), shown.get("rows", []), found)


def left_out_rows(*, file: ImportFile, actor: Person) -> tuple[Row, list[Row]]:
    """The rows that were left out, as they came, to be corrected; and their headings. A look. Raises ``NotAllowed``."""
    rights.require(actor, permissions.IMPORTS[file.kind], file.property)
    batches = file.batches.exclude(left_out=[]).values_list("envelope_id", "left_out")
    head = [file.head_id] if file.head_id else []
    opened = _open(file, actor, [*head, *(envelope for envelope, _numbers in batches)])
    rows = [
        rows_in(opened[envelope])[number] for envelope, numbers in batches if envelope in opened for number in numbers
    ]
    return (opened.get(head[0], {}).get("headings", []) if head else []), rows


def _wanted(file: ImportFile, page: int) -> dict[UUID, list[int]]:
    """By batch the numbers of the rows of one page; none while a worker is at them."""
    if file.is_at_work:
        return {}
    batches = file.batches.exclude(left_out=[]).values_list("envelope_id", "left_out")
    lines = [(envelope, number) for envelope, numbers in batches for number in numbers]
    wanted: dict[UUID, list[int]] = {}
    for envelope, number in lines[(page - 1) * PAGE : page * PAGE]:
        wanted.setdefault(envelope, []).append(number)
    return wanted


def _open(file: ImportFile, actor: Person, envelopes: Sequence[UUID]) -> dict[UUID, Mapping[str, Any]]:
    opened = vault.open_envelopes(
        envelopes,
        action=actions.IMPORT_VIEWED,
        who=rights.who(actor, file.property),
        why=audit.NO_PURPOSE,
        object_type="import",
        object_ref=str(file.pk),
        detail={"count": len(envelopes)},
    )
    return {envelope: each.plain for envelope, each in opened.items()}


def _left_out(
    file: ImportFile, wanted: Mapping[UUID, Sequence[int]], opened: Mapping[UUID, Mapping[str, Any]], at: datetime
) -> list[tuple[int, list[tuple[str, str, str]]]]:
    judge, lines = Judge(file.kind, file.property, at), []
    for envelope, numbers in wanted.items():
        rows = rows_in(opened[envelope]) if envelope in opened else {}
        said = {number: facts_of(rows[number], file.columns) for number in numbers if number in rows}
        for number, judged in judge.judge(said).items():
            facts = said[number]
            lines.append(
                (number, [(judge.label(judged, name), facts.get(name, ""), why) for name, why in judged.reasons])
            )
    return lines
