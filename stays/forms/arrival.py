"""Checking in: contact, room and dates, payment, checklist; with the party they make one page."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from stays.forms.fields import Day, Digits, GroupNumber, LatinName, Line, Name, Phone, Words
from stays.free_text import refuse_numbers
from stays.models import BillLine, ReviewRule, Room, Stay
from stays.models.stays import MAX_NIGHTS
from stays.typed import Booking, GuestData, PaymentData

METHODS: Final = [
    ("wechat", _("WeChat Pay")),
    ("alipay", _("Alipay")),
    ("cash", _("Cash")),
    ("card", _("Bank card")),
    ("company", _("Company account")),
    ("agency", _("Paid to the agency")),
]


class ContactForm(forms.Form):
    """How the lead guest is reached. Where the guest is known, an empty field keeps what is on file."""

    phone = Phone(label=_("Phone"), required=False, expected=True)
    email = forms.EmailField(label=_("E-mail"), max_length=120, required=False)
    address = Line(label=_("Address"), max_length=200, required=False)

    def __init__(self, *args: Any, is_known: bool = False, **options: Any) -> None:
        self.is_known = is_known
        super().__init__(*args, **options)
        self.fields["email"].widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        """There is some way to reach the guest."""
        data: dict[str, Any] = super().clean() or {}
        is_reachable = data.get("phone") or data.get("email")
        if not (self.is_known or is_reachable or self.errors):
            self.add_error("phone", _("Write a phone number or an e-mail address."))
        return data


class GuardianForm(forms.Form):
    """Who is responsible for a minor in the party."""

    name = Name(label=_("Guardian's name"), max_length=80, required=False, expected=True)
    phone = Phone(label=_("Guardian's phone"), required=False, expected=True)

    def given(self) -> GuestData | None:
        """The guardian, or nobody."""
        data = self.cleaned_data
        return GuestData(name=data["name"], phone=data["phone"]) if any(data.values()) else None


class DatesForm(forms.Form):
    """When a party comes and goes, on the business days of the property."""

    arrival_on = Day(label=_("Arrival"))
    departure_on = Day(label=_("Departure"))

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        self.today = today
        super().__init__(*args, **options)
        self.fields["arrival_on"].initial = today
        self.fields["departure_on"].initial = today + timedelta(days=1)

    def clean(self) -> dict[str, Any]:
        """Departure follows arrival, within a year."""
        data: dict[str, Any] = super().clean() or {}
        arrival, departure = data.get("arrival_on"), data.get("departure_on")
        if arrival and departure and not timedelta(0) <= departure - arrival <= timedelta(days=MAX_NIGHTS):
            self.add_error("departure_on", _("Departure must be on or after arrival, within 365 nights."))
        return data


class RoomChoiceForm(DatesForm):
    """Room and dates of an arrival. ``offered``: choices grouped by how well the room fits."""

    room = forms.ChoiceField(
        label=_("Room"), error_messages={"invalid_choice": _("This room is not free now: choose another.")}
    )
    override = forms.ChoiceField(label=_("Take the room all the same because"), required=False)
    override_reason = Line(
        label=_("In a few words"), max_length=200, required=False, validators=[refuse_numbers], expected=True
    )
    confidential = forms.BooleanField(label=_("Confidential stay: shown under a pseudonym in lists"), required=False)
    special_request = Words(
        label=_("Special request"), max_length=500, rows=2, required=False, validators=[refuse_numbers]
    )

    def __init__(self, *args: Any, offered: list[Any], overrides: list[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["room"].choices = offered  # type: ignore[attr-defined]
        self.fields["override"].choices = [("", _("no exception")), *overrides]  # type: ignore[attr-defined]
        self.fields["arrival_on"].disabled = True
        self.fields["departure_on"].widget.attrs.update(
            {
                "hx-post": reverse("free_rooms"),
                "hx-trigger": "change",
                "hx-include": "closest form",
                "hx-target": "#room-field",
                "hx-swap": "outerHTML",
            }
        )


class PaymentForm(forms.Form):
    """How the stay is paid: never a full card number, never its security code."""

    method = forms.ChoiceField(label=_("Way of payment"), choices=METHODS)
    payer = Name(label=_("Paid by"), max_length=80, required=False, help_text=_("Where it is not the guest."))
    card_last4 = Digits(label=_("Last 4 of the card"), count=4, required=False)
    deposit = forms.DecimalField(
        label=_("Deposit"),
        max_digits=8,
        decimal_places=2,
        min_value=Decimal("0.01"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": 12}),
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=BillLine.Currency.choices)
    invoice_title = Line(label=_("Invoice title"), max_length=120, required=False)
    tax_number = Line(label=_("Tax number"), max_length=24, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["deposit"].expected = True  # type: ignore[attr-defined]

    def given(self) -> PaymentData:
        """The payment facts as the services take them."""
        return PaymentData(**self.cleaned_data)


class Ticks(forms.MultipleChoiceField):
    """Lines of the checklist. A tick on a line that no longer applies is no mistake: it is left out."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> frozenset[str]:
        """The codes ticked, of those offered."""
        return frozenset(code for code in self.to_python(value) if self.valid_value(code))


class ReviewForm(forms.Form):
    """The checklist: the lines a person ticks. ``rules``: those that apply to this arrival."""

    notice_shown = forms.BooleanField(label=_("Privacy notice shown"), required=False)
    ticks = Ticks(label=_("Checklist"), required=False)

    def __init__(self, *args: Any, rules: Sequence[ReviewRule], **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer(rules)

    def offer(self, rules: Sequence[ReviewRule]) -> None:
        """Offer these lines."""
        self.fields["ticks"].choices = [(rule.code, rule.text) for rule in rules]  # type: ignore[attr-defined]


class ExpectedStayForm(DatesForm):
    """A stay entered by hand before the guest comes: only what is needed to know them again."""

    name = Name(label=_("Name"), max_length=80)
    latin_name = LatinName(label=_("Latin name"), max_length=80, required=False)
    phone = Phone(label=_("Phone"), required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=120, required=False)
    party_size = forms.IntegerField(label=_("People"), min_value=1, max_value=20, initial=1)
    origin = forms.ChoiceField(label=_("Booked through"))
    room = forms.ChoiceField(label=_("Room"), required=False)
    group = GroupNumber(label=_("Group number"), required=False)
    confidential = forms.BooleanField(label=_("Confidential stay: shown under a pseudonym in lists"), required=False)

    def __init__(self, *args: Any, offered: list[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        origins = [choice for choice in Stay.Origin.choices if choice[0] != Stay.Origin.WALK_IN]
        self.fields["origin"].choices = origins  # type: ignore[attr-defined]
        self.fields["room"].choices = [("", _("none yet")), *offered]  # type: ignore[attr-defined]
        self.fields["email"].widget.attrs["autocomplete"] = "off"

    def clean_arrival_on(self) -> date:
        """Nobody is expected in the past."""
        day: date = self.cleaned_data["arrival_on"]
        if day < self.today:
            raise ValidationError(_("An expected arrival is today or later."), code="past")
        return day

    def given(self, room: Room | None) -> Booking:
        """The booking as the services take it, with the room that was chosen."""
        data = self.cleaned_data
        guest = GuestData(name=data["name"], latin_name=data["latin_name"], phone=data["phone"], email=data["email"])
        as_typed = ("arrival_on", "departure_on", "origin", "party_size", "confidential", "group")
        return Booking(guest, room=room, **{name: data[name] for name in as_typed})
