"""Rooms, kept by the administrator."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stays.forms.fields import Line
from stays.models import Room


class RoomForm(forms.Form):
    """A room as the administrator describes it."""

    number = Line(label=pgettext_lazy("room", "Number"), max_length=8)
    floor = forms.IntegerField(label=_("Floor"), min_value=-9, max_value=200)
    type = forms.ChoiceField(label=_("Type"), choices=Room.Type.choices)
    capacity = forms.IntegerField(label=_("Places to sleep"), min_value=1, max_value=20, initial=2)
    state = forms.ChoiceField(label=_("State"), choices=Room.State.choices)

    @staticmethod
    def facts_of(room: Room) -> dict[str, Any]:
        """The form's initial values for a room that exists."""
        return {name: getattr(room, name) for name in ("number", "floor", "type", "capacity", "state")}


MARKED_AT_THE_DESK = [choice for choice in Room.State.choices if choice[0] != Room.State.OUT_OF_ORDER]


class RoomStateForm(forms.Form):
    """Only whether a guest may be shown to the room."""

    state = forms.ChoiceField(label=_("State"), choices=MARKED_AT_THE_DESK)
