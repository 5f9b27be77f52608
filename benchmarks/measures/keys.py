"""P7, the keys: every envelope key wrapped anew, the index built anew under a new key, a backup, a restore for trial.

All of it is done for good, as the commands do it: the data set has newer keys afterwards, in its own key folder.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection
from django.utils import timezone

from vault import rotation
from vault.backup import drilling, keyring, taking
from vault.models import Drill

KEYS_WITHIN, INDEX_WITHIN = 60, 300  # seconds for a million
PLACES: Final = ("BACKUP_DIR", "BACKUP_KEYS_DIR", "LEDGER_DIR", "KEYRING_DIR")


def measure(size: str) -> dict[str, Any]:
    """The KEK, the index key, a backup and the drill, one after the other."""
    rows = [
        _rate("envelope keys wrapped anew", _rotate_kek, KEYS_WITHIN),
        _rate("guests indexed anew", _rotate_index, INDEX_WITHIN),
    ]
    with tempfile.TemporaryDirectory() as folder:
        _settle(Path(folder))
        began = time.perf_counter()
        backup = taking.take(at=timezone.now(), show=_silent)
        taken = time.perf_counter() - began
        drill = drilling.drill(name=backup.name, at=timezone.now(), show=_silent)
    told = f"{(backup.data_bytes + backup.keys_bytes) / 2**20:,.0f} MB in {taken:.0f} s"
    return {"rows": [*rows, {"what": "backup, proved by restoring it", "value": told}, _drilled(drill)]}


def _rate(what: str, deed: Callable[[], int], within: int) -> dict[str, Any]:
    began = time.perf_counter()
    count = deed()
    rate = count / (time.perf_counter() - began)
    return {
        "what": f"{what}: {count:,}",
        "value": f"{rate:,.0f} a second, a million in {1_000_000 / rate:,.0f} s",
        "budget": f"a million within {within} s",
        "met": 1_000_000 / rate <= within,
    }


def _rotate_kek() -> int:
    new, old = rotation.begin_kek()
    count = rotation.rewrap(new, _silent)
    rotation.destroy_keks(new, old, reseal=lambda: 0, count=count)
    return count


def _rotate_index() -> int:
    return rotation.rotate_index(show=_silent, is_alone=True)


def _drilled(drill: Drill) -> dict[str, Any]:
    steps = ", ".join(f"{step['name']} {float(step['seconds']):.1f}" for step in drill.steps)
    return {"what": "restore drill", "value": f"{drill.seconds:,.0f} s: {steps}"}


def _settle(folder: Path) -> None:
    """Places for backups, and the address from which they are taken; the keyring."""
    for name in PLACES:
        place = folder / name.lower()
        place.mkdir(mode=0o700)
        setattr(settings, name, str(place))
    address = urlsplit(settings.DATABASE_BACKUP_URL)
    settings.DATABASE_BACKUP_URL = urlunsplit(address._replace(path=f"/{connection.settings_dict['NAME']}"))
    keyring.write(at=timezone.now())


def _silent(_words: str, _done: int, _all: int) -> None:
    """Whoever measures watches no bar."""
