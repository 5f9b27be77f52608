"""Figures kept between runs: one JSON file for each data set."""

import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hotelrecords.embedded.places import CHECKOUT

FOLDER = Path(os.environ.get("BENCH_RESULTS", CHECKOUT / ".local" / "bench" / "results"))


def read(size: str) -> dict[str, Any]:
    """What is known of a data set; empty when nothing."""
    try:
        kept: dict[str, Any] = json.loads((FOLDER / f"{size}.json").read_text())
    except FileNotFoundError:
        return {}
    return kept


def keep(size: str, measure: str, figures: dict[str, Any], machine: dict[str, Any]) -> None:
    """Write one measure's figures down, beside those of other measures."""
    kept = read(size)
    kept.setdefault("measures", {})[measure] = {"at": datetime.now(UTC).isoformat(timespec="seconds"), **figures}
    kept["machine"] = machine
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{size}.json").write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")


def machine(postgres: str) -> dict[str, Any]:
    """The machine in neutral words."""
    pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(pages / 2**30),
        "system": platform.system(),
        "processor": platform.machine(),
        "python": platform.python_version(),
        "postgresql": postgres,
    }
