"""Keeps numbers that name a person out of free text: documents, phones, cards, addresses of mail.

Free text is sealed too, but nobody looks there when a guest asks what is kept about them. Room numbers, amounts,
dates and our own references pass.
"""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LONGEST_HARMLESS_RUN = 6

_CHINESE_DIGITS = str.maketrans("〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "001234567891123456789")
_HARMLESS = re.compile(
    r"\b\d{4}-\d{6}\b|\b[CcRr]-\d{6}\b|\b(19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\b\d{1,2}:\d{2}(:\d{2})?\b"
)
_RUN = re.compile(r"[A-Za-z]{0,3}\d(?:[ \-.·()]{0,2}\d)*")
_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


def looks_personal(text: str) -> bool:
    """Whether the text holds what looks like a document, phone or card number, or an address of mail."""
    plain = _HARMLESS.sub(" ; ", unicodedata.normalize("NFKC", text).translate(_CHINESE_DIGITS))
    runs = (sum(sign.isdigit() for sign in run) for run in _RUN.findall(plain))
    return any(digits > LONGEST_HARMLESS_RUN for digits in runs) or bool(_MAIL.search(plain))


def refuse_numbers(text: str) -> None:
    """Validator of forms. Raises ValidationError when the text looks personal."""
    if looks_personal(text):
        raise ValidationError(
            _("Please leave out document, phone and card numbers and e-mail addresses; they have their own fields."),
            code="looks_personal",
        )
