"""What a document says, written into the fields of the person it belongs to."""

from datetime import date
from typing import Final

from django.http import QueryDict

from stays import documents
from stays.documents import Reading
from stays.forms.check_in import PARTY
from stays.mrz import NotMachineReadable, read_mrz
from stays.typed import Recognised

_SAID: Final = ("birth_date", "sex", "nationality", "expires_on", "latin_name", "name")


def fill_from_number(typed: QueryDict, person: str, today: date) -> QueryDict:
    """Fill the empty fields of a person from the number typed. Returns a copy."""
    filled = typed.copy()
    kind = typed.get(f"{person}-document_type", "")
    reading = documents.read_document(kind, typed.get(f"{person}-document_number", "")[:24], today)
    if kind == documents.DocumentType.PASSPORT and typed.get(f"{person}-nationality") == "CHN":
        filled[f"{person}-nationality"] = ""
    _fill(filled, person, reading, keep=True)
    return filled


def fill_from_lines(typed: QueryDict, person: str, today: date) -> QueryDict:
    """Fill a person from the pasted lines of a passport, over what stood there. Raises NotMachineReadable."""
    filled = typed.copy()
    reading = read_mrz(typed.get(f"{person}-mrz", "")[:200], today)
    filled[f"{person}-document_type"] = reading.document_type
    filled[f"{person}-document_number"] = reading.document_number
    filled[f"{person}-mrz"] = ""
    _fill(filled, person, reading, keep=False)
    return filled


def read_documents(typed: QueryDict, people: int, today: date) -> QueryDict:
    """Read every person's document, lines first. Returns a copy; lines that cannot be read are left standing."""
    for number in range(people):
        person = f"{PARTY}-{number}"
        try:
            typed = fill_from_lines(typed, person, today)
        except NotMachineReadable:
            typed = fill_from_number(typed, person, today)
    return typed


def fill_from_file(typed: QueryDict, person: str, known: Recognised) -> QueryDict:
    """Fill the name of a guest who has been here before; the contact stays where it is, masked."""
    filled = typed.copy()
    filled[f"{person}-known"] = "1"
    for name in ("name", "latin_name"):
        filled[f"{person}-{name}"] = typed.get(f"{person}-{name}") or getattr(known, name).plain
    return filled


def _fill(filled: QueryDict, person: str, reading: Reading, *, keep: bool) -> None:
    for name in _SAID:
        said = getattr(reading, name)
        if said and not (keep and filled.get(f"{person}-{name}")):
            filled[f"{person}-{name}"] = said.isoformat() if isinstance(said, date) else said
