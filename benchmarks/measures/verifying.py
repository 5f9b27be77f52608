"""P6: sealing a backlog, verifying it from the database and from an export, and asking who opened a stay.

Bare SHA-256 is the same hashing over the same bytes, laid ready in memory: every entry once, every node once.
"""

import tempfile
import time
from hashlib import sha256
from pathlib import Path
from runpy import run_path
from typing import Any

from django.db import connection

from audit import stored, storing
from audit.exporting import export
from audit.sealing import Sealer
from audit.verifying import verify
from benchmarks.engines import SIZES
from benchmarks.measures.asking import asked
from hotelrecords.embedded.places import CHECKOUT

LEAST_EXPORT, LEAST_DATABASE, LEAST_SEALED = 0.6, 0.08, 15_000
ROUNDS = 3
VERIFIER = CHECKOUT / "docs" / "verify_log.py"


def measure(size: str) -> dict[str, Any]:
    """All of it, once sealed."""
    with tempfile.TemporaryDirectory() as folder:
        sealed = _seconds(Sealer(connection, Path(folder), "bench.example/audit").seal)
        count = storing.state(connection).size  # type: ignore[union-attr]
        bare = _bare(count)
        database = min(_seconds(lambda: _whole(list(verify(connection))[-1].complaints)) for _round in range(ROUNDS))
        exported = _export(Path(folder) / "export")
    return {
        "rows": [
            _row(
                "sealing a backlog",
                f"{count / sealed:,.0f} rows/s",
                f">= {LEAST_SEALED:,}/s",
                count / sealed >= LEAST_SEALED,
            ),
            _ratio("verified from the database", count, database, bare, LEAST_DATABASE),
            _ratio("verified from an export", count, exported, bare, LEAST_EXPORT),
            asked(SIZES[size], "of all rows"),
        ]
    }


def _row(what: str, value: str, budget: str, met: bool) -> dict[str, Any]:
    return {"what": what, "value": value, "budget": budget, "met": met}


def _ratio(what: str, count: int, seconds: float, bare: float, least: float) -> dict[str, Any]:
    ratio = bare / seconds
    value = f"{count / seconds:,.0f} rows/s, bare {count / bare:,.0f}, × {ratio:.2f}"
    return _row(what, value, f">= × {least:g}", ratio >= least) | {"ratio": round(ratio, 2)}


def _seconds(deed: Any) -> float:
    start = time.perf_counter()
    deed()
    return time.perf_counter() - start


def _whole(complaints: Any) -> None:
    if complaints:
        raise AssertionError(f"the log of the benchmark is broken: {complaints}")


def _bare(count: int) -> float:
    """The best of some rounds: hash every entry of a slice and as many nodes, scaled to all."""
    part = min(count, 20_000)
    entries = [b"\x00" + leaf.entry for _number, leaf in stored.sealed_rows(connection, 0, part)]
    nodes = [b"\x01" + sha256(entry).digest() * 2 for entry in entries]

    def hash_all() -> None:
        for message in entries:
            sha256(message).digest()
        for message in nodes:
            sha256(message).digest()

    return min(_seconds(hash_all) for _round in range(ROUNDS)) * count / part


def _export(folder: Path) -> float:
    for _step in export(connection, folder):
        pass
    made = run_path(str(VERIFIER))["Export"]
    return min(_seconds(lambda: _whole(made(folder, (), None).verify())) for _round in range(ROUNDS))
