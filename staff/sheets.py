"""Tables that people open in a spreadsheet: CSV in UTF-8, nothing in it taken for a formula."""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Final

# What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection), also behind blanks.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BLANKS: Final = " \u3000\ufeff\u200b"
BYTE_ORDER_MARK: Final = "\ufeff".encode()  # tells spreadsheets that this is UTF-8


def csv_lines(rows: Iterable[Iterable[str]]) -> bytes:
    """The rows as CSV. Cells that a spreadsheet would take for a formula are quoted with an apostrophe."""
    text = StringIO()
    csv.writer(text).writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def as_it_was(cell: str) -> str:
    """A cell without the apostrophe that ``csv_lines`` puts before what looks like a formula."""
    return cell[1:] if cell.startswith("'") and _is_formula(cell[1:]) else cell


def _harmless(cell: str) -> str:
    return f"'{cell}" if _is_formula(cell) else cell


def _is_formula(cell: str) -> bool:
    return cell.startswith(FORMULA) or cell.lstrip(_BLANKS).startswith(FORMULA)
