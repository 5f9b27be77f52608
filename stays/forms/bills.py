"""Lines of a bill."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from stays.models import BillLine


class BillLineForm(forms.Form):
    """One amount to post; negative for a credit."""

    kind = forms.ChoiceField(label=_("For"), choices=BillLine.Kind.choices)
    amount = forms.DecimalField(
        label=_("Amount"),
        max_digits=8,
        decimal_places=2,
        min_value=Decimal("-999999.99"),
        max_value=Decimal("999999.99"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": 12}),
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=BillLine.Currency.choices)

    def clean_amount(self) -> Decimal:
        """An amount of nothing is no line."""
        amount: Decimal = self.cleaned_data["amount"]
        if not amount:
            raise forms.ValidationError(_("The amount must not be zero."), code="zero")
        return amount
