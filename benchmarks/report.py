"""Writes the tables of docs/performance.md, and its plot, from the figures kept by earlier runs."""

import re
from typing import Any

from benchmarks import plot, results
from benchmarks.engines import SIZES
from hotelrecords.embedded.places import CHECKOUT

PAGE = CHECKOUT / "docs" / "performance.md"
PLOT = CHECKOUT / "docs" / "growth.svg"
HEAD = "| what | guests | figure | budget | met |\n|---|---|---|---|---|"
WORDS = {True: "yes", False: "**no**", None: "–"}


def write_report() -> int:
    """Fill each pair of markers ``<!-- P1 -->`` … ``<!-- /P1 -->``; the answer is the exit code."""
    kept = {size: results.read(size) for size in SIZES}
    known = {size: figures for size, figures in kept.items() if figures}
    if not known:
        print("There are no figures yet: run script/bench first.")
        return 1
    text = PAGE.read_text()
    for name in ("P1", "P2", "P3", "P3-office", "P4", "P5", "P6", "P6-asked", "P7", "P7-keys", "P8", "P10"):
        text = _between(text, name, _table(name, known))
    text = _between(text, "machine", _machine(known))
    text = _between(text, "P9", _growth(known))
    PAGE.write_text(text)
    print(f"Wrote {PAGE.relative_to(CHECKOUT)} and {PLOT.relative_to(CHECKOUT)}.")
    return 0


def _between(text: str, name: str, table: str) -> str:
    pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    return pattern.sub(lambda found: found[1] + table + "\n" + found[2], text)


def _table(name: str, known: dict[str, dict[str, Any]]) -> str:
    lines = [HEAD]
    by_size = {size: figures["measures"].get(name, {}).get("rows", []) for size, figures in known.items()}
    for what in dict.fromkeys(row["what"] for rows in by_size.values() for row in rows):
        for size, rows in by_size.items():
            lines += [_row(row, size) for row in rows if row["what"] == what]
    return "\n".join(lines)


def _row(row: dict[str, Any], size: str) -> str:
    budget, met = row.get("budget", ""), WORDS[row.get("met")]
    return f"| {row['what']} | {SIZES[size]:,} | {row['value']} | {budget} | {met} |"


def _machine(known: dict[str, dict[str, Any]]) -> str:
    machine = list(known.values())[-1]["machine"]
    days = sorted({measure["at"][:10] for figures in known.values() for measure in figures["measures"].values()})
    return (
        f"{machine['cores']} {machine['processor']} cores, {machine['memory_gb']} GB of memory, {machine['system']},"
        f" Python {machine['python']}, PostgreSQL {machine['postgresql']} with fsync on, on the same machine;"
        f" measured {' to '.join(dict.fromkeys((days[0], days[-1])))}."
    )


def _growth(known: dict[str, dict[str, Any]]) -> str:
    sizes = [size for size in SIZES if size in known]
    lines = {what: line for what, line in _lines(known, sizes).items() if len(line) > 1}
    if len(sizes) > 1:
        PLOT.write_text(plot.growth("Milliseconds by number of guests", [SIZES[size] for size in sizes], lines))
    head = ["what (median ms)", *(f"{SIZES[size]:,}" for size in sizes), "growth"]
    table = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for what, line in lines.items():
        first, *_between, last = (line[place] for place in sorted(line))
        values = (f"{line[place]:.2f}" if place in line else "–" for place in range(len(sizes)))
        table.append("| " + " | ".join([what, *values, f"× {last / first:.1f}"]) + " |")
    return "\n".join(table)


def _lines(known: dict[str, dict[str, Any]], sizes: list[str]) -> dict[str, dict[int, float]]:
    """By what was measured its median at each size, counted from 0, at which it was."""
    lines: dict[str, dict[int, float]] = {}
    for place, size in enumerate(sizes):
        for name, measure in known[size]["measures"].items():
            for row in measure.get("rows", []):
                if "p50" in row:
                    lines.setdefault(f"{name} {row.get('line', row['what'])}", {})[place] = row["p50"]
    return lines
