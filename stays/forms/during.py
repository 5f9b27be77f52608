"""While a party is here, or before it comes: another room, another departure, words about the stay."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.models import Person
from stays.forms.fields import Day, Line, Words
from stays.free_text import refuse_numbers
from stays.models import Note, RoomUse
from stays.services.rooms import OVERRIDES


class MoveForm(forms.Form):
    """Another room. ``offered``: choices grouped by how well the room fits; ``leaves``: the party has a room now."""

    room = forms.ChoiceField(
        label=_("Room to move to"), error_messages={"invalid_choice": _("This room is not free now: choose another.")}
    )
    moved_for = forms.ChoiceField(label=_("Why"), required=False)
    override = forms.ChoiceField(label=_("Take the room all the same because"), required=False)
    words = Line(label=_("In a few words"), max_length=200, required=False, validators=[refuse_numbers])

    def __init__(self, *args: Any, offered: list[Any], leaves: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["room"].choices = offered  # type: ignore[attr-defined]
        self.fields["moved_for"].choices = [("", _("choose a reason")), *RoomUse.MovedFor.choices]  # type: ignore[attr-defined]
        self.fields["moved_for"].required = leaves
        self.fields["override"].choices = [("", _("no exception")), *OVERRIDES.items()]  # type: ignore[attr-defined]


class DepartureForm(forms.Form):
    """Another day of departure."""

    departure_on = Day(label=_("Departure"))


class NoteForm(forms.Form):
    """A special request or feedback. ``owners``: who works the desk, the writer first."""

    kind = forms.ChoiceField(
        label=_("Kind of note"),
        choices=[choice for choice in Note.Kind.choices if choice[0] != Note.Kind.REASON],
    )
    text = Words(label=_("Note"), max_length=500, rows=3, validators=[refuse_numbers])
    owner = forms.ChoiceField(label=_("Who sees to it"))

    def __init__(self, *args: Any, owners: Iterable[Person], **options: Any) -> None:
        super().__init__(*args, **options)
        self.owners = {str(person.pk): person for person in owners}
        choices = [(key, person.shown_name) for key, person in self.owners.items()]
        self.fields["owner"].choices = choices  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        """The note as the services take it."""
        return {**self.cleaned_data, "owner": self.owners[self.cleaned_data["owner"]]}
