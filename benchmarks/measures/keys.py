"""P7, the keys: every envelope key wrapped anew, the index built anew under a new key, a backup, a restore for trial.

All of it is done as the commands do it, on a copy of the data set. What a million takes is extrapolated from what there
is, in proportion: all of it is work over all rows.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection
from django.utils import timezone

from staff import second_factor
from vault import rotation
from vault.backup import drilling, keyring, taking
from vault.models import Drill, Subject

MILLION: Final = 1_000_000
KEYS_WITHIN, INDEX_WITHIN = 60, 300  # seconds for a million
PLACES: Final = ("BACKUP_DIR", "BACKUP_KEYS_DIR", "LEDGER_DIR", "KEYRING_DIR")


def measure(size: str) -> dict[str, Any]:
    """The KEK, the index key, a backup and the drill, one after the other; each is shown as soon as it is done."""
    guests = Subject.objects.filter(kind=Subject.Kind.GUEST).count()
    others = Subject.objects.exclude(kind__in=(Subject.Kind.GUEST, Subject.Kind.DRAFT)).count()
    with tempfile.TemporaryDirectory() as folder:
        _settle(Path(folder))
        return {
            "rows": [
                _shown(_rate("envelope keys wrapped anew", _rotate_kek, KEYS_WITHIN)),
                _shown(_rate("guests indexed anew", lambda: _rotate_index(guests), INDEX_WITHIN, others)),
                _shown(_backed_up(guests)),
                _shown(_drilled(guests)),
            ]
        }


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    print(f"\r{row['what']}: {row['value']}", flush=True)
    return row


def _rate(what: str, deed: Callable[[], int], within: int, others: int = 0) -> dict[str, Any]:
    """``others``: whom the deed looked at besides, such as those who asked for something."""
    began = time.perf_counter()
    count = deed()
    seconds = time.perf_counter() - began
    besides = f" (and {others:,} others looked at)" if others else ""
    return {
        "what": what,
        "value": f"{count:,}{besides}: {count / seconds:,.0f} a second{_of_a_million(seconds, count)}",
        "line": f"{what}, all",
        "p50": round(seconds * 1000, 3),
        "budget": f"a million within {within} s",
        "met": seconds / count * MILLION <= within,
    }


def _of_a_million(seconds: float, count: int, what: str = "") -> str:
    """What a million would take; nothing where as many were measured."""
    return f"; extrapolated, a million{what} in {seconds / count * MILLION:,.0f} s" if count < MILLION else ""


def _rotate_kek() -> int:
    new, old = rotation.begin_kek()
    count = rotation.rewrap(new, _bar)
    rotation.destroy_keks(new, old, reseal=second_factor.reseal_all, count=count)
    return count


def _rotate_index(guests: int) -> int:
    """Whoever only asked for something is looked at and has no tokens: not counted."""
    rotation.rotate_index(show=_bar, is_alone=True)
    return guests


def _backed_up(guests: int) -> dict[str, Any]:
    keyring.write(at=timezone.now())
    began = time.perf_counter()
    backup = taking.take(at=timezone.now(), show=_bar)
    seconds = time.perf_counter() - began
    size = (backup.data_bytes + backup.keys_bytes) / 2**20
    value = f"{size:,.0f} MB in {seconds:.0f} s{_of_a_million(seconds, guests, ' guests')}"
    return {"what": "backup, proved by restoring it", "value": value, **_grows("backup", seconds)}


def _drilled(guests: int) -> dict[str, Any]:
    drill: Drill = drilling.drill(name="", at=timezone.now(), show=_bar)
    steps = ", ".join(f"{step['name']} {float(step['seconds']):.1f}" for step in drill.steps)
    value = f"{drill.seconds:,.0f} s ({steps}){_of_a_million(drill.seconds, guests, ' guests')}"
    return {"what": "restore drill", "value": value, **_grows("restore drill", drill.seconds)}


def _grows(what: str, seconds: float) -> dict[str, Any]:
    return {"line": what, "p50": round(seconds * 1000, 3)}


def _settle(folder: Path) -> None:
    """Places for backups, and the address from which they are taken."""
    for name in PLACES:
        place = folder / name.lower()
        place.mkdir(mode=0o700)
        setattr(settings, name, str(place))
    address = urlsplit(settings.DATABASE_BACKUP_URL)
    settings.DATABASE_BACKUP_URL = urlunsplit(address._replace(path=f"/{connection.settings_dict['NAME']}"))


def _bar(words: str, done: int, _total: int) -> None:
    """How far a step is, in one line that is written over."""
    sys.stdout.write(f"\r{words} {done:>15,} ")
    sys.stdout.flush()
