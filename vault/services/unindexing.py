"""Taking out of the blind index what was erased, for many subjects at once and in every epoch; nothing is shown.

One statement, one look at the envelopes: thousands of guests end in a night, most of them with all they were found by.
"""

from collections.abc import Collection, Mapping
from typing import Final

from django.db import connection

from vault import rows
from vault.categories import INDEXED, Category

from .indexing import lock_tokens, reindex

# Names and phones are in rows of their own, documents too: a row goes with the last envelope it was written for, a name
# or a phone is taken out of a row that the other keeps. The subjects are named again and again, so that what is theirs
# is looked up and not all there is. Told are those of whom another register is left and who are found by several
# numbers.
_FORGET: Final = """
WITH kept AS MATERIALIZED (
    SELECT e.subject_id AS subject, bool_or(e.category = 'name') AS named, bool_or(e.category = 'contact') AS reached,
        bool_or(e.category = 'register') AS registered
    FROM vault_envelope e WHERE e.subject_id = ANY(%(subjects)s::uuid[]) AND e.erased_at IS NULL
      AND e.category IN ('name', 'contact', 'register')
    GROUP BY e.subject_id),
gone AS (
    DELETE FROM search.subject_token t WHERE t.subject = ANY(%(subjects)s::uuid[]) AND NOT EXISTS (
        SELECT FROM kept k WHERE k.subject = t.subject AND (
            k.named AND cardinality(t.tok) > 0 OR k.reached AND t.phone IS NOT NULL
            OR k.registered AND t.document IS NOT NULL))),
forgotten AS (
    UPDATE search.subject_token t SET
        tok = CASE WHEN k.named THEN t.tok WHEN t.part = 0 THEN '{}'::int[] END,
        phone = CASE WHEN k.reached THEN t.phone END, phone_tail = CASE WHEN k.reached THEN t.phone_tail END
    FROM kept k
    WHERE t.subject = ANY(ARRAY(SELECT subject FROM kept WHERE named <> reached)) AND k.subject = t.subject
      AND cardinality(t.tok) > 0 AND t.phone IS NOT NULL)
SELECT DISTINCT t.subject FROM search.subject_token t JOIN kept k ON k.subject = t.subject AND k.registered
WHERE t.subject = ANY(%(registered)s::uuid[]) AND t.document IS NOT NULL
GROUP BY t.subject, t.epoch HAVING count(*) > 1
"""


def unindex(erased: Mapping[str, Collection[str]]) -> None:
    """Forget what erased envelopes were found by. ``erased``: subjects by the category of what was erased of them.

    Of whom another register is left and several numbers are known, one may be borne no more: they are indexed anew.
    """
    subjects = set[str]().union(*(erased.get(category, ()) for category in INDEXED))
    if not subjects:
        return
    lock_tokens()
    asked = {"subjects": rows.array(subjects), "registered": rows.array(erased.get(Category.REGISTER, ()))}
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, asked)
        reindex([subject for (subject,) in cursor.fetchall()])
