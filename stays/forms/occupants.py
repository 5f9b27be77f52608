"""Who comes: each person with the document they show."""

import json
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from stays import documents
from stays.documents import DocumentType
from stays.forms import countries
from stays.forms.fields import Day, LatinName, Line, Name, Words
from stays.models import Occupant
from stays.models.stays import MAX_PARTY
from stays.typed import DocumentData, GuestData, OccupantData, Recognised

SEXES: Final = [("", ""), ("F", _("Female")), ("M", _("Male")), ("X", _("Not stated"))]
READABLE: Final = ("birth_date", "sex", "nationality", "expires_on", "latin_name", "name")


class OccupantForm(forms.Form):
    """One person and their document. What the number or the machine-readable lines say is filled in where empty."""

    document_type = forms.ChoiceField(label=_("Document"), choices=DocumentType.choices)
    document_number = Line(label=_("Document number"), max_length=24)
    name = Name(label=_("Name"), max_length=80, required=False, expected=True)
    latin_name = LatinName(label=_("Latin name"), max_length=80, required=False)
    birth_date = Day(label=_("Date of birth"), required=False, expected=True)
    sex = forms.ChoiceField(label=_("Sex"), choices=SEXES, required=False)
    nationality = Line(label=_("Nationality"), max_length=3, required=False, expected=True)
    expires_on = Day(label=_("Valid until"), required=False)
    known = forms.CharField(max_length=1, required=False, widget=forms.HiddenInput)
    mrz = Words(label=_("Machine-readable lines"), max_length=200, required=False)

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        self.today = today
        self.warnings: list[str] = []
        self.reading: documents.Reading | None = None
        self.recognised: Recognised | None = None
        super().__init__(*args, **options)
        self.fields["sex"].expected = True  # type: ignore[attr-defined]
        self.fields["nationality"].widget.attrs["list"] = "countries"
        self.fields["mrz"].widget.attrs["class"] = "mrz"
        self.fields["nationality"].initial = "CHN"
        self._ask_while_typing()
        self.fields["document_type"].initial = DocumentType.RESIDENT_ID

    def _ask_while_typing(self) -> None:
        """Where JavaScript runs, what a document says is read when its field is left."""
        asks = {
            "hx-post": reverse("recognise"),
            "hx-trigger": "change",
            "hx-include": "closest form",
            "hx-target": f"#{self.prefix}-note",
            "hx-swap": "outerHTML",
            "hx-indicator": "#reading",
            "hx-vals": json.dumps({"person": self.prefix, "reads": "number"}),
        }
        for name in ("document_type", "document_number", "birth_date"):
            self.fields[name].widget.attrs.update(asks)

    def clean_nationality(self) -> str:
        """A code of the table; a German passport writes one letter."""
        code = str(self.cleaned_data["nationality"]).upper()
        code = "DEU" if code == "D" else code
        if code and code not in countries.names():
            raise ValidationError(_("Use the three letters of the passport, for example CHN or GBR."), code="country")
        return code

    def clean(self) -> dict[str, Any]:
        """Fill in what can be read, then look for what is missing. A doubtful number warns and never blocks."""
        data: dict[str, Any] = super().clean() or {}
        self.fill(data)
        if not data.get("name") and data.get("latin_name"):
            data["name"] = data["latin_name"]
        needed = ["name", "birth_date"]
        if data.get("document_type") in documents.OVERSEAS:
            needed.append("nationality")
        for name in needed:
            if not data.get(name) and name not in self.errors:
                self.add_error(name, self.fields[name].error_messages["required"])
        if data.get("birth_date") and data["birth_date"] > self.today:
            self.add_error("birth_date", _("A date of birth is not in the future."))
        return data

    def fill(self, data: dict[str, Any]) -> None:
        """Read the number and keep what it says in the fields that are empty; keep the warnings for the page."""
        number = documents.normalise(str(data.get("document_number") or ""))
        self.reading = documents.read_document(str(data.get("document_type") or ""), number, self.today)
        data["document_number"] = number or data.get("document_number", "")
        for name in READABLE:
            if name in self.fields and not data.get(name) and getattr(self.reading, name):
                data[name] = getattr(self.reading, name)
        expired = documents.expiry_warnings(data.get("expires_on"), self.today)
        self.warnings = [str(warning) for warning in (*self.reading.warnings, *expired)]

    @property
    def region(self) -> str:
        """The two digits of the region the number begins with, or empty."""
        return self.reading.region if self.reading else ""

    @property
    def read_facts(self) -> str:
        """What the number says besides the fields it fills, in words."""
        if self.reading is None or self.reading.document_type not in documents.CARRIES_RESIDENT_NUMBER:
            return ""
        fits = _("the check digit fits") if self.reading.birth_date and not self.reading.warnings else ""
        return " · ".join(str(word) for word in (documents.region_name(self.region), fits) if word)

    def given(self, role: str) -> OccupantData:
        """The person as the services take it; what is not valid is left out."""
        empty: dict[str, Any] = {"birth_date": None, "expires_on": None}
        data: dict[str, Any] = {name: self.cleaned_data.get(name, empty.get(name, "")) for name in self.fields}
        return OccupantData(
            guest=GuestData(name=data["name"], latin_name=data["latin_name"]),
            document=DocumentData(
                document_type=data["document_type"],
                document_number=data["document_number"],
                nationality=data["nationality"],
                birth_date=data["birth_date"],
                sex=data["sex"],
                expires_on=data["expires_on"],
                region=self.region,
            ),
            role=role,
        )


if TYPE_CHECKING:
    OccupantSet = forms.BaseFormSet[OccupantForm]
else:
    OccupantSet = forms.BaseFormSet


class BaseOccupants(OccupantSet):
    """The party: the lead guest first, companions after; a companion left empty is nobody."""

    def given(self) -> list[OccupantData]:
        """Everybody typed, in order."""
        kept = [form for form in self.forms if form.cleaned_data and not self._is_taken_out(form)]
        roles = [Occupant.Role.LEAD] + [Occupant.Role.COMPANION] * len(kept)
        return [form.given(role) for form, role in zip(kept, roles, strict=False)]

    def _is_taken_out(self, form: OccupantForm) -> bool:
        return bool(self.can_delete and form.cleaned_data.get("DELETE"))

    def add_fields(self, form: OccupantForm, index: int | None) -> None:
        """The lead guest cannot be taken out of their own stay."""
        super().add_fields(form, index)
        if index == 0:
            form.fields.pop("DELETE", None)
        elif "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Does not come")


Occupants = forms.formset_factory(
    OccupantForm,
    formset=BaseOccupants,
    extra=0,
    min_num=1,
    max_num=MAX_PARTY,
    absolute_max=MAX_PARTY,
    validate_min=True,
    validate_max=True,
    can_delete=True,
)
