"""Who is registered with a document: found by blind index, opened inside the vault and compared.

A register that is locked away counts as any other, as long as the name of its guest stands open: the calendar takes
registers out of sight, and who comes again is who they were. Where the guest had the name locked away or erased, the
document is nobody's, as if the house had never seen it.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from vault import keys, normalise, rows
from vault.categories import Category
from vault.models import KeyEpoch
from vault.search import tokens

Document = tuple[str, str]

# Any constant of our own for pg_advisory locks.
_DOCUMENT_LOCK = 0x646F63
# One after the other in one order, whoever asks: two desks never lock up.
_LOCK = "SELECT pg_advisory_xact_lock(%s, index) FROM (SELECT DISTINCT unnest(%s::int[]) AS index ORDER BY 1) AS shown"


def subject_by_document(document_type: str, number: str, *, lock: bool = False) -> UUID | None:
    """The subject registered with this document; of several, whom the house saw last. ``lock``: as below."""
    return subjects_by_document([(document_type, number)], lock=lock)[0]


def subjects_by_document(documents: Sequence[Document], *, lock: bool = False) -> list[UUID | None]:
    """The subject registered with each of these types and numbers, in their order.

    ``lock`` holds the index values until the transaction ends, so that two desks cannot make two guests of one
    document; raises RuntimeError outside a transaction.
    """
    shown = [(kind, normalise.document(number)) for kind, number in documents]
    asked = {(kind, number) for kind, number in shown if number}
    if not asked:
        return [None] * len(shown)
    epoch = keys.active_epoch(KeyEpoch.Purpose.INDEX)
    indexes = {tokens.document_index(epoch, number) for _kind, number in asked}
    if lock:
        _lock(indexes)
    bearers = [(document, subject) for document, subject in _bearers(epoch, indexes) if document in asked]
    named = _named({subject for _document, subject in bearers})
    registered = {document: subject for document, subject in bearers if subject in named}
    return [registered.get(each) for each in shown]


def _bearers(epoch: int, indexes: Collection[int]) -> list[tuple[Document, UUID]]:
    """What those found by these index values are registered with; whom the house saw last comes last."""
    subjects = _subjects_with_documents(epoch, indexes)
    found = rows.read_of(subjects, [Category.REGISTER], with_restricted=True)
    return [(_document(row.open()), row.subject) for row in sorted(found, key=lambda row: subjects.index(row.subject))]


def _document(content: Mapping[str, Any]) -> Document:
    return str(content.get("document_type") or ""), normalise.document(content.get("document_number") or "")


def _named(subjects: Collection[UUID]) -> set[UUID]:
    """Those whose name stands open; it is not read."""
    return {row.subject for row in rows.read_of(list(subjects), [Category.NAME])} if subjects else set()


def _lock(indexes: Collection[int]) -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("a document is locked inside a transaction")
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [_DOCUMENT_LOCK, rows.array(indexes)])


def _subjects_with_documents(epoch: int, indexes: Collection[int]) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject FROM search.subject_token WHERE document = ANY(%s::int[]) AND epoch = %s"
            " ORDER BY seen_on NULLS FIRST",
            [rows.array(indexes), epoch],
        )
        return [subject for (subject,) in cursor.fetchall()]
