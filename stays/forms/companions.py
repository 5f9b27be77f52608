"""Somebody who joins a party in house: the parts of the check-in page that concern one person."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from stays.forms.arrival import GuardianForm
from stays.forms.check_in import CheckInForms
from stays.forms.fields import Line
from stays.free_text import refuse_numbers
from stays.models import MinorDuty, Occupant
from stays.services.companions import Joining

_PLACE: Final = ("room", "override", "override_reason")


class PlaceForm(forms.Form):
    """Why somebody more may sleep in a room that is full."""

    override = forms.ChoiceField(label=_("Let them in all the same because"), required=False)
    override_reason = Line(
        label=_("In a few words"), max_length=200, required=False, validators=[refuse_numbers], expected=True
    )

    def __init__(self, *args: Any, overrides: list[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["override"].choices = [("", _("no exception")), *overrides]  # type: ignore[attr-defined]


class JoiningForms:
    """The page as one form towards ``refused_to``: one person, the guardian, the checklist, the place in the room."""

    fields = {**CheckInForms.fields, **dict.fromkeys(_PLACE, "place")}

    def __init__(self, arrival: CheckInForms, place: PlaceForm) -> None:
        self.arrival, self.place = arrival, place

    @property
    def parts(self) -> tuple[Any, ...]:
        """Every form of the page, in its order."""
        return (self.arrival.occupants, self.arrival.guardian, self.arrival.review, self.place)

    def is_valid(self) -> bool:
        """Whether every part is; all are looked at, so that every reason is told at once."""
        judged = [part.is_valid() for part in self.parts]
        return all(judged)

    def add_error(self, field: str | None, reason: str) -> None:
        """Put the reason of a refused deed where it belongs."""
        if field in _PLACE:
            self.place.add_error(field if field in self.place.fields else "override", reason)
        else:
            self.arrival.add_error(field, reason)

    def given(self) -> Joining:
        """The companion as the service takes them; for a valid page only."""
        ticks, place = self.arrival.review.cleaned_data, self.place.cleaned_data
        return Joining(
            person=self.arrival.occupants.forms[0].given(Occupant.Role.COMPANION),
            notice=self.arrival.notice if ticks.get("notice_shown") else None,
            ticked=ticks["ticks"],
            guardian=self.arrival.guardian.given(),
            **place,
        )


class MinorDutyForm(GuardianForm):
    """What is to be said when a duty towards a minor is done: the guardian, what was noticed, or nothing."""

    outcome = forms.ChoiceField(
        label=_("What was noticed"), choices=MinorDuty.Outcome.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, kind: str, **options: Any) -> None:
        super().__init__(*args, **options)
        asked = {MinorDuty.Kind.GUARDIAN: ("name", "phone"), MinorDuty.Kind.REPORT: ("outcome",)}
        for name in list(self.fields):
            if name not in asked.get(MinorDuty.Kind(kind), ()):
                del self.fields[name]

    def given(self) -> Any:
        """The guardian typed, or nobody."""
        return super().given() if "phone" in self.fields else None
