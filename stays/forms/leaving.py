"""Leaving, and taking back."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class CheckOutForm(forms.Form):
    """What is asked when a guest leaves: nothing, unless the bill is open."""

    unpaid_reason = forms.ChoiceField(label=_("Why the guest may leave with an open bill"), required=False)

    def __init__(self, *args: Any, reasons: Mapping[str, Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unpaid_reason"].choices = [("", _("choose a reason")), *reasons.items()]  # type: ignore[attr-defined]
        self.fields["unpaid_reason"].expected = True  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why something is taken back, as one of a few reasons."""

    reason = forms.ChoiceField(label=_("Reason"))

    def __init__(self, *args: Any, reasons: Mapping[str, Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].choices = list(reasons.items())  # type: ignore[attr-defined]
