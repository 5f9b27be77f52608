"""Filters of the pages of registers and figures."""

from collections.abc import Iterable

from django import template
from django.utils.formats import number_format

from audit.registry import listed
from vault.categories import Category

register = template.Library()


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
