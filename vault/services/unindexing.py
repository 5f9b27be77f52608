"""Taking out of the blind index what was erased, for many subjects at once and in every epoch; nothing is opened."""

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from django.db import connection

from vault import normalise, rows
from vault.categories import INDEXED, Category
from vault.search import tokens

from .indexing import lock_tokens, reindex

# Names and phones are in rows of their own, documents too: each goes with the last envelope it was written for. The
# subjects are named twice, so that their envelopes are looked up and not all there are.
_DELETE: Final = """
DELETE FROM search.subject_token t WHERE t.subject = ANY(%s::uuid[])
  AND NOT EXISTS (SELECT 1 FROM vault_envelope e
                  WHERE e.subject_id = ANY(%s::uuid[]) AND e.subject_id = t.subject AND e.erased_at IS NULL
                  AND (e.category = 'register') = (t.document IS NOT NULL)
                  AND e.category IN ('name', 'contact', 'register'))
"""
# Of those with a name and a phone, one of which is left.
_COLUMNS: Final[Mapping[str, str]] = {
    Category.NAME: "tok = CASE WHEN t.part = 0 THEN '{}'::int[] END",
    Category.CONTACT: "phone = NULL, phone_tail = NULL",
}
_FORGET: Final = """
UPDATE search.subject_token t SET {columns} WHERE t.subject = ANY(%s::uuid[]) AND t.document IS NULL
  AND NOT EXISTS (SELECT 1 FROM vault_envelope e
                  WHERE e.subject_id = ANY(%s::uuid[]) AND e.subject_id = t.subject
                    AND e.category = %s AND e.erased_at IS NULL)
"""
_EMPTY: Final = """
DELETE FROM search.subject_token t WHERE t.subject = ANY(%s::uuid[])
  AND COALESCE(cardinality(t.tok), 0) = 0 AND t.phone IS NULL AND t.document IS NULL
"""
# Those of whom another register is left, and the newest of these.
_REGISTERED: Final = """
SELECT DISTINCT ON (e.subject_id) e.id FROM vault_envelope e
WHERE e.subject_id = ANY(%s::uuid[]) AND e.category = 'register' AND e.erased_at IS NULL
ORDER BY e.subject_id, e.created_at DESC
"""
_DOCUMENTS: Final = """
SELECT t.subject, t.epoch, array_agg(t.document) FROM search.subject_token t
WHERE t.subject = ANY(%s::uuid[]) AND t.document IS NOT NULL GROUP BY 1, 2
"""


def unindex(erased: Mapping[str, Collection[str]]) -> None:
    """Forget what erased envelopes were found by. ``erased``: subjects by the category of what was erased of them.

    Whoever has another register left, of another number, is indexed anew.
    """
    subjects = set[str]().union(*(erased.get(category, ()) for category in INDEXED))
    if not subjects:
        return
    lock_tokens()
    called = set[str]().union(*(erased.get(category, ()) for category in _COLUMNS))
    with connection.cursor() as cursor:
        cursor.execute(_DELETE, [rows.array(subjects)] * 2)
        for category, columns in _COLUMNS.items():
            if erased.get(category):
                those = rows.array(erased[category])
                cursor.execute(_FORGET.format(columns=columns), [those, those, category])
        if called:
            cursor.execute(_EMPTY, [rows.array(called)])
    if erased.get(Category.REGISTER):
        reindex(_with_other_documents(erased[Category.REGISTER]))


def _with_other_documents(subjects: Collection[str]) -> set[UUID]:
    """Those who are found by another document than that of their newest register: one of them may be borne no more."""
    with connection.cursor() as cursor:
        cursor.execute(_REGISTERED, [rows.array(subjects)])
        newest = [envelope for (envelope,) in cursor.fetchall()]
        left = {row.subject: _document(row) for row in rows.read(newest, with_restricted=True)}
        cursor.execute(_DOCUMENTS, [rows.array(left)])
        known = cursor.fetchall()
    return {
        subject for subject, epoch, documents in known if documents != [tokens.document_index(epoch, left[subject])]
    }


def _document(row: rows.SealedRow) -> str:
    return normalise.document(row.open().get("document_number") or "")
