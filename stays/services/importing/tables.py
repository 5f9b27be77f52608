"""A table out of a file: CSV in UTF-8 or GB 18030, or the first sheet of an XLSX file. What it is, its content says."""

import csv
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from importlib import import_module
from io import BytesIO, StringIO
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from staff.sheets import as_it_was
from stays.models import ImportFile

MOST_BYTES: Final = 20 << 20
MOST_UNPACKED_BYTES: Final = 400 << 20
MOST_COLUMNS: Final = 50
MOST_ROWS: Final = 200_000
# One more than the longest field takes, so that what is too long is told and not cut.
MOST_LETTERS: Final = 201

Row = list[str]
Numbered = tuple[int, Row]
_ZIP: Final = b"PK\x03\x04"
_ENCODINGS: Final = ("utf-8-sig", "gb18030")
_SEPARATORS: Final = ",;\t"
_DAMAGED: Final = (zipfile.BadZipFile, ParseError, KeyError, ValueError, OSError, csv.Error)


class Unreadable(Exception):
    """The file holds no table that can be brought in; ``failure`` is a code of ``ImportFile.Failure``."""

    def __init__(self, failure: str) -> None:
        super().__init__(failure)
        self.failure = failure


def read_table(content: bytes) -> tuple[Row, Iterator[Numbered]]:
    """The headings, and each filled row beneath with its number, the first row of the file being 1.

    Raises ``Unreadable``, also while the rows are gone through.
    """
    rows = _filled(_rows_of(content))
    _number, headings = next(rows, (0, []))
    if len(headings) > MOST_COLUMNS:
        raise Unreadable(ImportFile.Failure.TOO_WIDE)
    return headings, rows


def _rows_of(content: bytes) -> Iterator[list[Any]]:
    try:
        yield from _sheet(content) if content.startswith(_ZIP) else _lines(content)
    except _DAMAGED as damage:
        raise Unreadable(ImportFile.Failure.NOT_A_TABLE) from damage


def _filled(rows: Iterator[list[Any]]) -> Iterator[Numbered]:
    """The rows that hold something, as texts without the empty cells at their ends."""
    count = 0
    for number, cells in enumerate(rows, start=1):
        row = [_text(cell) for cell in cells]
        while row and not row[-1]:
            row.pop()
        if row:
            count += 1
            if count > MOST_ROWS + 1:
                raise Unreadable(ImportFile.Failure.TOO_LONG)
            yield number, row


def _sheet(content: bytes) -> Iterator[list[Any]]:
    with zipfile.ZipFile(BytesIO(content)) as packed:
        if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED_BYTES:
            raise Unreadable(ImportFile.Failure.TOO_LONG)
    # Looked up for the first workbook: it takes a sixth of a second to load, and few processes read one.
    book = import_module("openpyxl").load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        for cells in book.worksheets[0].iter_rows(values_only=True):
            yield list(cells)
    finally:
        book.close()


def _lines(content: bytes) -> Iterator[list[Any]]:
    text = _decoded(content)
    first = text.lstrip("\n").partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    yield from csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)


def _decoded(content: bytes) -> str:
    if b"\x00" in content:
        raise Unreadable(ImportFile.Failure.NOT_A_TABLE)
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(ImportFile.Failure.NOT_A_TABLE)


def _text(cell: Any) -> str:
    """As a person would type it: days without a time, whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return cell.isoformat() if isinstance(cell, date) else as_it_was(str(cell).strip())[:MOST_LETTERS]
