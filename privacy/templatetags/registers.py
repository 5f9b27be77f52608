"""Filters of the pages of registers, certificates and figures."""

from collections.abc import Iterable, Mapping
from typing import Final

from django import template
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.registry import listed
from privacy.letters.parts import PARTS
from privacy.services.ending_restrictions import MATTER_OVER, PERIOD_OVER
from privacy.services.erasing import COPY
from vault.categories import Category

register = template.Library()

ERASED: Final[dict[str, Promise]] = PARTS | {COPY: _("Copy made for an answer")}
WHY_ERASED: Final[dict[str, Promise]] = {
    "deletion_asked": _("The guest asked for the deletion"),
    "objection_asked": _("The guest objected to the use"),
    PERIOD_OVER: _("The period it had to be kept is over"),
    MATTER_OVER: _("The matter it was kept for is over"),
}
PLACES: Final[dict[str, Promise]] = {
    "certificate": _("Parts named that lead nowhere any more"),
    "records": _("Records of sealed parts"),
    "contents": _("Sealed contents"),
    "keys": _("Keys that could open them"),
    "search": _("Index of the search"),
    "forms": _("Forms left half typed"),
    "notes": _("Notes of the desk"),
    "links": _("Links to copies of the record"),
    "codes": _("One-time codes to the contact"),
}


@register.filter
def categories(codes: Iterable[str]) -> str:
    """The categories of data in words."""
    return listed([str(Category(code).label) for code in codes])


@register.filter
def tenths(value: int | None) -> str:
    """A number kept in tenths: 125 as 12.5; a dash where there is none."""
    return "–" if value is None else number_format(value / 10, 1)


@register.filter
def hundredths(value: int | None) -> str:
    """A number kept in hundredths: 425 as 4.3; a dash where there is none."""
    return "–" if value is None else number_format(value / 100, 1)


@register.filter
def counted_parts(counts: Mapping[str, int]) -> str:
    """What a certificate counts, by category of data and in the order of the sheet: name 1, contact details 2."""
    order = dict.fromkeys([*ERASED, *counts])
    return listed([f"{ERASED.get(code, code)} {counts[code]}" for code in order if code in counts])


@register.filter
def erased_because(code: str) -> str:
    """Why something was erased."""
    return str(WHY_ERASED.get(code, code))


@register.filter
def places_searched(found: Mapping[str, Mapping[str, int]]) -> list[tuple[str, Mapping[str, int]]]:
    """The places of a search in words, each with what was searched and found there."""
    return [(str(PLACES[code]), found[code]) for code in PLACES if code in found]
