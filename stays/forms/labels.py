"""What a sealed field is called on a page, and how its plain value is said."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stays import documents
from stays.forms import countries
from stays.forms.arrival import METHODS
from stays.forms.occupants import SEXES

LABELS: Final[dict[str, Promise]] = {
    "name": _("Name"),
    "latin_name": _("Latin name"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "address": _("Address"),
    "document_type": _("Document"),
    "document_number": _("Document number"),
    "nationality": _("Nationality"),
    "birth_date": _("Date of birth"),
    "sex": _("Sex"),
    "expires_on": _("Valid until"),
    "region": _("Region"),
    "method": _("Way of payment"),
    "payer": _("Paid by"),
    "card_last4": _("Last 4 of the card"),
    "deposit": _("Deposit"),
    "currency": _("Currency"),
    "invoice_title": _("Invoice title"),
    "tax_number": _("Tax number"),
    "text": _("Note"),
    "request": _("Special request"),
    "feedback": _("Feedback"),
    "reason": _("Reason for an exception"),
}
_WORDS_OF: Final[dict[str, Mapping[str, Any]]] = {
    "document_type": dict(documents.DocumentType.choices),
    "sex": dict(SEXES),
    "method": dict(METHODS),
    "region": documents.REGIONS,
}


def label(field: str) -> str:
    """The field's name on a page."""
    return str(LABELS.get(field, field))


def said(field: str, plain: str) -> str:
    """A plain value in the words of the page: codes as words, dates as dates."""
    if field == "nationality":
        return countries.name(plain)
    if field in ("birth_date", "expires_on"):
        return _day(plain)
    return str(_WORDS_OF.get(field, {}).get(plain, plain))


def _day(plain: str) -> str:
    try:
        return date_format(date.fromisoformat(plain), "DATE_FORMAT")
    except ValueError:
        return plain
