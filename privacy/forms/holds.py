"""Holds: what must stay although somebody asks for its erasure."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from privacy.forms.fields import Number
from privacy.forms.people import OFFICE, Colleague
from privacy.models import Hold
from privacy.services.holding import HOLD_REASONS, LONGEST_DOCUMENT
from staff.models import Person, Property
from stays.forms.fields import Day, Line


class Colleagues(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several people of the office."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Person) -> str:
        """Name and staff number."""
        return f"{obj.shown_name} · {obj.staff_number}"


class HoldForm(forms.Form):
    """A hold on a stay, or on the guest of a request."""

    kind = forms.ChoiceField(label=_("Who wants it kept"), choices=Hold.Kind.choices)
    reason = forms.ChoiceField(label=_("Reason"), choices=[("", _("choose a reason")), *HOLD_REASONS.items()])
    stay = Line(label=_("Stay number"), max_length=16, required=False)
    asked = Number(label=_("Or the guest of this request"), required=False)
    document_number = Line(
        label=_("Number of the authority's document"),
        max_length=LONGEST_DOCUMENT,
        required=False,
        help_text=_("For an authority's freeze. It is sealed."),
    )
    review_on = Day(label=_("Look at it again on"))
    until = Day(label=_("Ends on"), required=False, help_text=_("At most 180 days. An authority's may stay open."))
    confidential = forms.BooleanField(label=_("Confidential: only named officers see it"), required=False)

    def __init__(self, *args: Any, house: Property, **options: Any) -> None:
        super().__init__(*args, **options)
        people = Colleague(house=house, roles=OFFICE).queryset
        self.fields["officers"] = Colleagues(queryset=people, label=_("Who may know of it"), required=False)

    def clean(self) -> dict[str, Any]:
        """A stay or a request is named."""
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and not (data.get("stay") or data.get("asked")):
            self.add_error("stay", _("Say which stay or guest the hold is about."))
        return data

    def until_at(self, zone: ZoneInfo) -> datetime | None:
        """The last instant of the last day."""
        day = self.cleaned_data["until"]
        return datetime.combine(day, time.max, zone) if day else None
