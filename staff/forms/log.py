"""What a manager asks the log."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from audit import registry
from audit.explorer import CHANGED
from staff.forms.account import PropertyChoice
from staff.forms.fields import LineField
from staff.models import Person, Property

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

OF_STAYS: Final = (
    *("stay", "stays", "guest", "check_in", "check_out", "card", "bill", "draft", "note", "visitor", "visitors"),
    *("handover", "handovers", "caller", "companion", "minor_duty", "registration", "registrations", "roll_call"),
)
KINDS: Final = {
    "stay": (_("Stays and guests"), OF_STAYS),
    "cases": (_("Desk cases"), ("case", "cases")),
    "refused": (_("What was refused"), ()),
    "account": (_("Sign-ins and shifts"), ("account", "shift")),
    "house": (_("Properties, rooms, people, roles"), ("property", "person", "role", "room")),
    "log": (_("Reading of the log"), ("log",)),
}
REFUSED: Final = ("denied", "failed")


# A name or a telephone number typed here would stand in the address and in the log: only a stay number is taken.
stay_number_rule = RegexValidator(r"\A20[0-9]{2}-[0-9]{6,9}\Z", _("A stay number is like 2026-000042."))


def day_field(label: "StrPromise") -> forms.DateField:
    """An optional day within the years the log is kept for."""
    bounds = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2099, 12, 31))]
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}), validators=bounds
    )


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A person, by name and staff number."""

    def label_from_instance(self, person: Person) -> str:
        """Name and number."""
        return f"{person.shown_name} ({person.staff_number})"


class QuestionForm(forms.Form):
    """Who opened this stay, what did this person open, when, of which kind. References only: it stands in the URL."""

    stay = LineField(label=_("Who opened this stay?"), max_length=20, required=False, validators=[stay_number_rule])
    person = PersonChoice(
        queryset=Person.objects.none(),
        label=_("What did this person open?"),
        to_field_name="staff_number",
        required=False,
        empty_label=_("Everybody"),
    )
    since = day_field(_("From"))
    until = day_field(_("To"))
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    property = PropertyChoice(
        queryset=Property.objects.none(),
        label=_("Property"),
        to_field_name="code",
        required=False,
        empty_label=_("All of mine"),
    )
    with_lists = forms.BooleanField(
        label=_("Also lists and searches in which the stay's guests were shown"), required=False
    )

    def __init__(self, *args: Any, properties: list[Property], people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.properties = properties
        self.fields["person"].queryset = Person.objects.filter(  # type: ignore[attr-defined]
            pk__in=[one.pk for one in people]
        ).order_by("staff_number")
        self.fields["property"].queryset = Property.objects.filter(  # type: ignore[attr-defined]
            pk__in=[one.pk for one in properties]
        )
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            ("", _("Everything")),
            *((code, words) for code, (words, _prefixes) in KINDS.items()),
        ]

        for field in self.fields.values():
            field.expected = True  # type: ignore[attr-defined]  # none is marked as optional: all are

    def clean(self) -> dict[str, Any]:
        """Refuse a span that ends before it begins."""
        typed = super().clean() or {}
        since, until = typed.get("since"), typed.get("until")
        if since and until and until < since:
            self.add_error("until", _("This is before the first day."))
        return typed

    def told(self, name: str) -> str:
        """What was asked in a field, in the reader's words; empty where nothing was."""
        value = self.cleaned_data.get(name)
        if name == "kind" and value:
            return str(KINDS[value][0])
        if isinstance(value, date):
            return date_format(value, "DATE_FORMAT")
        if isinstance(value, Person):
            return f"{value.shown_name} ({value.staff_number})"
        if value is True:
            return str(_("Yes"))
        return str(value.name if isinstance(value, Property) else value or "")

    def span(self, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
        """From the first moment of the first day to the last of the last, on the clock of the zone."""
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        return (
            datetime.combine(since, time.min, zone) if since else None,
            datetime.combine(until + timedelta(days=1), time.min, zone) if until else None,
        )

    def actions(self) -> list[str]:
        """The action codes of the chosen kind; none for all."""
        prefixes = KINDS.get(self.cleaned_data.get("kind", ""), ("", ()))[1]
        found = [code for code in registry.codes() if code.partition(".")[0] in prefixes]
        return [*found, CHANGED] if "property" in prefixes else found

    def outcomes(self) -> tuple[str, ...]:
        """The outcomes of the chosen kind; none for all."""
        return REFUSED if self.cleaned_data.get("kind") == "refused" else ()


class KindForm(forms.Form):
    """As which file the log is exported. The ticket lets the page ask how far it is."""

    file = forms.ChoiceField(
        label=_("File"),
        choices=[
            ("csv", _("Table (CSV), for a spreadsheet")),
            ("jsonl", _("Lines with the proof that each is sealed (JSONL), for whoever verifies them")),
        ],
        initial="csv",
        widget=forms.RadioSelect,
    )
    ticket = forms.SlugField(max_length=32, widget=forms.HiddenInput)


class ScopeForm(forms.Form):
    """How much of the log is verified."""

    scope = forms.ChoiceField(
        label=_("Verify"),
        choices=[("all", _("Every entry")), ("sampled", _("2,000 entries drawn by lot"))],
        initial="all",
        widget=forms.RadioSelect,
    )


class YearForm(forms.Form):
    """Typing the year says that it is meant."""

    year = forms.IntegerField(label=_("Type the year to approve"))

    def __init__(self, *args: Any, wanted: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = wanted

    def clean_year(self) -> int:
        """Only the year the page is about."""
        year: int = self.cleaned_data["year"]
        if year != self.wanted:
            raise forms.ValidationError(_("This page is about %(year)s."), params={"year": self.wanted})
        return year
