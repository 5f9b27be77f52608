"""P7, the keys: every envelope key wrapped anew, the index built anew under a new key, a backup, a restore for trial.

All of it is done as the commands do it, on a copy of the data set. What a million takes is extrapolated from what there
is, in proportion: all of it is work over all rows, but for the names that are counted before an index is built.
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
from vault.services import indexing

MILLION: Final = 1_000_000
KEYS_WITHIN, INDEX_WITHIN = 60, 300  # seconds for a million
PLACES: Final = ("BACKUP_DIR", "BACKUP_KEYS_DIR", "LEDGER_DIR", "KEYRING_DIR")


def measure(size: str) -> dict[str, Any]:
    """The KEK, the index key, a backup and the drill, one after the other; each is shown as soon as it is done."""
    guests = Subject.objects.filter(kind=Subject.Kind.GUEST).count()
    with tempfile.TemporaryDirectory() as folder:
        _settle(Path(folder))
        return {
            "rows": [
                _shown(_rate("envelope keys wrapped anew", _rotate_kek, KEYS_WITHIN)),
                _shown(_indexed()),
                _shown(_backed_up(guests)),
                _shown(_drilled(guests)),
            ]
        }


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    print(f"\r{row['what']}: {row['value']}", flush=True)
    return row


def _rate(what: str, deed: Callable[[], int], within: int) -> dict[str, Any]:
    began = time.perf_counter()
    count = deed()
    seconds = time.perf_counter() - began
    value = f"{count:,}: {count / seconds:,.0f} a second{_of_a_million(seconds, count)}"
    return _within(what, value, within, seconds, seconds / count * MILLION)


def _within(what: str, value: str, within: int, seconds: float, a_million: float) -> dict[str, Any]:
    """Seconds measured, and what a million takes."""
    met = {"budget": f"a million within {within} s", "met": a_million <= within}
    return {"what": what, "value": value, **_grows(f"{what}, all", seconds), **met}


def _indexed() -> dict[str, Any]:
    """The names are counted first, of at most so many guests however large the house; that is measured apart."""
    began = time.perf_counter()
    indexing.count_names()
    middle = time.perf_counter()
    count = rotation.rotate_index(show=_bar, is_alone=True)
    counting, seconds = middle - began, time.perf_counter() - middle
    counted = min(count, indexing.MOST_COUNTED)
    a_million = (seconds - counting) / count * MILLION + counting / counted * indexing.MOST_COUNTED
    extrapolated = f"; extrapolated, a million in {a_million:,.0f} s" if count < MILLION else ""
    value = f"{count:,} in {seconds:,.0f} s, of which {counting:,.1f} to count the names of {counted:,}{extrapolated}"
    return _within("guests indexed anew", value, INDEX_WITHIN, seconds, a_million)


def _of_a_million(seconds: float, count: int, what: str = "") -> str:
    """What a million would take; nothing where as many were measured."""
    return f"; extrapolated, a million{what} in {seconds / count * MILLION:,.0f} s" if count < MILLION else ""


def _rotate_kek() -> int:
    new, old = rotation.begin_kek()
    count = rotation.rewrap(new, _bar)
    rotation.destroy_keks(new, old, reseal=second_factor.reseal_all, count=count)
    return count


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
