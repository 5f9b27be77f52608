"""Check-out."""

from django import forms
from django.utils.translation import gettext_lazy as _

from stays.forms.fields import Line


class CheckOutForm(forms.Form):
    """What is asked when a guest leaves: nothing, unless the bill is open."""

    unpaid_reason = Line(
        label=_("Why the guest may leave with an open bill"),
        max_length=200,
        required=False,
        help_text=_("For example: the company pays on invoice."),
    )
