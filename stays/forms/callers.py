"""What a caller says of themselves."""

from django import forms
from django.utils.translation import gettext_lazy as _

from stays.forms.fields import Digits, Line, Name


class CallerForm(forms.Form):
    """A stay number or room, and what the caller says without being helped."""

    asked_for = Line(label=_("Stay number or room the caller names"), max_length=16)
    name = Name(label=_("Name the caller gives"), max_length=80)
    document_tail = Line(label=_("Last 4 of the document"), max_length=4, required=False)
    card_last4 = Digits(label=_("Last 4 of the card"), count=4, required=False)

    def facts(self) -> dict[str, str]:
        """What was said."""
        return {name: text for name, text in self.cleaned_data.items() if text and name != "asked_for"}
