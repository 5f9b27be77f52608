"""What is shown of a value before it is revealed (experience.md, habit 6)."""

import re
from collections.abc import Callable

HIDDEN = "••••"
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_NO_DIGITS = re.compile(r"\D")
_YEAR = re.compile(r"\d{4}(?=-\d{2}-\d{2}$)")


def mask(field: str, plain: str) -> str:
    """The mask of a field's value; empty for an empty one."""
    if not plain:
        return ""
    return _MASK_OF.get(field, _hidden)(plain)


def _hidden(plain: str) -> str:
    return HIDDEN


def _tail(plain: str) -> str:
    shown = min(4, len(plain) // 2)
    return f"·· {plain[-shown:]}" if shown else HIDDEN


def _phone(plain: str) -> str:
    return _tail(_NO_DIGITS.sub("", plain))


def _card(plain: str) -> str:
    digits = _NO_DIGITS.sub("", plain)
    return f"·· {digits[-4:]}" if len(digits) >= 4 else HIDDEN


def _email(plain: str) -> str:
    local, at, domain = plain.rpartition("@")
    if not at or not local:
        return HIDDEN
    last = local[-1] if len(local) > 2 else ""
    return f"{local[0] if len(local) > 1 else ''}…{last}@{domain}"


def _birth_year(plain: str) -> str:
    year = _YEAR.match(plain)
    return year.group() if year else HIDDEN


def _name(plain: str) -> str:
    return " ".join(_han_name(word) if _HAN.search(word) else _latin_word(word) for word in plain.split())


def _han_name(word: str) -> str:
    if len(word) < 2:
        return "*"
    last = word[-1] if len(word) > 2 else "*"
    return word[0] + "*" * (len(word) - 2) + last


def _latin_word(word: str) -> str:
    return word[0] + "*" * (len(word) - 1) if len(word) > 1 else "*"


_MASK_OF: dict[str, Callable[[str], str]] = {
    "name": _name,
    "latin_name": _name,
    "payer": _name,
    "phone": _phone,
    "email": _email,
    "document_number": _tail,
    "card_last4": _card,
    "birth_date": _birth_year,
}
