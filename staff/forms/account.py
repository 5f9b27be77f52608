"""One's own account and shift."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.forms.fields import LineField
from staff.models import Property


class PropertyChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A property, named in the reader's language."""

    def label_from_instance(self, property: Property) -> str:
        """The name as people know it."""
        return property.name


class ShiftForm(forms.Form):
    """Where the shift is: property and terminal."""

    property = PropertyChoice(queryset=Property.objects.none(), label=_("Property"), empty_label=None)
    terminal = LineField(
        label=_("Terminal"),
        max_length=40,
        help_text=_("What the sticker on this screen says, such as Desk 1. Kept on this computer."),
    )

    def __init__(self, *args: Any, properties: list[Property], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["property"]
        field.queryset = Property.objects.filter(pk__in=[one.pk for one in properties])  # type: ignore[attr-defined]
        if len(properties) <= 4:
            field.widget = forms.RadioSelect(choices=field.choices)  # type: ignore[attr-defined]
