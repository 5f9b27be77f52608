"""Erasing and restricting: lists of envelopes, set-based, one transaction, the same result when done again."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from audit import services as audit
from vault import actions, ledger, ledger_copy, rows

from .unindexing import unindex

# By category the live envelopes and their subjects, as texts: thousands of them pass through without being read.
Live = Mapping[str, tuple[list[str], list[str]]]
# What is locked away stays so until somebody lifts it or it is erased: no lock opens by itself when a clock passes.
UNTIL_LIFTED: Final = datetime(9999, 1, 1, tzinfo=UTC)
_LOCK: Final = """
WITH live AS (
    SELECT id, subject_id, category FROM vault_envelope
    WHERE id = ANY(%s::uuid[]) AND erased_at IS NULL ORDER BY id FOR UPDATE)
SELECT category, array_agg(id)::text[], array_agg(DISTINCT subject_id)::text[] FROM live GROUP BY category
"""


@transaction.atomic
def erase_envelopes(ids: Sequence[UUID], *, reason: str, who: audit.Who) -> int:
    """Erase envelopes for good and return how many were live until now; the others are left as they are.

    Ciphertexts, ledger entry, key tombstones, search tokens; after the commit the ledger's copy off the machine. The
    head of the ledger stays locked until the outermost transaction ends, so call this last in a deed, or on its own.
    ``reason`` is a code.
    """
    live = _told("SELECT * FROM vault_empty(%s::uuid[])", ids)
    if not live:
        return 0
    envelopes, subjects = _all_of(live)
    entry = ledger.append(envelopes, reason=reason, who=who)
    transaction.on_commit(ledger_copy.bring_up_to_date, robust=True)
    _shred_keys(rows.array(envelopes))
    unindex({category: of_them for category, (_found, of_them) in live.items()})
    audit.record(
        actions.ERASED,
        who=who,
        object_type="erasure",
        object_ref=str(entry),
        subjects=subjects,
        detail={"count": len(envelopes), "reason": reason},
    )
    return len(envelopes)


def _told(sql: str, ids: Iterable[UUID]) -> Live:
    with connection.cursor() as cursor:
        cursor.execute(sql, [rows.array(ids)])
        return {category: (envelopes, subjects) for category, envelopes, subjects in cursor.fetchall()}


def _all_of(live: Live) -> tuple[list[str], list[str]]:
    """The envelopes, and the subjects each once."""
    envelopes = [envelope for found, _subjects in live.values() for envelope in found]
    return envelopes, sorted(set[str]().union(*(subjects for _found, subjects in live.values())))


def shred(envelopes: Iterable[UUID | str]) -> int:
    """Make tombstones of the keys and empty the ciphertexts; how many keys there were until now.

    What a restore does again with what the ledger names.
    """
    ids = rows.array(envelopes)
    shredded = _shred_keys(ids)
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM vault_empty(%s::uuid[])", [ids])
    return shredded


def _shred_keys(ids: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE keys.envelope_key SET wrapped = NULL, shredded_at = now()"
            " WHERE envelope_id = ANY(%s::uuid[]) AND shredded_at IS NULL",
            [ids],
        )
        return int(cursor.rowcount)


@transaction.atomic
def restrict_envelopes(ids: Sequence[UUID], *, until: datetime | None, who: audit.Who) -> int:
    """Keep live envelopes out of ordinary looks and of search until a moment, or no longer when None."""
    live = _told(_LOCK, ids)
    if not live:
        return 0
    envelopes, subjects = _all_of(live)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE vault_envelope SET restricted_until = %s WHERE id = ANY(%s::uuid[])", [until, rows.array(envelopes)]
        )
    audit.record(
        actions.RESTRICTED,
        who=who,
        object_type="subject",
        subjects=subjects,
        detail={"count": len(envelopes), "lifted": until is None},
    )
    return len(envelopes)
