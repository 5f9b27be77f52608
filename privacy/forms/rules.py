"""What a person types to change a retention rule, and to enter the holidays of a year."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from privacy.models import Rule
from privacy.models.law import Status
from privacy.models.rules import LONGEST_REASON
from privacy.policy import words
from privacy.policy.rules import Rule as Policy
from privacy.policy.rules import Start
from privacy.services.rules import PROPOSED, STARTS_OF
from staff.models import Property
from stays.forms.fields import Day, Line, Words
from stays.free_text import refuse_numbers

LONGEST_NUMBER = 9999
LONGEST_CALENDAR = 8000  # characters: a year of days off and worked


class RuleChangeForm(forms.Form):
    """Another version of a rule: for the whole jurisdiction, or for a region where the house has a property."""

    region = forms.ChoiceField(label=_("Holds in"), required=False)
    number = forms.IntegerField(label=pgettext_lazy("rule", "Period"), min_value=1, max_value=LONGEST_NUMBER)
    unit = forms.ChoiceField(label=_("Unit"), choices=Rule.Unit.choices)
    start = forms.ChoiceField(label=pgettext_lazy("rule", "Runs"))
    kind = forms.ChoiceField(label=pgettext_lazy("rule", "Kept"), choices=Rule.Kind.choices)
    level = forms.ChoiceField(label=pgettext_lazy("rule", "Authority"), choices=Rule.Level.choices)
    status = forms.ChoiceField(label=_("How sure the number is"), choices=Status.choices)
    instrument = Line(label=_("Instrument"), max_length=120, required=False)
    article = Line(label=_("Article"), max_length=40, required=False)
    in_force_from = Day(label=_("In force from"))
    in_force_to = Day(
        label=_("In force until"), required=False, help_text=_("Left empty, it holds until it is changed again.")
    )
    needs_approval = forms.BooleanField(
        label=_("A purge under this rule waits until a person approves it"), required=False
    )
    reason = Line(
        label=_("What the change rests on"),
        max_length=LONGEST_REASON,
        validators=[refuse_numbers],
        help_text=_("For the second person and for whoever reads the history. Without names of guests."),
    )

    def __init__(self, *args: Any, base: Policy, house: Property, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["region"].choices = _regions(house, base)  # type: ignore[attr-defined]
        self.fields["start"].choices = _starts(base)  # type: ignore[attr-defined]

    @property
    def facts(self) -> dict[str, Any]:
        """What a valid form proposes."""
        return {name: self.cleaned_data[name] for name in PROPOSED}

    @staticmethod
    def of(base: Policy, *, today: date) -> dict[str, Any]:
        """What the form shows at first: the version there is, from today on."""
        shown = {name: getattr(base, name) for name in PROPOSED}
        return shown | {"in_force_from": today, "in_force_to": None}


class RefusalForm(forms.Form):
    """Why a proposal is turned down."""

    reason = Line(label=_("Why it is turned down"), max_length=LONGEST_REASON, validators=[refuse_numbers])


def _regions(house: Property, base: Policy) -> Sequence[tuple[str, Any]]:
    """A region's own rule stays the region's; the general one may get one for a region."""
    if base.region:
        return [(base.region, base.region)]
    here = Property.objects.filter(jurisdiction=house.jurisdiction).exclude(region="")
    regions = here.order_by("region").values_list("region", flat=True).distinct()
    return [("", _("The whole jurisdiction")), *((region, region) for region in regions)]


def _starts(base: Policy) -> Sequence[tuple[str, Any]]:
    offered: Mapping[str, None] = dict.fromkeys([Start(base.start), *STARTS_OF.get(base.record, ())])
    return [(start, words.STARTS[start]) for start in offered]


class HolidaysForm(forms.Form):
    """The days of one year, a line each: ``2027-10-01,0`` is off, ``2027-10-09,1`` is a weekend day that is worked."""

    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2199)
    days = Words(
        label=_("Days, one a line"),
        max_length=LONGEST_CALENDAR,
        rows=12,
        help_text=_("day,is_working – 2027-10-01,0 is a day off, 2027-10-09,1 a weekend day that is worked."),
    )

    def clean(self) -> dict[str, Any]:
        """The lines as days; the first that cannot be read is named."""
        cleaned: dict[str, Any] = super().clean() or {}
        if "year" in cleaned and "days" in cleaned:
            try:
                cleaned["days"] = _read_days(cleaned["days"], cleaned["year"])
            except ValidationError as reason:
                self.add_error("days", reason)
        return cleaned


def _read_days(text: str, year: int) -> dict[date, bool]:
    """Raises ValidationError with the number of the line that is no day of the year, or a day named twice."""
    found: dict[date, bool] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        day, separator, is_working = (part.strip() for part in line.partition(","))
        if not day or (number == 1 and day == "day"):
            continue
        read = _day(day)
        if not separator or read is None or read.year != year or is_working not in ("0", "1") or read in found:
            raise ValidationError(
                _("Line %(number)s is no day of %(year)s with 0 or 1 after a comma, or names a day again."),
                params={"number": number, "year": year},
            )
        found[read] = is_working == "1"
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
