"""Evidence of who asks: typed blindly, compared inside the vault, shown to nobody."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from privacy.forms import fields
from privacy.policy.words import SHOWN
from privacy.services.verification import PROOFS
from stays import documents
from stays.forms.fields import Day, Digits, Line, Name, Phone


class FactsForm(forms.Form):
    """What the requester states. Only what was typed is compared."""

    stay_reference = Line(label=_("Stay number"), max_length=16, required=False)
    name = Name(label=_("Name of the guest"), max_length=80, required=False)
    document_tail = Line(label=_("Last 4 of the document"), max_length=4, min_length=4, required=False)
    card_last4 = Digits(label=_("Last 4 of the bank card"), count=4, required=False)
    arrival_on = Day(label=_("Day of arrival"), required=False)
    departure_on = Day(label=_("Day of departure"), required=False)
    phone = Phone(label=_("Phone"), required=False)
    room_number = Line(label=_("Room"), max_length=8, required=False)

    def clean(self) -> dict[str, Any]:
        """At least one fact is stated."""
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(data.values()):
            self.add_error(None, _("Type at least one fact that the requester states."))
        return data


class DocumentForm(forms.Form):
    """The original document, seen and not copied."""

    document_type = forms.ChoiceField(label=_("Document"), choices=documents.DocumentType.choices)
    document_number = Line(
        label=_("Document number"),
        max_length=40,
        help_text=_("Compared blindly; only its kind and last 4 are noted. Make no copy."),
    )


class CodeForm(forms.Form):
    """The code the requester reads out."""

    code = Digits(label=_("Code that was sent"), count=6)


class MandateForm(forms.Form):
    """A mandate that was seen."""

    text = fields.words(_("Who may do what, in which matter"), rows=3)
    valid_until = Day(label=_("Valid until"))


class ProofForm(forms.Form):
    """Proofs that were seen."""

    proofs = forms.MultipleChoiceField(
        label=_("What was shown"),
        choices=[(proof.value, SHOWN[proof]) for proof in PROOFS],
        widget=forms.CheckboxSelectMultiple,
    )
    text = fields.words(_("What they say, as far as it matters"), rows=3, required=False)


class CallbackForm(forms.Form):
    """A call back to the guest."""

    reached = forms.TypedChoiceField(
        label=_("The guest"),
        choices=[("yes", _("was reached and confirms it")), ("no", _("was not reached, or does not confirm it"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
