"""P6: sealing a backlog, verifying it from the database and from an export, and asking who opened a stay.

Bare SHA-256 is the same hashing over the same bytes, laid ready in memory: every entry once, every node once.
"""

import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from runpy import run_path
from typing import Any

from django.db import connection

from audit import stored, storing
from audit.exporting import export
from audit.sealing import Sealed, Sealer
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
        sealer = Watched(connection, Path(folder), "bench.example/audit")
        sealed = _seconds(sealer.seal)
        count = storing.state(connection).size  # type: ignore[union-attr]
        bare = _bare(count)
        database = [_in_turns(_verified(), bare) for _round in range(ROUNDS)]
        exported = _export(Path(folder) / "export", bare)
    return {
        "rows": [
            _row(
                "sealing a backlog",
                f"{count / sealed:,.0f} rows/s",
                f">= {LEAST_SEALED:,}/s",
                count / sealed >= LEAST_SEALED,
            ),
            {"what": "memory sealing takes more than its first step", "value": f"{sealer.grown:.0f} MB"},
            _ratio("verified from the database", count, database, LEAST_DATABASE),
            _ratio("verified from an export", count, exported, LEAST_EXPORT),
            asked(SIZES[size], "of all rows"),
        ]
    }


class Watched(Sealer):
    """A sealer that notes the most memory its process had after each step."""

    def __init__(self, *place: Any) -> None:
        super().__init__(*place)
        self._peaks: list[int] = []

    def add(self, *leaves: Any) -> Sealed:
        """What every sealer does."""
        sealed = super().add(*leaves)
        self._peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        return sealed

    @property
    def grown(self) -> float:
        """MB that the later steps took more than the first."""
        return (self._peaks[-1] - self._peaks[0]) / 1024


def _row(what: str, value: str, budget: str, met: bool) -> dict[str, Any]:
    return {"what": what, "value": value, "budget": budget, "met": met}


def _ratio(what: str, count: int, rounds: list[tuple[float, float]], least: float) -> dict[str, Any]:
    """Of the best round: seconds for all rows, and those of bare SHA-256 in turns with it."""
    seconds, bare = min(rounds, key=lambda times: times[0] / times[1])
    ratio = bare / seconds
    value = f"{count / seconds:,.0f} rows/s, bare {count / bare:,.0f}, × {ratio:.3f}"
    return _row(what, value, f">= × {least:g}", ratio >= least) | {"ratio": round(ratio, 3)}


def _in_turns(steps: Iterator[Any], bare: Callable[[], float]) -> tuple[float, float]:
    """Seconds of all steps, and of bare hashing as measured after each of them: a busy minute slows both."""
    own, other, done = 0.0, [bare()], False
    while not done:
        start = time.perf_counter()
        done = next(steps, None) is None
        own += time.perf_counter() - start
        other.append(bare())
    return own, sum(other) / len(other)


def _seconds(deed: Any) -> float:
    start = time.perf_counter()
    deed()
    return time.perf_counter() - start


def _whole(complaints: Any) -> None:
    if complaints:
        raise AssertionError(f"the log of the benchmark is broken: {complaints}")


def _bare(count: int) -> Callable[[], float]:
    """Hash every entry of a slice and as many nodes; the seconds, scaled to all."""
    part = min(count, 20_000)
    entries = [b"\x00" + leaf.entry for _number, leaf in stored.sealed_rows(connection, 0, part)]
    nodes = [b"\x01" + sha256(entry).digest() * 2 for entry in entries]

    def hash_all() -> None:
        for message in entries:
            sha256(message).digest()
        for message in nodes:
            sha256(message).digest()

    return lambda: _seconds(hash_all) * count / part


def _verified() -> Iterator[bool]:
    for findings in verify(connection):
        _whole(findings.complaints)
        yield True


def _export(folder: Path, bare: Callable[[], float]) -> list[tuple[float, float]]:
    for _step in export(connection, folder):
        pass
    made = run_path(str(VERIFIER))["Export"]

    def verified() -> Iterator[bool]:
        _whole(made(folder, (), None).verify())
        yield True

    return [_in_turns(verified(), bare) for _round in range(ROUNDS)]
