"""What an administrator types about a property."""

from typing import Any, Final
from zoneinfo import available_timezones

from django import forms
from django.core.validators import validate_slug
from django.utils.translation import gettext_lazy as _

from staff.forms.fields import LineField, refuse_reserved
from staff.models import Jurisdiction, Property, region_rule

TIME_ZONES: Final = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))


class PropertyForm(forms.Form):
    """Code, names, time zone, jurisdiction."""

    code = LineField(
        label=_("Code"),
        max_length=40,
        validators=[validate_slug],
        help_text=_("Small letters, digits and hyphens, such as harbour. Stands in references."),
    )
    name_zh = LineField(label=_("Chinese name"), max_length=120)
    name_en = LineField(label=_("English name"), max_length=120)
    group_name = LineField(label=_("Hotel group"), max_length=120, required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=[(zone, zone) for zone in TIME_ZONES])
    jurisdiction = forms.ChoiceField(
        label=_("Jurisdiction"),
        choices=Jurisdiction.choices,
        help_text=_("Whose rules decide how long records are kept and how requests are answered."),
    )
    region = LineField(
        label=_("Region"),
        max_length=16,
        required=False,
        validators=[region_rule],
        help_text=_("The province or state, such as CN-31 for Shanghai, where it has rules of its own."),
    )

    def clean_code(self) -> str:
        """The code in small letters; not a word of our addresses."""
        code = str(self.cleaned_data["code"]).lower()
        refuse_reserved(code)
        return code

    @staticmethod
    def of(property: Property | None) -> dict[str, Any]:
        """What the form shows at first: the property's facts, or the usual ones for a new property."""
        if property is None:
            return {"time_zone": "Asia/Shanghai", "jurisdiction": Jurisdiction.CN}
        return {name: getattr(property, name) for name in PropertyForm.base_fields}
