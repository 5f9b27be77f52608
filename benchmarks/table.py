"""Figures as plain text for the terminal."""

from typing import Any


def shown(figures: dict[str, Any]) -> str:
    """One line for each figure."""
    rows = figures.get("rows", [])
    return "\n".join(_line(row) for row in rows)


def _line(row: dict[str, Any]) -> str:
    verdict = {True: "met", False: "MISSED", None: ""}[row.get("met")]
    return f"  {row['what']:<44} {row['value']:>22}  budget {row.get('budget', '-'):<22} {verdict}"
