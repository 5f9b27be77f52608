"""Fields of the desk: every one bounded, normalised, and clear about what it does not take."""

import re
import unicodedata
from datetime import date, datetime
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_JOINERS: Final = "\u200c\u200d"
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_EARLIEST: Final = date(1900, 1, 1)
_LATEST: Final = date(2199, 12, 31)
_DAY: Final = re.compile(r"(\d{4})[-/.年 ]?(\d{1,2})[-/.月 ]?(\d{1,2})日?")
_GROUP: Final = re.compile(r"[0-9A-Z]+(-[0-9A-Z]+)*")
_PHONE: Final = re.compile(r"\+?[0-9 ()\-./]+")


def refuse_hidden(text: str, allowed: str = "") -> None:
    """Refuse control, format (bidi among them), surrogate, private and unassigned characters."""
    if any(unicodedata.category(letter) in _HIDDEN and letter not in allowed for letter in text):
        raise ValidationError(_("Take out the invisible or control characters."), code="hidden")


class Line(forms.CharField):
    """One line of text: NFKC, spaces collapsed, no hidden characters. ``max_length`` is required."""

    kept: str = ""

    def __init__(self, *, max_length: int, **options: Any) -> None:
        self.expected = options.pop("expected", False)
        super().__init__(max_length=max_length, **options)

    def to_python(self, value: Any) -> str:
        """The normalised line."""
        text = unicodedata.normalize("NFKC", str(value)) if value not in self.empty_values else ""
        refuse_hidden(text, self.kept + "\t")
        return super().to_python(" ".join(text.split())) or ""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Nothing typed at the desk is offered again by the browser."""
        return {"autocomplete": "off", **super().widget_attrs(widget)}


class Name(Line):
    """A person's name, in any script."""

    kept = _JOINERS

    def to_python(self, value: Any) -> str:
        """The normalised name; a name holds at least one letter."""
        text = super().to_python(value)
        if text and not any(letter.isalpha() for letter in text):
            raise ValidationError(_("A name has letters."), code="no_letters")
        return text


class LatinName(Name):
    """A name as the passport's machine-readable lines spell it, or with accents."""

    def to_python(self, value: Any) -> str:
        """The normalised name, refused where it is not in Latin letters."""
        text = super().to_python(value)
        if any(letter.isalpha() and "LATIN" not in unicodedata.name(letter, "") for letter in text):
            raise ValidationError(_("Use Latin letters here, as in the passport."), code="not_latin")
        return text


class Words(forms.CharField):
    """Several lines of free text: NFKC, no hidden characters but line breaks."""

    widget = forms.Textarea

    def __init__(self, *, max_length: int, rows: int = 2, **options: Any) -> None:
        super().__init__(max_length=max_length, **options)
        self.widget.attrs.update({"rows": rows, "autocomplete": "off"})

    def to_python(self, value: Any) -> str:
        """The normalised text with plain line breaks."""
        text = unicodedata.normalize("NFKC", str(value)) if value not in self.empty_values else ""
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        refuse_hidden(text, _JOINERS + "\n\t")
        return super().to_python(text) or ""


class Day(forms.Field):
    """A date typed as 2026-11-21, 20261121, 2026/11/21 or 2026年11月21日; one stop of the Tab key."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        self.expected = options.pop("expected", False)
        super().__init__(**options)

    def to_python(self, value: Any) -> date | None:
        """The date; refused where there is no such day between 1900 and 2199."""
        if value in self.empty_values:
            return None
        if isinstance(value, datetime):
            return value.date()
        return value if isinstance(value, date) else self._read(str(value))

    def _read(self, typed: str) -> date:
        found = _DAY.fullmatch(unicodedata.normalize("NFKC", typed).strip()[:20])
        try:
            day = date(*(int(part) for part in found.groups())) if found else None
        except ValueError:
            day = None
        if day is None or not _EARLIEST <= day <= _LATEST:
            raise ValidationError(_("Write the date as 2026-11-21 or 20261121."), code="day")
        return day

    def prepare_value(self, value: Any) -> Any:
        """As it was typed, or as 2026-11-21."""
        return value.isoformat() if isinstance(value, date) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Digits first on a tablet's keyboard."""
        return {"inputmode": "numeric", "maxlength": 14, "placeholder": "YYYY-MM-DD", "autocomplete": "off"}

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compared as dates, so that another way of writing is no change."""
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


class Phone(Line):
    """A telephone number, with or without its country code."""

    widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel"})

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=24, **options)

    def to_python(self, value: Any) -> str:
        """The number as typed, refused where it cannot be one."""
        text = super().to_python(value)
        digits = sum(letter.isdigit() for letter in text)
        if text and (not _PHONE.fullmatch(text) or not 5 <= digits <= 15):
            raise ValidationError(_("A telephone number has 5 to 15 digits; begin a foreign one with +."), code="phone")
        return text


class GroupNumber(Line):
    """The number an agency or the house gives a group. It is stored in plain, so it can be no name and no phone."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=16, **options)

    def to_python(self, value: Any) -> str:
        """The number in capitals."""
        text = super().to_python(value).upper()
        digits = sum(letter.isdigit() for letter in text)
        if text and not (_GROUP.fullmatch(text) and 1 <= digits <= 10):
            raise ValidationError(_("A group's number has letters A-Z, hyphens and one to ten digits."), code="group")
        return text


class Digits(Line):
    """Exactly so many digits."""

    def __init__(self, *, count: int, **options: Any) -> None:
        self.count = count
        super().__init__(max_length=count, **options)

    def to_python(self, value: Any) -> str:
        """The digits."""
        text = super().to_python(value)
        if text and not re.fullmatch(rf"[0-9]{{{self.count}}}", text):
            raise ValidationError(_("Write exactly %(count)s digits.") % {"count": self.count}, code="digits")
        return text

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Digits on a tablet's keyboard."""
        return {"inputmode": "numeric", **super().widget_attrs(widget)}


def day_typed(text: str | None, otherwise: date) -> date:
    """The date typed, or another where it is none."""
    try:
        return Day(required=False).clean(text) or otherwise
    except ValidationError:
        return otherwise
