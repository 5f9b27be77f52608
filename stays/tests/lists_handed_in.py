"""Files as other systems write them, for the tests of imports."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook

from staff.models import Person, Property
from stays.models import ImportFile
from stays.services import importing
from stays.tests.factories import AT, TODAY

HEAD = ("姓名", "手机号", "入住日期", "离店日期", "房号", "人数", "渠道")


def booking(name: str = "欧阳海棠", room: str = "", *, day: int = 0, **changed: str) -> list[str]:
    """A row of a list of bookings, of one night; ``changed``: cells by heading."""
    arrival = TODAY + timedelta(days=day)
    cells = (name, "13900001234", arrival.isoformat(), (arrival + timedelta(days=1)).isoformat(), room, "1", "OTA")
    return [changed.get(heading, cell) for heading, cell in zip(HEAD, cells, strict=True)]


def as_csv(*rows: Any, head: Any = HEAD, encoding: str = "utf-8") -> bytes:
    """A CSV file."""
    text = StringIO()
    csv.writer(text).writerows([head, *rows])
    return text.getvalue().encode(encoding)


def as_xlsx(*rows: Any, head: Any = HEAD) -> bytes:
    """An XLSX file."""
    book, file = Workbook(), BytesIO()
    for row in (head, *rows):
        book.active.append(list(row))
    book.save(file)
    return file.getvalue()


def handed_in(actor: Person, house: Property, content: bytes, kind: str = "bookings") -> ImportFile:
    """A file that was taken in, read and checked."""
    file = importing.take_in_file(actor=actor, property=house, kind=kind, content=content, at=AT)
    return gone_on(file)


def gone_on(file: ImportFile) -> ImportFile:
    """The import once a worker has done all there was."""
    file.refresh_from_db()
    assert importing.go_on(file=file, at=AT)
    file.refresh_from_db()
    return file


def brought_in(actor: Person, house: Property, content: bytes, kind: str = "bookings") -> ImportFile:
    """An import that was started and is done."""
    file = handed_in(actor, house, content, kind)
    return gone_on(importing.start_import(file=file, actor=actor, at=AT))
