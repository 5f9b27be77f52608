"""What an administrator types about a person."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.forms.account import PropertyChoice
from staff.forms.fields import LineField, refuse_reserved
from staff.models import Person, Property, staff_number_rule
from staff.roles import ROLE_NAMES


class PersonForm(forms.Form):
    """Names, e-mail, language."""

    name = LineField(label=_("Name"), max_length=80)
    latin_name = LineField(label=_("Name in Latin letters"), max_length=80, required=False)
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("For the enrolment link. Without it, hand the link over yourself."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=Person.Language.choices)


class PostForm(forms.Form):
    """A role at a property."""

    property = PropertyChoice(queryset=Property.objects.none(), label=_("Property"), empty_label=None)
    role = forms.ChoiceField(label=_("Role"), choices=tuple(ROLE_NAMES.items()))

    def __init__(self, *args: Any, properties: list[Property], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["property"].queryset = Property.objects.filter(  # type: ignore[attr-defined]
            pk__in=[one.pk for one in properties]
        )


class NewPersonForm(PostForm, PersonForm):
    """A new account and its first role."""

    staff_number = LineField(
        label=_("Staff number"),
        max_length=32,
        help_text=_("What the person types to sign in, such as hb-017. It cannot be changed later."),
    )
    field_order = ("staff_number", "name", "latin_name", "email", "language", "property", "role")

    def clean_staff_number(self) -> str:
        """The number in small letters; not a word of our addresses."""
        number = str(self.cleaned_data["staff_number"]).lower()
        refuse_reserved(number)
        staff_number_rule(number)
        return number

    def facts(self) -> dict[str, str]:
        """What belongs to the person rather than to the post."""
        return {name: self.cleaned_data[name] for name in ("staff_number", *PersonForm.base_fields)}
