"""Files of registrations and the police's answers to them."""

import csv
import io
import re
from collections.abc import Iterator
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from stays.forms.fields import Line
from stays.models import Registration, RegistrationFile
from stays.services.registering import Answer

MOST_BYTES: Final = 256 * 1024
MOST_LINES: Final = 2000
_RECEIPT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9./-]{2,39}")
_NUMBER: Final = re.compile(r"[0-9]{1,15}")


def check_receipt(text: str) -> None:
    """A receipt is a number of letters, digits, dots, slashes and hyphens."""
    if not _RECEIPT.fullmatch(text):
        raise ValidationError(_("A receipt number has 3 to 40 letters and digits."), code="receipt")


class ReportFileForm(forms.Form):
    """How the file is to be written."""

    format = forms.ChoiceField(
        label=_("Form of the file"), choices=RegistrationFile.Format.choices, widget=forms.RadioSelect, initial="csv"
    )


class AnswerForm(forms.Form):
    """What the police's system says to one report."""

    receipt = Line(
        label=_("Number of the receipt"), max_length=40, required=False, validators=[check_receipt], expected=True
    )
    failure = forms.ChoiceField(label=_("Or why it failed"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", _("it did not fail")), *Registration.Failure.choices]
        self.fields["failure"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Either a receipt or a failure."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("receipt") and data.get("failure"):
            self.add_error("failure", _("Enter the receipt or choose why it failed, not both."))
        return data


class AnswersForm(forms.Form):
    """A file of answers: CSV with the columns ``report``, ``receipt`` and ``failure``."""

    file = forms.FileField(label=_("File of answers"), widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}))

    def clean_file(self) -> list[Answer]:
        """The answers, in order; what is wrong with a line is told with its number."""
        given: Any = self.cleaned_data["file"]
        if (given.size or 0) > MOST_BYTES:
            raise ValidationError(_("The file is too large: 2,000 lines at most."), code="size")
        try:
            text = given.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ValidationError(_("This is no text in UTF-8."), code="encoding") from None
        answers = list(_answers(text))
        if not answers:
            raise ValidationError(_("The file holds no answer."), code="empty")
        return answers


def _answers(text: str) -> Iterator[Answer]:
    reader = csv.DictReader(io.StringIO(text))
    if not {"report", "receipt"}.issubset(reader.fieldnames or ()):
        raise ValidationError(_("The first line names the columns: report, receipt, failure."), code="columns")
    for number, line in enumerate(reader, start=2):
        if number > MOST_LINES + 1:
            raise ValidationError(_("The file is too large: 2,000 lines at most."), code="size")
        yield _answer(number, line)


def _answer(number: int, line: dict[str, str | None]) -> Answer:
    report, receipt, failure = ((line.get(name) or "").strip() for name in ("report", "receipt", "failure"))
    if not _NUMBER.fullmatch(report):
        raise ValidationError(_("Line %(line)s: the number of the report is missing."), params={"line": number})
    if receipt and not _RECEIPT.fullmatch(receipt):
        raise ValidationError(_("Line %(line)s: this is no receipt number."), params={"line": number})
    if failure and failure not in Registration.Failure.values:
        raise ValidationError(_("Line %(line)s: this is no known failure."), params={"line": number})
    return Answer(int(report), receipt, failure, number)
