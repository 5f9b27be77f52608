"""Set C: the erasure ledger's copy off the machine, one small sealed file for each entry.

It is brought up to date after each erasure has committed, and by the keeper each minute; whoever does it, does it
alike: nothing that is there is written again. Without it no erasure would survive the loss of the database.
"""

import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from vault import ledger
from vault.backup import files
from vault.models import ErasureEntry

PER_FOLDER = 1000
_SUFFIX = ".entry"


class LedgerForked(Exception):
    """The copy and the database's ledger differ: one of them is older, or was changed."""


def folder() -> Path | None:
    """Where the copy is kept; None where the house keeps none."""
    return Path(settings.LEDGER_DIR) if settings.LEDGER_DIR else None


def path_of(sequence: int) -> Path:
    """The file of one entry."""
    return Path(settings.LEDGER_DIR) / f"{sequence // PER_FOLDER:09d}" / f"{sequence:012d}{_SUFFIX}"


def head() -> int:
    """The sequence number of the newest entry in the copy, 0 where there is none. Raises OSError."""
    place = folder()
    if place is None or not place.exists():
        return 0
    for part in sorted((name for name in os.listdir(place) if name.isdecimal()), reverse=True):
        numbers = [name for name in os.listdir(place / part) if name.endswith(_SUFFIX)]
        if numbers:
            return int(max(numbers).removesuffix(_SUFFIX))
    return 0


def bring_up_to_date() -> int:
    """Copy the entries that are not in the copy yet; how many. Raises LedgerForked and OSError."""
    if folder() is None:
        return 0
    last = head()
    if last:
        _require_same(last)
    copied = 0
    for entry in ErasureEntry.objects.filter(sequence__gt=last).order_by("sequence").iterator(chunk_size=200):
        _write(entry)
        copied += 1
    return copied


def _require_same(sequence: int) -> None:
    ours = ErasureEntry.objects.filter(sequence=sequence).values_list("digest", flat=True).first()
    if ours is None or bytes(ours) != bytes(_read(path_of(sequence)).digest):
        raise LedgerForked(f"entry {sequence} of the ledger's copy is not the database's: was the database restored?")


def _write(entry: ErasureEntry) -> None:
    told = {
        "actor": entry.actor,
        "at": entry.at.isoformat(),
        "digest": bytes(entry.digest).hex(),
        "envelopes": [str(envelope) for envelope in entry.envelopes],
        "previous": bytes(entry.previous).hex(),
        "property": entry.property,
        "reason": entry.reason,
        "role": entry.role,
        "sequence": entry.sequence,
    }
    target = path_of(entry.sequence)
    if not target.exists():
        files.write(target, [json.dumps(told).encode()], set="C", name=target.stem, facts={})


def _read(path: Path) -> ErasureEntry:
    told = json.loads(b"".join(files.read(path, set="C")))
    return ErasureEntry(
        sequence=told["sequence"],
        at=datetime.fromisoformat(told["at"]),
        envelopes=[UUID(envelope) for envelope in told["envelopes"]],
        reason=told["reason"],
        actor=told["actor"],
        role=told["role"],
        property=told["property"],
        previous=bytes.fromhex(told["previous"]),
        digest=bytes.fromhex(told["digest"]),
    )


def entries(*, after: int = 0) -> Iterator[ErasureEntry]:
    """The copy's entries in order, from behind ``after``. Raises SealBroken, and LedgerForked where one is missing."""
    return some(after + 1, head())


def some(first: int, last: int) -> Iterator[ErasureEntry]:
    """The copy's entries from one to another. Raises as ``entries`` does."""
    for sequence in range(first, last + 1):
        try:
            yield _read(path_of(sequence))
        except FileNotFoundError:
            raise LedgerForked(f"entry {sequence} is missing in the ledger's copy") from None


def verify() -> tuple[int, bytes]:
    """Follow the copy's chain from its beginning; its head. Raises LedgerForked where it is broken."""
    sequence, previous = 0, ledger.GENESIS
    for entry in entries():
        if bytes(entry.previous) != previous or ledger.digest(entry) != bytes(entry.digest):
            raise LedgerForked(f"the chain of the ledger's copy is broken at entry {entry.sequence}")
        sequence, previous = entry.sequence, bytes(entry.digest)
    return sequence, previous
