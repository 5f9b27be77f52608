"""Consent at the desk, and its withdrawal on the public page."""

import re
import unicodedata
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from privacy.models import Consent, Request
from privacy.services.consents import LONGEST_TEXT
from stays.forms.fields import Digits, Line, Words
from stays.free_text import refuse_numbers

_TAIL: Final = re.compile(r"[0-9A-Za-z]{4}")
# On the public page a guest withdraws, and gives nothing.
CHANNELS: Final = [choice for choice in Request.Channel.choices if choice[0] != Request.Channel.WEB]


class ConsentForm(forms.Form):
    """A guest agrees. ``notice``: the version on the page that was shown. ``text``: asked for preferences only."""

    notice = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    channel = forms.ChoiceField(label=_("How the guest agreed"), choices=CHANNELS)
    text = Words(
        label=_("What the guest wants us to remember"),
        max_length=LONGEST_TEXT,
        rows=3,
        validators=[refuse_numbers],
        help_text=_("For example a quiet room or a firm pillow. Nothing about health, belief or other people."),
    )
    agrees = forms.BooleanField(label=_("The guest has been shown this version of the privacy notice and agrees"))
    guardian_agrees = forms.BooleanField(label=_("The guest is under 14 and the guardian agrees"), required=False)

    def __init__(self, *args: Any, about: str, version: int, **options: Any) -> None:
        options["initial"] = {"notice": version, "channel": Request.Channel.DESK, **(options.get("initial") or {})}
        super().__init__(*args, **options)
        if about != Consent.About.PREFERENCES:
            del self.fields["text"]


class PreferencesForm(forms.Form):
    """The preferences of a guest whose consent stands, written anew."""

    text = Words(
        label=_("What the guest wants us to remember"), max_length=LONGEST_TEXT, rows=3, validators=[refuse_numbers]
    )


class DocumentTail(Line):
    """The last four letters or digits of a document number."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=4, **options)

    def to_python(self, value: Any) -> str:
        """The four, in capitals."""
        text = super().to_python(value).upper()
        if text and not _TAIL.fullmatch(text):
            raise ValidationError(_("Write exactly the last four letters or digits."), code="tail")
        return text


class WithdrawalForm(forms.Form):
    """A withdrawal by the guest. Nothing of it is looked up when it is sent."""

    abouts = forms.MultipleChoiceField(
        label=_("What I withdraw my consent to"),
        choices=Consent.About.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[Consent.About.PREFERENCES, Consent.About.MARKETING],
    )
    stay_number = Line(
        label=_("Stay number"), max_length=16, help_text=_("It stands on your registration card, like 2026-000042.")
    )
    document_tail = DocumentTail(
        label=_("Last four of the document number"), help_text=_("Of the document you showed at check-in.")
    )
    phone_tail = Digits(
        label=_("Last four digits of the phone number"), count=4, help_text=_("Of the number you left with us.")
    )

    def clean_stay_number(self) -> str:
        """The number as we write it."""
        return unicodedata.normalize("NFKC", self.cleaned_data["stay_number"]).replace(" ", "").upper()
