"""Words for the next shift, and who comes to see a guest."""

from django import forms
from django.utils.translation import gettext_lazy as _

from stays.documents import DocumentType
from stays.forms.fields import Line, Name, Words
from stays.free_text import refuse_numbers


class HandoverForm(forms.Form):
    """What the next shift should know. What is about a guest belongs to the stay."""

    text = Words(label=_("For the next shift"), max_length=500, rows=3, validators=[refuse_numbers])


class VisitorForm(forms.Form):
    """Who comes to see the guests of a room."""

    room = Line(label=_("Room"), max_length=8)
    name = Name(label=_("Visitor's name"), max_length=80)
    document_type = forms.ChoiceField(label=_("Document"), choices=DocumentType.choices)
    document_number = Line(label=_("Document number"), max_length=24)
