"""The erasure ledger: what was erased, in order, for as long as any backup could bring it back.

Append-only and chained by SHA-256, so that a missing or changed entry shows. It holds ids, a reason code, who and
when, and nothing personal. Entries are written one at a time: the head of the chain is locked until the deed commits.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from audit import services as audit
from vault import rows
from vault.models import ErasureEntry

GENESIS = bytes(32)
_LABEL = b"hotelrecords/erasure/1"
# Any constant of our own: the head of the chain under pg_advisory_xact_lock.
_HEAD_LOCK = 0x6572617365
_INSERT = """
INSERT INTO erasure_ledger (sequence, at, envelopes, reason, actor, role, property, previous, digest)
VALUES (%s, %s, %s::uuid[], %s, %s, %s, %s, %s, %s)
"""


def append(envelopes: Sequence[UUID | str], *, reason: str, who: audit.Who) -> int:
    """Write one entry and return its sequence number; entries made at the same time wait for each other."""
    sequence, previous, at = _lock_head()
    entry = ErasureEntry(
        sequence=sequence + 1,
        at=at,
        envelopes=sorted(map(str, envelopes)),
        reason=reason,
        actor=who.actor,
        role=who.role,
        property=who.property,
        previous=previous,
    )
    entry.digest = digest(entry)
    _insert(entry)
    return entry.sequence


def _insert(entry: ErasureEntry) -> None:
    facts = [entry.reason, entry.actor, entry.role, entry.property, bytes(entry.previous), bytes(entry.digest)]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [entry.sequence, entry.at, rows.array(entry.envelopes), *facts])


def _lock_head() -> tuple[int, bytes, datetime]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_HEAD_LOCK])
        cursor.execute("SELECT sequence, digest FROM erasure_ledger ORDER BY sequence DESC LIMIT 1")
        sequence, previous = cursor.fetchone() or (0, GENESIS)
        cursor.execute("SELECT clock_timestamp()")
        return sequence, bytes(previous), cursor.fetchone()[0]


def digest(entry: ErasureEntry) -> bytes:
    """SHA-256 over the previous digest and the entry as canonical JSON, time in microseconds since 1970 UTC."""
    facts = {
        "actor": entry.actor,
        "at": int(entry.at.timestamp()) * 1_000_000 + entry.at.microsecond,
        "envelopes": [str(envelope) for envelope in entry.envelopes],
        "property": entry.property,
        "reason": entry.reason,
        "role": entry.role,
        "sequence": entry.sequence,
    }
    body = json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()
    return hashlib.sha256(_LABEL + bytes(entry.previous) + body).digest()


def first_break() -> int | None:
    """The sequence number at which the chain is broken, None when it is whole."""
    expected, previous = 1, GENESIS
    for entry in ErasureEntry.objects.order_by("sequence").iterator(chunk_size=500):
        is_next = entry.sequence == expected and bytes(entry.previous) == previous
        if not is_next or bytes(entry.digest) != digest(entry):
            return expected
        expected, previous = expected + 1, bytes(entry.digest)
    return None
