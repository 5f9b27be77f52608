"""The night-audit sheet: what is printed every night and kept in the safe, as an anchor on paper."""

from dataclasses import dataclass
from datetime import datetime

from audit.models import Checkpoint
from audit.notes import encoded


@dataclass(frozen=True, slots=True)
class NightSheet:
    """The newest checkpoint as it is printed; ``note`` is what its QR code holds, for ``verify_log.py --anchors``."""

    origin: str
    size: int
    root: str
    at: datetime
    note: str


def newest_sheet() -> NightSheet | None:
    """The sheet for now; None before the first seal."""
    checkpoint = Checkpoint.objects.select_related("origin").order_by("-id").first()
    if checkpoint is None:
        return None
    root = encoded(bytes(checkpoint.root))
    return NightSheet(checkpoint.origin.name, checkpoint.size, root, checkpoint.at, checkpoint.note)
