"""Periods of figures, reviews and their findings."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from privacy.forms.registers import Colleague, offer_colleagues
from privacy.services.figures import LONGEST_DAYS, Period
from privacy.services.reviews import FINDINGS
from staff.models import Property
from stays.forms.fields import Day, Words
from stays.free_text import refuse_numbers

YEAR = timedelta(days=365)
QUARTER = timedelta(days=91)


class PeriodForm(forms.Form):
    """From one day to another; a year back where nothing is typed."""

    first = Day(label=_("From"))
    last = Day(label=_("To"))

    def clean(self) -> dict[str, Any]:
        """A period in its order, of at most three years."""
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and not 0 <= (last - first).days <= LONGEST_DAYS:
            self.add_error("last", _("A period ends on or after its first day and is at most three years long."))
        return cleaned

    @property
    def period(self) -> Period:
        """The period of a valid form."""
        return Period(self.cleaned_data["first"], self.cleaned_data["last"])


def past(span: timedelta, today: date) -> dict[str, str]:
    """The days of a span that ends today, as a form takes them."""
    return {"first": (today - span).isoformat(), "last": today.isoformat()}


class FindingForm(forms.Form):
    """What a review found."""

    code = forms.ChoiceField(label=_("Where it comes from"), choices=list(FINDINGS.items()))
    text = Words(
        label=_("What was found, what is to be done"),
        max_length=500,
        rows=3,
        validators=[refuse_numbers],
        help_text=_("Without names of guests: it is kept in the clear."),
    )
    owner = Colleague(label=_("Who sees to it"))
    due_on = Day(label=pgettext_lazy("task", "Until"))

    def __init__(self, *args: Any, house: Property, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_colleagues(self, house)
