"""What is sealed of a file: its bytes until they are read, then headings with the first rows, and the rows in batches.

All of it hangs on the file's own subject, so that it ends with one list of envelopes.
"""

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from audit import services as audit
from stays.models import ImportBatch, ImportFile
from stays.services.importing.tables import Numbered, Row
from vault import services as vault
from vault.categories import Category

PART_BYTES: Final = 45_000  # as base64 within the 64 kB of an envelope
ROWS_A_BATCH: Final = 100
LETTERS_A_BATCH: Final = 10_000  # of up to six bytes
SHOWN_ROWS: Final = 3
SHOWN_LETTERS: Final = 40


def seal_bytes(subject: UUID, content: bytes) -> None:
    """Seal a file as it came."""
    parts = [content[start : start + PART_BYTES] for start in range(0, len(content), PART_BYTES)]
    vault.seal_many(
        [
            _draft(subject, {"part": number, "bytes": base64.b64encode(part).decode()})
            for number, part in enumerate(parts)
        ]
    )


def read_bytes(file: ImportFile) -> bytes:
    """The file as it came. Belongs inside a transaction; nobody is shown anything."""
    opened = vault.open_for_deed(envelopes_of(file))
    parts = sorted((each.plain for each in opened.values()), key=lambda part: part["part"])
    return b"".join(base64.b64decode(part["bytes"]) for part in parts)


def seal_head(file: ImportFile, headings: Row, first: Sequence[Row]) -> UUID:
    """Seal the headings and the first rows, cut to what the page shows of them."""
    headings, *rows = [[cell[:SHOWN_LETTERS] for cell in row] for row in (headings, *first)]
    return vault.seal_many([_draft(file.subject_id, {"headings": headings, "rows": rows})])[0]


def seal_rows(file: ImportFile, rows: Iterable[Numbered]) -> int:
    """Seal the rows in batches; how many there are."""
    count = 0
    for batch in _batches(rows):
        envelope = vault.seal_many([_draft(file.subject_id, content_of(dict(batch)))])[0]
        ImportBatch.objects.create(file=file, envelope_id=envelope, numbers=[number for number, _row in batch])
        count += len(batch)
    return count


def rows_in(content: Mapping[str, Any]) -> dict[int, Row]:
    """The rows of an opened batch by their numbers, in their order; what is sealed is sorted as text."""
    return dict(sorted((int(number), list(row)) for number, row in content["rows"].items()))


def content_of(rows: Mapping[int, Row]) -> dict[str, Any]:
    """What a batch of these rows holds."""
    return {"rows": {str(number): row for number, row in rows.items()}}


def envelopes_of(file: ImportFile) -> list[UUID]:
    """All that is sealed of the file."""
    return list(vault.ids_of([file.subject_id], [Category.DRAFT]))


def erase(envelopes: Sequence[UUID], *, reason: str, who: audit.Who) -> None:
    """Erase what is needed no more. Called last in a deed."""
    if envelopes:
        vault.erase_envelopes(envelopes, reason=reason, who=who)


def _draft(subject: UUID, content: Mapping[str, Any]) -> vault.Sealing:
    return vault.Sealing(subject, Category.DRAFT, content)


def _batches(rows: Iterable[Numbered]) -> Iterator[list[Numbered]]:
    batch: list[Numbered] = []
    letters = 0
    for number, row in rows:
        size = sum(map(len, row)) + 4 * len(row)
        if batch and (len(batch) == ROWS_A_BATCH or letters + size > LETTERS_A_BATCH):
            yield batch
            batch, letters = [], 0
        batch.append((number, row))
        letters += size
    if batch:
        yield batch
