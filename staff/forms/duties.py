"""Who owns a duty, and why it was not done."""

import re
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from staff.forms.fields import LineField
from staff.models import Duty, Lapse, Person, Property

NO_NUMBERS = RegexValidator(
    re.compile(r"\d{5,}|@"), _("Leave out numbers of people and addresses of mail."), inverse_match=True
)


class OwnerForm(forms.Form):
    """One of those who work at the administrator's properties."""

    owner = forms.ModelChoiceField(label=_("Owner"), queryset=Person.objects.none())

    def __init__(self, data: Any = None, *, duty: Duty, properties: list[Property]) -> None:
        super().__init__(data, initial={"owner": duty.owner_id})
        people = Person.objects.at(properties).filter(is_active=True).order_by("staff_number")
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]
        self.fields["owner"].label_from_instance = lambda one: f"{one.shown_name} · {one.staff_number}"  # type: ignore[attr-defined]


class LapseForm(forms.Form):
    """Cause, what was done, a few words."""

    cause = forms.ChoiceField(label=_("Cause"), choices=[("", "–"), *Lapse.Cause.choices])
    measure = forms.ChoiceField(label=_("What was done"), choices=[("", "–"), *Lapse.Measure.choices])
    words = LineField(label=_("In words"), max_length=300, required=False, validators=[NO_NUMBERS])
