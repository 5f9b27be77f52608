"""Tables that people open in a spreadsheet: CSV in UTF-8, nothing in it taken for a formula."""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Final

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
BYTE_ORDER_MARK: Final = "\ufeff".encode()  # tells spreadsheets that this is UTF-8


def csv_lines(rows: Iterable[Iterable[str]]) -> bytes:
    """The rows as CSV. Cells that a spreadsheet would take for a formula are quoted with an apostrophe."""
    text = StringIO()
    csv.writer(text).writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def as_it_was(cell: str) -> str:
    """A cell without the apostrophe that ``csv_lines`` puts before what looks like a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
