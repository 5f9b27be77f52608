"""Tables as files: CSV that no spreadsheet takes for a program."""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Final

# What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection).
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_csv(rows: Iterable[Iterable[str]]) -> bytes:
    """The rows in UTF-8 with its mark for spreadsheets; what looks like a formula has an apostrophe in front."""
    text = StringIO()
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows)
    return ("\ufeff" + text.getvalue()).encode()


def harmless(cell: str) -> str:
    """The cell as no spreadsheet reckons it."""
    return f"'{cell}" if cell.lstrip(" \u3000\ufeff\u200b").startswith(FORMULA) or cell.startswith(FORMULA) else cell
