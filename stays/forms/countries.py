"""Nationalities: ISO 3166 alpha-3 and the extra codes of passports (ICAO 9303, part 3), in both languages."""

from functools import cache
from pathlib import Path

from django.utils.translation import get_language

_TABLE = Path(__file__).with_name("countries.tsv")


@cache
def names() -> dict[str, tuple[str, str]]:
    """English and Chinese name by code."""
    rows = (line.split("\t") for line in _TABLE.read_text(encoding="utf-8").splitlines())
    return {code: (english, chinese) for code, english, chinese in rows}


@cache
def _codes() -> dict[str, str]:
    return {name.casefold(): code for code, pair in names().items() for name in pair}


def code_of(name: str) -> str:
    """The code of a country by its name in either language; empty where it is not known."""
    return _codes().get(name.casefold(), "")


def listed() -> list[tuple[str, str]]:
    """Every code with its name in the language of the page."""
    return [(code, name(code)) for code in names()]


def name(code: str) -> str:
    """The country's name in the language of the page; the code itself where it is not known."""
    pair = names().get(code)
    if pair is None:
        return code
    return pair[1] if (get_language() or "").startswith("zh") else pair[0]
