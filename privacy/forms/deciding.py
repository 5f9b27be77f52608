"""Choosing, deciding, carrying out."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from privacy.forms import fields
from privacy.models import Item, Request
from privacy.policy.refusals import GROUNDS
from privacy.services.sheets import OVERRIDE_REASONS
from stays.forms.fields import Day

NO_REASON: Final = [("", _("choose a reason"))]


class ItemForm(forms.Form):
    """What happens to one row of the sheet, and why, where it is not what is proposed."""

    chosen = forms.ChoiceField(label=_("What happens to it"), choices=Item.Outcome.choices, widget=forms.RadioSelect)
    reason = forms.ChoiceField(
        label=_("Why otherwise than proposed"), choices=[*NO_REASON, *OVERRIDE_REASONS.items()], required=False
    )
    until = Day(label=_("To which day"), required=False, help_text=_("Where you restrict it, or look at it again."))


class DecideForm(forms.Form):
    """The decision: from the sheet, or chosen where there is none. ``has_sheet``: the rows decide."""

    decision = forms.ChoiceField(label=_("Decision"), choices=Request.Decision.choices, widget=forms.RadioSelect)
    refusal_ground = forms.ChoiceField(label=_("If refused: why"), required=False)

    def __init__(self, *args: Any, has_sheet: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if has_sheet:
            del self.fields["decision"]
        grounds = [(code, reason) for code, (reason, _topic) in GROUNDS.items()]
        self.fields["refusal_ground"].choices = [*NO_REASON, *grounds]  # type: ignore[attr-defined]
        self.fields["refusal_ground"].expected = True  # type: ignore[attr-defined]


class NumberForm(forms.Form):
    """The request's number, typed before what cannot be taken back."""

    number = fields.number_typed()

    def __init__(self, *args: Any, wanted: str, **options: Any) -> None:
        self.wanted = wanted
        super().__init__(*args, **options)

    def clean_number(self) -> str:
        """The number of this request and no other."""
        typed: str = self.cleaned_data["number"]
        if typed != self.wanted:
            raise ValidationError(_("This is not the number of this request."), code="other_number")
        return typed
