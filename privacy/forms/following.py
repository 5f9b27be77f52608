"""The public page of one's own request."""

from django import forms
from django.utils.translation import gettext_lazy as _

from privacy.forms import fields
from stays.forms.fields import Digits, Line


class FollowForm(forms.Form):
    """Number and code, as they stand on the receipt."""

    number = fields.Number()
    code = Line(label=_("Code from the receipt"), max_length=40)


class AddForm(forms.Form):
    """What the requester adds."""

    text = fields.words(_("Your message"))


class OneTimeCodeForm(forms.Form):
    """The code that came to the contact we have."""

    code = Digits(label=_("One-time code"), count=6)


class AppealWordsForm(forms.Form):
    """Why the answer is not right."""

    words = fields.words(_("What should be looked at again?"))


class RateForm(forms.Form):
    """How the request was handled."""

    rating = forms.TypedChoiceField(
        label=_("How was your request handled?"),
        choices=[
            (5, _("5: very well")),
            (4, _("4: well")),
            (3, _("3: fairly")),
            (2, _("2: badly")),
            (1, _("1: very badly")),
        ],
        coerce=int,
        widget=forms.RadioSelect,
    )
    comment = fields.words(_("Anything else?"), rows=2, required=False)
