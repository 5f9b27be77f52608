"""Taking in a request, at the desk and from the public page."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from privacy.forms import fields
from privacy.models import Request
from staff.models import Property
from stays.forms.fields import Day, Digits, Line

# The public page is a channel of its own: nobody at the desk takes in what came from there.
CHANNELS: Final = [choice for choice in Request.Channel.choices if choice[0] != Request.Channel.WEB]
LATEST_APPOINTMENT: Final = timedelta(days=30)
STATED: Final = ("phone_tail", "document_tail", "card_last4", "arrival_on", "departure_on", "room_number")


class IntakeForm(forms.Form):
    """What the desk asks somebody who asks about a record. Nothing of a record stands in it."""

    kind = forms.ChoiceField(label=_("What is asked for"), choices=fields.KINDS)
    channel = forms.ChoiceField(label=_("How it came"), choices=CHANNELS)
    acts_as = forms.ChoiceField(label=_("Who asks"), choices=Request.ActsAs.choices)
    language = forms.ChoiceField(label=_("Language of our letters"), choices=Request.Language.choices)
    name = fields.requester_name()
    phone = fields.phone()
    email = fields.email()
    stay = Line(
        label=_("Stay number"),
        max_length=16,
        required=False,
        help_text=_("If the guest names one. It is no proof of who asks."),
    )
    words = fields.words(_("In their own words"), rows=2, required=False)
    is_complex = forms.BooleanField(label=_("Needs a talk: make an appointment"), required=False)
    appointment_on = Day(label=_("Day of the appointment"), required=False, expected=True)
    appointment_time = forms.TimeField(label=_("Time"), required=False)

    def __init__(self, *args: Any, zone: ZoneInfo, at: datetime, **options: Any) -> None:
        self.zone, self.at = zone, at
        super().__init__(*args, **options)
        self.fields["appointment_time"].expected = True  # type: ignore[attr-defined]
        self.fields["appointment_time"].widget.attrs |= {"placeholder": "HH:MM", "autocomplete": "off", "maxlength": 8}

    def clean(self) -> dict[str, Any]:
        """What needs a talk has an appointment, within the next 30 days."""
        data: dict[str, Any] = super().clean() or {}
        data["appointment_at"] = self._appointment(data) if data.get("is_complex") else None
        return data

    def _appointment(self, data: dict[str, Any]) -> datetime | None:
        missing = [name for name in ("appointment_on", "appointment_time") if not data.get(name)]
        for name in missing:
            if name not in self.errors:
                self.add_error(name, _("Say when the appointment is."))
        if missing:
            return None
        chosen = datetime.combine(data["appointment_on"], data["appointment_time"], self.zone)
        if not self.at < chosen <= self.at + LATEST_APPOINTMENT:
            self.add_error("appointment_on", _("Choose a time from now on, within 30 days."))
        return chosen


class Hotel(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the group's hotels, by its name."""

    def label_from_instance(self, obj: Property) -> str:
        """The name in the language of the page."""
        return obj.name


class AskForm(forms.Form):
    """The public page. Nothing typed here is compared with anything while the page is answered."""

    kind = forms.ChoiceField(label=_("What do you ask for?"), choices=fields.KINDS)
    acts_as = forms.ChoiceField(label=_("You are"), choices=Request.ActsAs.choices)
    property = Hotel(label=_("Hotel"), queryset=Property.objects.none(), empty_label=_("choose a hotel"))
    name = fields.requester_name(_("Your name"))
    phone = fields.phone()
    email = fields.email()
    stay_reference = Line(label=_("Stay number"), max_length=16, required=False)
    arrival_on = Day(label=_("Day of arrival"), required=False)
    departure_on = Day(label=_("Day of departure"), required=False)
    room_number = Line(label=_("Room number"), max_length=8, required=False)
    phone_tail = Digits(label=_("Last 4 of the phone number you gave us"), count=4, required=False)
    document_tail = Line(label=_("Last 4 of the guest's document"), max_length=4, min_length=4, required=False)
    card_last4 = Digits(label=_("Last 4 of the bank card used"), count=4, required=False)
    words = fields.words(_("What should we know?"), required=False)

    def __init__(self, *args: Any, houses: Sequence[Property], **options: Any) -> None:
        super().__init__(*args, **options)
        chosen: Any = self.fields["property"]
        chosen.queryset = Property.objects.filter(pk__in=[house.pk for house in houses])
        self.fields["name"].widget.attrs["autocomplete"] = "name"

    def facts(self) -> dict[str, str]:
        """What they state about the stay, days as 2026-11-21; only what was typed."""
        given = {name: self.cleaned_data[name] for name in STATED}
        return {name: str(value) for name, value in given.items() if value}


def letter_language() -> str:
    """The language of letters to somebody who reads the page in the active one."""
    return Request.Language.ZH_HANS if (get_language() or "").startswith("zh") else Request.Language.EN
