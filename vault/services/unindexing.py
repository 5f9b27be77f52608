"""Taking out of the blind index what was erased, for many subjects at once and in every epoch; nothing is opened."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from django.db import connection

from vault import normalise, rows
from vault.categories import Category
from vault.search import tokens

from .indexing import lock_tokens, reindex

# What each category left in the index: written there when it is sealed, gone with the last envelope of it.
_COLUMNS: Final[Mapping[str, str]] = {
    Category.NAME: "tok = CASE WHEN t.part = 0 THEN '{}'::int[] END",
    Category.CONTACT: "phone = NULL, phone_tail = NULL",
    Category.REGISTER: "document = NULL, document_tail = NULL",
}
_FORGET: Final = """
UPDATE search.subject_token t SET {columns} WHERE t.subject = ANY(%s::uuid[])
  AND NOT EXISTS (SELECT 1 FROM vault_envelope e
                  WHERE e.subject_id = t.subject AND e.category = %s AND e.erased_at IS NULL)
"""
# Whoever has nothing left to be found by is deleted at once, rather than emptied first.
_DELETE: Final = """
DELETE FROM search.subject_token t WHERE t.subject = ANY(%s::uuid[])
  AND NOT EXISTS (SELECT 1 FROM vault_envelope e
                  WHERE e.subject_id = t.subject AND e.category = ANY(%s::text[]) AND e.erased_at IS NULL)
"""
_EMPTY: Final = """
DELETE FROM search.subject_token t WHERE t.subject = ANY(%s::uuid[])
  AND COALESCE(cardinality(t.tok), 0) = 0 AND t.phone IS NULL AND t.document IS NULL
"""
_DOCUMENTS: Final = """
SELECT t.subject, t.epoch, array_agg(t.document) FROM search.subject_token t
WHERE t.subject = ANY(%s::uuid[]) AND t.document IS NOT NULL GROUP BY 1, 2
"""


def unindex(erased: Mapping[str, Collection[str]]) -> None:
    """Forget what erased envelopes were found by. ``erased``: subjects by the category of what was erased of them.

    Whoever has another register left, of another number, is indexed anew.
    """
    subjects = set[str]().union(*(erased.get(category, ()) for category in _COLUMNS))
    if not subjects:
        return
    lock_tokens()
    with connection.cursor() as cursor:
        cursor.execute(_DELETE, [rows.array(subjects), rows.array(_COLUMNS)])
        for category, columns in _COLUMNS.items():
            if erased.get(category):
                cursor.execute(_FORGET.format(columns=columns), [rows.array(erased[category]), category])
        cursor.execute(_EMPTY, [rows.array(subjects)])
    reindex(_with_other_documents(erased.get(Category.REGISTER, ())))


def _with_other_documents(subjects: Collection[str]) -> set[UUID]:
    """Those who are still found by a document that none of their registers bears any more."""
    left: dict[UUID, set[str]] = defaultdict(set)
    registered = [UUID(subject) for subject in subjects]
    for row in rows.read_of(registered, [Category.REGISTER], with_restricted=True) if registered else ():
        left[row.subject].add(normalise.document(row.open().get("document_number") or ""))
    with connection.cursor() as cursor:
        cursor.execute(_DOCUMENTS, [rows.array(left)])
        known = cursor.fetchall()
    return {
        subject
        for subject, epoch, documents in known
        if set(documents) != {tokens.document_index(epoch, number) for number in left[subject] if number}
    }
