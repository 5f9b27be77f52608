"""Handing in a file, and saying what its columns are."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from stays.models import ImportFile
from stays.services.importing.columns import FIELDS, REQUIRED
from stays.services.importing.judging import FORMS


class ImportForm(forms.Form):
    """A file and what its rows are. ``offered``: the kinds this person may bring in, the first of them chosen, so that
    none is missing: a browser forgets the file where the form comes back."""

    kind = forms.ChoiceField(label=_("What each row is"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or XLSX, at most 20 MB; the first row holds the headings."),
        error_messages={
            "required": _("Choose a file of at most 20 MB."),
            "missing": _("Choose a file of at most 20 MB."),
            "empty": _("The file is empty."),
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )

    def __init__(self, *args: Any, offered: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [choice for choice in ImportFile.Kind.choices if choice[0] in offered]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]
        self.fields["kind"].initial = next(iter(offered), None)


class ColumnsForm(forms.Form):
    """By field of a row the column of the file that holds it. ``headings``: those of the file."""

    def __init__(
        self, *args: Any, kind: str, headings: Sequence[str], columns: Mapping[str, int], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.initial = {name: str(place) for name, place in columns.items()}
        labels = FORMS[kind].base_fields
        offered = [
            ("", _("not in the file")),
            *((str(place), _called(place, text)) for place, text in enumerate(headings)),
        ]
        for name in FIELDS[kind]:
            is_required = name in REQUIRED[kind]
            self.fields[name] = forms.ChoiceField(label=labels[name].label, choices=offered, required=is_required)

    def clean(self) -> dict[str, Any]:
        """Each column holds one thing."""
        data: dict[str, Any] = super().clean() or {}
        chosen = [place for place in data.values() if place]
        if len(set(chosen)) < len(chosen):
            raise ValidationError(_("One column is named twice."), code="twice")
        return data

    def given(self) -> dict[str, int]:
        """Field and column, counted from 0."""
        return {name: int(place) for name, place in self.cleaned_data.items() if place}


def letter_of(place: int) -> str:
    """What a spreadsheet calls the column: A for 0, AA for 26."""
    before, last = divmod(place, 26)
    return (letter_of(before - 1) if before else "") + chr(ord("A") + last)


def _called(place: int, heading: str) -> str:
    return f"{letter_of(place)} · {heading}" if heading else letter_of(place)
