"""Who is registered with a document: found by blind index, opened inside the vault and compared."""

from collections.abc import Collection, Sequence
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
    """The subject registered with this document; the newest registration wins. ``lock``: as below."""
    return subjects_by_document([(document_type, number)], lock=lock)[0]


def subjects_by_document(documents: Sequence[Document], *, lock: bool = False) -> list[UUID | None]:
    """The subject registered with each of these types and numbers, in their order.

    ``lock`` holds the index values until the transaction ends, so that two desks cannot make two guests of one
    document; raises RuntimeError outside a transaction.
    """
    shown = [(kind, normalise.document(number)) for kind, number in documents]
    epoch = keys.active_epoch(KeyEpoch.Purpose.INDEX)
    indexes = {tokens.document_index(epoch, number) for _kind, number in shown if number}
    if not indexes:
        return [None] * len(shown)
    if lock:
        _lock(indexes)
    registered = _registered(epoch, indexes)
    return [registered.get(each) for each in shown]


def _registered(epoch: int, indexes: Collection[int]) -> dict[Document, UUID]:
    """Whom those found by these index values are registered as: the newest registration of each document."""
    found = rows.read_of(_subjects_with_documents(epoch, indexes), [Category.REGISTER])
    registered = {}
    for row in found:
        content = row.open()
        number = normalise.document(content.get("document_number") or "")
        if number:
            registered[(str(content.get("document_type") or ""), number)] = row.subject
    return registered


def _lock(indexes: Collection[int]) -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("a document is locked inside a transaction")
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [_DOCUMENT_LOCK, rows.array(indexes)])


def _subjects_with_documents(epoch: int, indexes: Collection[int]) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject FROM search.subject_token WHERE document = ANY(%s::int[]) AND epoch = %s",
            [rows.array(indexes), epoch],
        )
        return [subject for (subject,) in cursor.fetchall()]
