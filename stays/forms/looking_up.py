"""Looking guests up, and saying why."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stays.forms.fields import Line


class SearchForm(forms.Form):
    """The one box."""

    term = Line(label=_("Search"), max_length=100)


class PurposeForm(forms.Form):
    """Why somebody looks, and the stay, case or order it is for. ``offered``: codes with their words."""

    purpose = forms.ChoiceField(label=_("Purpose"))
    purpose_ref = Line(label=_("Case, request or stay"), max_length=40, required=False)

    def __init__(self, *args: Any, offered: list[tuple[str, Any]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["purpose"].choices = offered  # type: ignore[attr-defined]
