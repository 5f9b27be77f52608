"""The copy and the transfer as files a machine reads."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from staff.sheets import BYTE_ORDER_MARK, csv_lines

COLUMNS: Final = ("part", "stay", "field", "value")


def as_json(data: Mapping[str, Any]) -> bytes:
    """UTF-8, indented, so that a person can read it too."""
    return json.dumps(data, ensure_ascii=False, indent=2).encode() + b"\n"


def as_csv(data: Mapping[str, Any]) -> bytes:
    """One row for each value of a transfer: part, stay, field, value."""
    return BYTE_ORDER_MARK + csv_lines((COLUMNS, *_rows(data)))


def _rows(data: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    for part, content in data["guest"].items():
        yield from ((part, "", name, value) for name, value in content.items())
    for stay in data["stays"]:
        reference = stay["reference"]
        yield from (("stay", reference, name, value) for name, value in stay.items() if isinstance(value, str))
        for part in ("payment", "notes"):
            for content in stay[part]:
                yield from ((part, reference, name, value) for name, value in content.items())
