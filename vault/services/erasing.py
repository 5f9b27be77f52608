"""Erasing and restricting: lists of envelopes, set-based, one transaction, the same result when done again."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from audit import services as audit
from vault import actions, ledger, ledger_copy
from vault.models import Envelope

from .unindexing import unindex


@transaction.atomic
def erase_envelopes(ids: Sequence[UUID], *, reason: str, who: audit.Who) -> int:
    """Erase envelopes for good and return how many were live until now; the others are left as they are.

    Ledger entry, key tombstones, ciphertexts, search tokens; after the commit the ledger's copy off the machine. The
    head of the ledger stays locked until the outermost transaction ends, so call this last in a deed, or on its own.
    ``reason`` is a code.
    """
    live = _lock_live(ids)
    if not live:
        return 0
    envelopes = [envelope for envelope, _subject, _category in live]
    entry = ledger.append(envelopes, reason=reason, who=who)
    transaction.on_commit(ledger_copy.bring_up_to_date, robust=True)
    shred(envelopes)
    unindex(_by_category(live))
    audit.record(
        actions.ERASED,
        who=who,
        object_type="erasure",
        object_ref=str(entry),
        subjects=list(dict.fromkeys(subject for _envelope, subject, _category in live)),
        detail={"count": len(live), "reason": reason},
    )
    return len(live)


def _by_category(live: Sequence[tuple[UUID, UUID, str]]) -> dict[str, set[UUID]]:
    found: dict[str, set[UUID]] = defaultdict(set)
    for _envelope, subject, category in live:
        found[category].add(subject)
    return found


def _lock_live(ids: Sequence[UUID]) -> list[tuple[UUID, UUID, str]]:
    found = Envelope.objects.filter(id__in=ids, erased_at__isnull=True).order_by("id").select_for_update()
    return list(found.values_list("id", "subject_id", "category"))


def shred(envelopes: Sequence[UUID]) -> int:
    """Make tombstones of the keys and empty the ciphertexts; how many keys there were until now.

    The deed behind ``erase_envelopes``, and what a restore does again with what the ledger names.
    """
    ids = [str(envelope) for envelope in envelopes]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE keys.envelope_key SET wrapped = NULL, shredded_at = now()"
            " WHERE envelope_id = ANY(%s::uuid[]) AND shredded_at IS NULL",
            [ids],
        )
        shredded = int(cursor.rowcount)
        cursor.execute(
            "UPDATE vault_envelope SET ciphertext = '', erased_at = now()"
            " WHERE id = ANY(%s::uuid[]) AND erased_at IS NULL",
            [ids],
        )
        return shredded


@transaction.atomic
def restrict_envelopes(ids: Sequence[UUID], *, until: datetime | None, who: audit.Who) -> int:
    """Keep live envelopes out of ordinary looks and of search until a moment, or no longer when None."""
    live = _lock_live(ids)
    Envelope.objects.filter(id__in=[envelope for envelope, _subject, _category in live]).update(restricted_until=until)
    if live:
        audit.record(
            actions.RESTRICTED,
            who=who,
            object_type="subject",
            subjects=list(dict.fromkeys(subject for _envelope, subject, _category in live)),
            detail={"count": len(live), "lifted": until is None},
        )
    return len(live)
