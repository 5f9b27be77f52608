"""What was erased since the backup is erased again, as the ledger's copy says; what nobody can open is let go."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from audit import services as audit
from vault import ledger, ledger_copy
from vault.models import ErasureEntry
from vault.services.erasing import shred

Show = Callable[[str, int, int], None]
BATCH: Final = 500
# Why envelopes stand in the ledger that a restore could not bring back: written anew after the backup was taken.
LOST: Final = "restore.lost"

# A key of another generation than its ciphertext's (bytes 2 and 3), or none.
_LOST = """
SELECT e.id FROM vault_envelope e LEFT JOIN keys.envelope_key k ON k.envelope_id = e.id
WHERE e.erased_at IS NULL AND (
    k.wrapped IS NULL OR k.generation <> get_byte(e.ciphertext, 2) * 256 + get_byte(e.ciphertext, 3)
)
"""


def take_over_ledger(show: Show) -> dict[str, Any]:
    """Enter what the copy knows and the database does not. Raises LedgerForked where they differ."""
    known = ErasureEntry.objects.order_by("-sequence").first()
    last, head = (known.sequence if known else 0), ledger_copy.head()
    if known is not None and last <= head:
        [same] = ledger_copy.some(last, last)
        if bytes(same.digest) != bytes(known.digest):
            raise ledger_copy.LedgerForked(f"entry {last} of the ledger's copy is not the database's")
    for entry in ledger_copy.entries(after=last):
        entry.save(force_insert=True)
        show("ledger", entry.sequence - last, head - last)
    return {"entries": max(head - last, 0)}


def replay(show: Show) -> dict[str, Any]:
    """Shred again everything the ledger names, let go what cannot be opened, and rewrite the table of keys.

    Rewritten, because a page of the table still holds what was a key until now.
    """
    erased, count = 0, ErasureEntry.objects.count()
    for done, entry in enumerate(ErasureEntry.objects.order_by("sequence").iterator(chunk_size=200), 1):
        erased += shred(entry.envelopes)
        show("replay", done, count)
    lost = _let_go()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM FULL keys.envelope_key")
        cursor.execute("VACUUM ANALYZE vault_envelope")
    return {"erased": erased, "lost": lost}


def _let_go() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_LOST)
        lost: list[UUID] = [envelope for (envelope,) in cursor.fetchall()]
    for some in _batches(lost):
        with transaction.atomic():
            ledger.append(some, reason=LOST, who=audit.SYSTEM)
            shred(some)
    return len(lost)


def _batches(ids: list[UUID]) -> list[list[UUID]]:
    return [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]
