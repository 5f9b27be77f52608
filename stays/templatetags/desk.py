"""Filters of the desk's pages."""

from decimal import Decimal

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from stays.forms import labels
from vault.values import Value

register = template.Library()


@register.filter
def label(field: str) -> str:
    """What a sealed field is called."""
    return labels.label(field)


@register.filter
def said(value: Value, field: str) -> str:
    """The plain value in words. Written only where showing it in plain is meant."""
    return labels.said(field, value.plain)


@register.filter
def money(amount: Decimal, currency: str) -> str:
    """An amount with its currency: ``CNY 1,234.50``."""
    return f"{currency}\u00a0{number_format(amount, decimal_pos=2, force_grouping=True)}"


@register.filter
def notice_text(text: str) -> SafeString:
    """A notice as headings (lines beginning with ``## ``), list items (``- ``) and paragraphs."""
    return format_html_join("\n", "{}", ((_block(block.strip()),) for block in text.split("\n\n") if block.strip()))


def _block(block: str) -> SafeString:
    lines = block.splitlines()
    if lines[0].startswith("## "):
        rest = "\n".join(lines[1:]).strip()
        heading = format_html("<h2>{}</h2>", lines[0][3:])
        return format_html("{}\n{}", heading, _block(rest)) if rest else heading
    if all(line.startswith("- ") for line in lines):
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((line[2:],) for line in lines)))
    return format_html("<p>{}</p>", format_html_join("\n", "{}", ((line,) for line in lines)))
