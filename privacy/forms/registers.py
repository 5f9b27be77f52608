"""Cards on paper and processors."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from privacy.models import PaperCard, Processor
from staff.models import Person, Property
from stays.forms.fields import Day, Line
from stays.free_text import refuse_numbers
from stays.models import Occupant, Stay
from vault.categories import Category

# What a processor may handle. A form not finished leaves the house for nobody.
SCOPE: Final = [choice for choice in Category.choices if choice[0] != Category.DRAFT]


class Colleague(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Somebody who works at the property, by name; ``offer_colleagues`` says at which."""

    def __init__(self, **options: Any) -> None:
        super().__init__(empty_label="", queryset=Person.objects.none(), **options)

    def label_from_instance(self, person: Any) -> str:
        """The name, and the staff number where two have the same."""
        return f"{person.shown_name} · {person.staff_number}"


class Offered(forms.ChoiceField):
    """A choice whose first line is an answer too, so that nothing is left out."""

    expected = True


def offer_colleagues(form: forms.Form, house: Property) -> None:
    """Everybody with a post at the property, in each field that asks for a colleague."""
    people = Person.objects.filter(is_active=True, groups__post__property=house).distinct().order_by("name", "pk")
    for field in form.fields.values():
        if isinstance(field, Colleague):
            field.queryset = people


def place(**options: Any) -> Line:
    """Where a card lies."""
    hint = _("Such as “Cabinet 3, folder May 2026”. No names.")
    return Line(label=_("Where it lies"), max_length=60, validators=[refuse_numbers], help_text=hint, **options)


class CardFilterForm(forms.Form):
    """Which cards to list."""

    stay_number = Line(label=_("Stay number"), max_length=16, required=False, expected=True)
    state = Offered(
        label=_("State"), choices=[("", pgettext_lazy("paper cards", "All")), *PaperCard.State.choices], required=False
    )

    def clean_stay_number(self) -> str:
        """The number as we write it."""
        return str(self.cleaned_data["stay_number"]).upper()


class CardKeptForm(forms.Form):
    """Where a card lies and who answers for it."""

    occupant = Offered(label=_("Whose card"), required=False)
    place = place()
    custodian = Colleague(label=_("Who answers for it"))

    def __init__(self, *args: Any, stay: Stay, **options: Any) -> None:
        super().__init__(*args, **options)
        self.party = {str(each.position): each for each in stay.occupants.all()}
        of_one = [(position, self._called(each)) for position, each in self.party.items()]
        whose = self.fields["occupant"]
        if isinstance(whose, Offered):
            whose.choices = [("", _("The whole party, on one card")), *of_one]
        offer_colleagues(self, stay.property)

    @staticmethod
    def _called(occupant: Occupant) -> str:
        return f"{occupant.position} · {occupant.get_role_display()}"

    def clean_occupant(self) -> Occupant | None:
        """The person of the party, None for all of them."""
        return self.party.get(self.cleaned_data["occupant"])


class CardOutForm(forms.Form):
    """Who takes a card away."""

    to = Colleague(label=_("Who takes it"))

    def __init__(self, *args: Any, house: Property, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_colleagues(self, house)


class CardBackForm(forms.Form):
    """Where a card lies again."""

    place = place()

    def __init__(self, *args: Any, house: Property, **options: Any) -> None:
        super().__init__(*args, **options)


class CardGoneForm(forms.Form):
    """A card destroyed by two people: who writes it down, and this one. The stay's number is typed for certainty."""

    second = Colleague(label=_("Second person who was there"))
    stay_number = Line(label=_("Type the stay number to go on"), max_length=16)

    def __init__(self, *args: Any, house: Property, number: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.number = number
        offer_colleagues(self, house)

    def clean_stay_number(self) -> str:
        """The number of this stay and no other."""
        typed = str(self.cleaned_data["stay_number"]).upper()
        if typed != self.number:
            raise ValidationError(_("This is not the number of this stay."), code="other")
        return typed


class ProcessorForm(forms.Form):
    """A company that handles guests' data, and its agreement."""

    name = Line(label=_("Company"), max_length=120)
    agreement_ref = Line(label=_("Agreement"), max_length=60, help_text=_("The number it has in the contract file."))
    contact = forms.EmailField(
        label=_("Mailbox for data protection"),
        max_length=120,
        help_text=_("A mailbox of the company, not of a person."),
    )
    signed_on = Day(label=_("Signed on"))
    expires_on = Day(label=_("Runs out on"))
    scope = forms.MultipleChoiceField(label=_("What it handles"), choices=SCOPE, widget=forms.CheckboxSelectMultiple)
    is_of_group = forms.BooleanField(label=_("It works for every property of the group"), required=False)

    @staticmethod
    def facts_of(processor: Processor) -> dict[str, Any]:
        """The form's initial values for a processor that exists."""
        names = ("name", "agreement_ref", "contact", "signed_on", "expires_on", "scope")
        return {name: getattr(processor, name) for name in names} | {"is_of_group": processor.property_id is None}

    def clean(self) -> dict[str, Any]:
        """An agreement runs out on the day it was signed or later."""
        cleaned: dict[str, Any] = super().clean() or {}
        signed, expires = cleaned.get("signed_on"), cleaned.get("expires_on")
        if signed and expires and expires < signed:
            self.add_error("expires_on", _("This is before the day it was signed."))
        return cleaned


class ProcessorEndForm(forms.Form):
    """When the agreement ended."""

    ended_on = Day(label=_("Ended on"))


class ProcessorProofForm(forms.Form):
    """When the processor proved that it deleted everything."""

    deletion_proof_on = Day(label=_("Proof of deletion received on"))
