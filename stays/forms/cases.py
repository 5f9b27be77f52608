"""Desk cases."""

from django import forms
from django.utils.translation import gettext_lazy as _

from stays.forms.fields import Line
from stays.models import DeskCase


class DeskCaseForm(forms.Form):
    """A case to open. ``stay`` is the stay's number, or empty."""

    kind = forms.ChoiceField(label=_("What it is about"), choices=DeskCase.Kind.choices)
    stay = Line(
        label=_("Stay number"),
        max_length=16,
        required=False,
        help_text=_("Where the case is about one stay, for example 2026-000042."),
    )
