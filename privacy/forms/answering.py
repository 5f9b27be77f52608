"""Letters, answers and how they leave the house; what is corrected."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from privacy.models import Delivery, Letter
from privacy.services.correcting import LONGEST_VALUE
from stays import documents
from stays.forms import countries, labels
from stays.forms.arrival import METHODS
from stays.forms.fields import Day, Digits, Line, Name, Phone
from stays.forms.occupants import SEXES
from vault.categories import FIELDS

# A receipt holds the code and is handed over when the request is taken in; an acknowledgement goes out by itself.
KINDS: Final = [choice for choice in Letter.Kind.choices if choice[0] != Letter.Kind.RECEIPT]
UNCHANGED: Final = [("", _("leave as it is"))]


class LetterForm(forms.Form):
    """Which letter, and whether in both languages."""

    kind = forms.ChoiceField(label=_("Letter"), choices=KINDS)
    bilingual = forms.BooleanField(label=_("In both languages"), required=False)


class AnswerForm(forms.Form):
    """What leaves the house. ``letters``: those that have not left."""

    letter = forms.TypedChoiceField(label=_("Letter"), coerce=int, empty_value=None, required=False)
    kind = forms.ChoiceField(label=_("What goes with it"))

    def __init__(self, *args: Any, letters: Sequence[Letter], kinds: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        chosen: Mapping[str, Any] = self.fields
        chosen["letter"].choices = [
            *((letter.pk, f"{letter.get_kind_display()} · {_day(letter.made_at)}") for letter in letters),
            ("", _("no letter")),
        ]
        words = dict(Delivery.Kind.choices) | {Delivery.Kind.LETTER: _("nothing but the letter")}
        chosen["kind"].choices = [(kind, words[Delivery.Kind(kind)]) for kind in kinds]
        chosen["letter"].initial = letters[0].pk if letters else None
        chosen["kind"].initial = kinds[-1]

    def clean(self) -> dict[str, Any]:
        """There is something to hand over."""
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and data["kind"] == Delivery.Kind.LETTER and data["letter"] is None:
            self.add_error("letter", _("Choose the letter to hand over."))
        return data


def _day(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATE_FORMAT")


class HandOverForm(AnswerForm):
    """Into the hand of who proved themself."""

    document_seen = forms.BooleanField(
        label=_("I have seen the original document of the person who takes it"), required=False
    )


class CorrectionForm(forms.Form):
    """New values for one part of a record; what is left empty stays. The old values are not shown."""

    def __init__(self, *args: Any, category: str, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in FIELDS[category]:
            self.fields[name] = _field(name)

    def clean(self) -> dict[str, Any]:
        """Something is changed."""
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(data.values()):
            self.add_error(None, _("Write at least one new value."))
        return data

    def changes(self) -> dict[str, str]:
        """What was typed, days as 2026-11-21."""
        return {name: str(value) for name, value in self.cleaned_data.items() if value}


def _field(name: str) -> forms.Field:
    options: dict[str, Any] = {"label": labels.LABELS.get(name, name), "required": False}
    choices: dict[str, Any] = {
        "document_type": documents.DocumentType.choices,
        "sex": [choice for choice in SEXES if choice[0]],
        "nationality": countries.listed(),
        "method": METHODS,
        "region": documents.REGIONS.items(),
    }
    if name in choices:
        return forms.ChoiceField(choices=[*UNCHANGED, *choices[name]], **options)
    if name in ("birth_date", "expires_on"):
        return Day(**options)
    if name in ("name", "latin_name"):
        return Name(max_length=80, **options)
    if name == "phone":
        return Phone(**options)
    if name == "card_last4":
        return Digits(count=4, **options)
    if name == "email":
        return forms.EmailField(max_length=120, **options)
    return Line(max_length=LONGEST_VALUE, **options)
