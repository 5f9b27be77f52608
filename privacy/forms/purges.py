"""Approving, exporting and sorting runs of the purge."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from privacy.services.looking_up.purges import EXPORT_REASONS
from stays.forms.fields import Line

NO_REASON: Final = [("", _("choose a reason"))]


class PurgeNumberForm(forms.Form):
    """The run's number, typed before what cannot be taken back."""

    number = Line(label=_("Type the number of the purge to go on"), max_length=16)

    def __init__(self, *args: Any, wanted: str, **options: Any) -> None:
        self.wanted = wanted
        super().__init__(*args, **options)
        self.fields["number"].widget.attrs.update(placeholder="P-000042", autocapitalize="characters")

    def clean_number(self) -> str:
        """The number of this run and no other."""
        typed: str = self.cleaned_data["number"].upper()
        if typed != self.wanted:
            raise ValidationError(_("This is not the number of this purge."), code="other_number")
        return typed


class ExportForm(forms.Form):
    """What the list is exported for."""

    reason = forms.ChoiceField(label=_("What for"), choices=[*NO_REASON, *EXPORT_REASONS.items()])
