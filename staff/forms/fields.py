"""Text as people type it: one line, bounded, normalised, without characters that hide."""

import unicodedata
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

RESERVED: Final = frozenset({"new"})  # stands in an address where a code or staff number could
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


class LineField(forms.CharField):
    """One line of text: NFKC, spaces collapsed; control, format and bidi characters are refused."""

    def __init__(self, *, max_length: int, **options: Any) -> None:
        super().__init__(max_length=max_length, **options)

    def to_python(self, value: Any) -> str:
        """The normalised line."""
        text = " ".join(unicodedata.normalize("NFKC", str(value or "")).split())
        if any(unicodedata.category(letter) in _HIDDEN for letter in text):
            raise ValidationError(_("Take out the invisible or control characters."), code="hidden")
        return super().to_python(text) or ""


def refuse_reserved(code: str) -> None:
    """Refuse a code that an address of ours uses for something else."""
    if code in RESERVED:
        raise ValidationError(_("This word is taken. Choose another."), code="reserved")


def code_field(*, required: bool = True) -> forms.CharField:
    """A one-time code from the app, or a recovery code."""
    return forms.CharField(
        label=_("Code from the authenticator app"),
        help_text=_("Six digits. Without the app: one of your recovery codes."),
        max_length=16,
        required=required,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


def password_field(label: Any = "", *, is_new: bool = False) -> forms.CharField:
    """A password; never stripped, never shown again."""
    return forms.CharField(
        label=label or _("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password" if is_new else "current-password"}),
    )
