"""Holds: what must stay although somebody asks for its erasure."""

from datetime import datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from privacy.forms.fields import Number
from privacy.forms.people import OFFICE, Colleague
from privacy.models import Hold, HoldStep
from privacy.services.holding import HOLD_REASONS, LONGEST_DOCUMENT, OF_AUTHORITIES
from staff.models import Person, Property
from stays.forms.fields import Day, Line
from stays.models.stays import MAX_PARTY

STAY, GUEST, ROOM, ASKED = "stay", "guest", "room", "asked"
# What has to be filled in for each thing a hold can be on; a guest is named by a stay or by a request.
NEEDED: Final = {STAY: ("stay",), GUEST: (), ROOM: ("room", "first_on", "last_on"), ASKED: ("asked",)}
# Fields that one hold needs and another has not: none of them is marked as optional.
DEPENDING: Final = ("stay", "place", "asked", "room", "first_on", "last_on", "authority", "document_number", "until")


def _reasons() -> list[tuple[Any, Any]]:
    """The reasons under who may give them."""
    of: dict[Hold.Kind, list[tuple[str, Any]]] = {kind: [] for kind in Hold.Kind}
    for code, word in HOLD_REASONS.items():
        of[Hold.Kind.AUTHORITY if code in OF_AUTHORITIES else Hold.Kind.INTERNAL].append((code, word))
    return [("", _("choose a reason")), *((kind.label, reasons) for kind, reasons in of.items())]


class Colleagues(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several people of the office."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Person) -> str:
        """Name and staff number."""
        return f"{obj.shown_name} · {obj.staff_number}"


class Lasting(forms.Form):
    """When a hold is looked at again and when it ends."""

    review_on = Day(label=_("Look at it again on"))
    until = Day(
        label=_("Ends on"),
        required=False,
        help_text=_("An internal hold lasts 180 days at most; an authority's may stay open."),
    )

    def until_at(self, zone: ZoneInfo) -> datetime | None:
        """The last instant of the last day."""
        day = self.cleaned_data["until"]
        return datetime.combine(day, time.max, zone) if day else None


class HoldForm(Lasting):
    """A hold on a stay, a guest, a room in a time, or a request: all by numbers, nobody by name."""

    on = forms.ChoiceField(
        label=_("What is held"),
        choices=[
            (STAY, _("A stay: everybody in it")),
            (GUEST, _("One guest: in all stays")),
            (ROOM, _("A room in a time: whoever uses it")),
            (ASKED, _("A request: its file and the guest it is about")),
        ],
        initial=STAY,
        widget=forms.RadioSelect,
    )
    stay = Line(label=_("Stay number"), max_length=16, required=False)
    place = forms.IntegerField(
        label=_("Which guest of the stay"),
        min_value=1,
        max_value=MAX_PARTY,
        required=False,
        help_text=_("Their number on the page of the stay, for one guest."),
    )
    asked = Number(label=_("Number of the request"), required=False)
    room = Line(label=_("Room"), max_length=8, required=False)
    first_on = Day(label=pgettext_lazy("hold of a room", "From"), required=False)
    last_on = Day(label=pgettext_lazy("hold of a room", "To"), required=False)
    kind = forms.ChoiceField(label=_("Who wants it kept"), choices=Hold.Kind.choices)
    reason = forms.ChoiceField(label=_("Reason"), choices=_reasons)
    authority = Line(
        label=_("Which authority"),
        max_length=LONGEST_DOCUMENT,
        required=False,
        help_text=_("For an authority's freeze: its name, nobody's."),
    )
    document_number = Line(
        label=_("Number of the authority's document"),
        max_length=LONGEST_DOCUMENT,
        required=False,
        help_text=_("For an authority's freeze. It is sealed."),
    )
    confidential = forms.BooleanField(label=_("Confidential: only named officers see it"), required=False)

    def __init__(self, *args: Any, house: Property, **options: Any) -> None:
        super().__init__(*args, **options)
        people = Colleague(house=house, roles=OFFICE).queryset
        self.fields["officers"] = Colleagues(queryset=people, label=_("Who may know of it"), required=False)
        for name in DEPENDING:
            self.fields[name].expected = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What the chosen thing needs is filled in."""
        data: dict[str, Any] = super().clean() or {}
        for name in NEEDED.get(data.get("on", ""), ()):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, _("This is needed for what is held."))
        if data.get("on") == GUEST and not (data.get("asked") or (data.get("stay") and data.get("place"))):
            self.add_error("stay", _("Name the guest by a stay and a number in it, or by a request."))
        return data


class RenewForm(Lasting):
    """The hold that goes on from another."""

    document_number = Line(
        label=_("Number of the authority's document"),
        max_length=LONGEST_DOCUMENT,
        help_text=_("Of the new document, which extends the freeze. It is sealed."),
    )

    def __init__(self, *args: Any, hold: Hold, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["until"].required = True
        if hold.kind == Hold.Kind.INTERNAL:
            del self.fields["document_number"]


class HoldReviewForm(forms.Form):
    """What a review came to."""

    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=HoldStep.Outcome.choices, initial=HoldStep.Outcome.KEEP, widget=forms.RadioSelect
    )
    review_on = Day(label=_("Look at it again on"), required=False)


class OfficerForm(forms.Form):
    """One more person who may know of a confidential hold."""

    def __init__(self, *args: Any, hold: Hold, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["officer"] = Colleague(house=hold.property, roles=OFFICE, label=_("Who may know of it"))
