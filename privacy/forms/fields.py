"""Fields that several forms of requests share."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from privacy.models import Request
from stays.forms.fields import Line, Name, Phone, Words
from stays.free_text import refuse_numbers

LONGEST_WORDS: Final = 2000
# An appeal is made against a request: from its own page, or with its number and code on the public one.
KINDS: Final = [choice for choice in Request.Kind.choices if choice[0] != Request.Kind.APPEAL]


class Number(Line):
    """The number of a request, such as R-2026-000042, typed in small letters or large."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Number of the request"))
        super().__init__(max_length=16, **options)

    def to_python(self, value: Any) -> str:
        """The number in capitals."""
        return super().to_python(value).upper()

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """As it stands on the receipt."""
        return {**super().widget_attrs(widget), "placeholder": "R-2026-000042", "autocapitalize": "characters"}


def requester_name(label: Any = "") -> Name:
    """Who asks."""
    return Name(label=label or _("Name of who asks"), max_length=80)


def phone() -> Phone:
    """Where to reach who asks."""
    return Phone(label=_("Phone"), required=False)


def email() -> forms.EmailField:
    """Where to reach who asks."""
    field = forms.EmailField(label=_("E-mail"), max_length=120, required=False)
    field.widget.attrs["autocomplete"] = "off"
    return field


def words(label: Any, *, rows: int = 4, guarded: bool = False, **options: Any) -> Words:
    """Free text of at most 2000 characters. ``guarded``: written by us, so without numbers that name a person."""
    if guarded:
        options["validators"] = [refuse_numbers]
    return Words(label=label, max_length=LONGEST_WORDS, rows=rows, **options)


def number_typed() -> Number:
    """The request's number, asked for where a deed cannot be taken back."""
    return Number(label=pgettext_lazy("deed", "Type the number of the request to go on"))
