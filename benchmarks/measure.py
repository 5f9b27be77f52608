"""``python -m benchmarks.measure SIZE P1 P2 …``: measure one data set as the web role."""

import sys
from importlib import import_module

import django

django.setup()

from django.db import connection  # noqa: E402

from benchmarks import results  # noqa: E402
from benchmarks.table import shown  # noqa: E402

MODULES = {
    "P1": "lookups",
    "P2": "pages",
    "P3": "lists",
    "P3-office": "office",
    "P4": "arrivals",
    "P5": "appending",
    "P6": "verifying",
    "P6-asked": "asking",
    "P7": "purging",
    "P7-keys": "keys",
    "P8": "twins",
    "P10": "weight",
}


def main(size: str, only: list[str]) -> None:
    """Measure in order, write each figure down as soon as it is known, and show it."""
    connection.ensure_connection()
    machine = results.machine(f"{connection.pg_version // 10000}.{connection.pg_version % 10000}")
    for name in only:
        figures = import_module(f"benchmarks.measures.{MODULES[name]}").measure(size)
        results.keep(size, name, figures, machine)
        print(f"\n{name} at {size}\n{shown(figures)}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
