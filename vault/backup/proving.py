"""What a restored database has to show before anybody believes it. Django is connected to it meanwhile."""

from typing import Final
from uuid import UUID

from django.db import connection

from vault import rows
from vault.sealing import SealBroken

SAMPLE: Final = 200

_KEYLESS = """
SELECT count(*) FROM vault_envelope e LEFT JOIN keys.envelope_key k ON k.envelope_id = e.id
WHERE e.erased_at IS NULL AND k.wrapped IS NULL
"""
_REVIVED = """
SELECT count(*) FROM (SELECT DISTINCT unnest(envelopes) AS id FROM erasure_ledger) gone
LEFT JOIN keys.envelope_key k ON k.envelope_id = gone.id LEFT JOIN vault_envelope e ON e.id = gone.id
WHERE k.wrapped IS NOT NULL OR e.erased_at IS NULL AND e.id IS NOT NULL
"""


class NotProved(Exception):
    """The restored database is not what it should be; the message is for the operator."""


def open_sample() -> int:
    """Open envelopes inside the vault, the newest and some by chance; how many. Raises NotProved."""
    ids = _sample()
    try:
        opened = [row.open() for row in rows.read(ids, with_restricted=True)]
    except SealBroken as broken:
        raise NotProved(f"an envelope of the sample does not open: {broken}") from broken
    if len(opened) != len(ids):
        raise NotProved(f"{len(ids) - len(opened)} envelopes of the sample have no key")
    return len(opened)


def _sample() -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            "(SELECT id FROM vault_envelope WHERE erased_at IS NULL ORDER BY created_at DESC LIMIT %s)"
            " UNION (SELECT id FROM vault_envelope WHERE erased_at IS NULL ORDER BY random() LIMIT %s)",
            [SAMPLE // 2, SAMPLE // 2],
        )
        return [envelope for (envelope,) in cursor.fetchall()]


def require_keys() -> None:
    """Raise NotProved where a live envelope has no key."""
    missing = _count(_KEYLESS)
    if missing:
        raise NotProved(f"{missing} envelopes have no key")


def require_erased() -> None:
    """Raise NotProved where something that the ledger says is erased has a key or a content again."""
    revived = _count(_REVIVED)
    if revived:
        raise NotProved(f"{revived} erased envelopes could be opened again")


def _count(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])
