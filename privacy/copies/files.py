"""The copy and the transfer as files a machine reads."""

import csv
import json
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Any, Final

# What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection).
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
COLUMNS: Final = ("part", "stay", "field", "value")


def as_json(data: Mapping[str, Any]) -> bytes:
    """UTF-8, indented, so that a person can read it too."""
    return json.dumps(data, ensure_ascii=False, indent=2).encode() + b"\n"


def as_csv(data: Mapping[str, Any]) -> bytes:
    """One row for each value of a transfer: part, stay, field, value, in UTF-8 with its mark for spreadsheets.

    Cells that a spreadsheet would take for a formula have an apostrophe in front.
    """
    text = StringIO()
    csv.writer(text).writerows([_harmless(cell) for cell in row] for row in (COLUMNS, *_rows(data)))
    return ("\ufeff" + text.getvalue()).encode()


def _rows(data: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    for part, content in data["guest"].items():
        yield from ((part, "", name, value) for name, value in content.items())
    for stay in data["stays"]:
        reference = stay["reference"]
        yield from (("stay", reference, name, value) for name, value in stay.items() if isinstance(value, str))
        for part in ("payment", "notes"):
            for content in stay[part]:
                yield from ((part, reference, name, value) for name, value in content.items())


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.lstrip(" \u3000\ufeff\u200b").startswith(FORMULA) or cell.startswith(FORMULA) else cell
