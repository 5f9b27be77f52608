"""Taking out of the blind index what was erased, for many subjects at once and in every epoch; nothing is opened."""

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from django.db import connection

from vault import rows
from vault.categories import Category

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
_EMPTY: Final = """
DELETE FROM search.subject_token t WHERE t.subject = ANY(%s::uuid[])
  AND COALESCE(cardinality(t.tok), 0) = 0 AND t.phone IS NULL AND t.document IS NULL
"""
_LEFT: Final = """
SELECT DISTINCT e.subject_id FROM vault_envelope e
WHERE e.subject_id = ANY(%s::uuid[]) AND e.category = 'register' AND e.erased_at IS NULL
"""


def unindex(erased: Mapping[str, Collection[UUID]]) -> None:
    """Forget what erased envelopes were found by. ``erased``: subjects by the category of what was erased of them.

    Whoever has another register left is indexed anew, for it may bear another number.
    """
    subjects = set().union(*(erased.get(category, ()) for category in _COLUMNS))
    if not subjects:
        return
    lock_tokens()
    with connection.cursor() as cursor:
        for category, columns in _COLUMNS.items():
            if erased.get(category):
                cursor.execute(_FORGET.format(columns=columns), [rows.array(erased[category]), category])
        cursor.execute(_EMPTY, [rows.array(subjects)])
        cursor.execute(_LEFT, [rows.array(erased.get(Category.REGISTER, ()))])
        reindex({subject for (subject,) in cursor.fetchall()})
