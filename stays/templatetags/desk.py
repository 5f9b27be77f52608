"""Tags and filters of the desk's pages.

What stands in every row of a list is made here: fifty rows of included templates take longer than all else on the page.
"""

from datetime import date
from decimal import Decimal
from functools import lru_cache

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from staff.templatetags.house import chip, key
from stays.forms import labels
from stays.models import Stay
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


@register.simple_tag
def stay_dates(stay: Stay) -> SafeString:
    """The days of arrival and departure, and how many nights lie between."""
    nights = ngettext("%(nights)s night", "%(nights)s nights", stay.nights) % {"nights": stay.nights}
    return format_html('{} – {} <span class="soft">· {}</span>', _day(stay.arrival_on), _day(stay.departure_on), nights)


def _day(day: date) -> str:
    return _day_in(get_language(), day)


@lru_cache(maxsize=1000)
def _day_in(_language: str | None, day: date) -> str:
    return date_format(day, "MONTH_DAY_FORMAT")


@register.simple_tag
def stay_badges(stay: Stay, today: date) -> SafeString:
    """Where the stay stands, what is urgent first, and that it is confidential."""
    badge = _badge(stay, today)
    return mark_safe(badge + chip(_("Confidential"), "quiet")) if stay.confidential else badge  # noqa: S308 (both are chips)


def _badge(stay: Stay, today: date) -> SafeString:
    if stay.is_overdue(today):
        return chip(_("Overdue"), "urgent")
    if stay.is_due_out(today):
        return chip(_("Due out"), "today")
    if stay.is_late(today):
        return chip(_("Late"), "urgent")
    return chip(stay.get_status_display(), "quiet")


@register.simple_tag(takes_context=True)
def row_deed(context: Context, stay: Stay) -> SafeString | str:
    """The one deed that is next for this stay, where the reader works the desk of its property."""
    house = context["house"]
    if "work_desk" not in house.rights or stay.property_id != house.property.pk:
        return ""
    if stay.status == Stay.Status.EXPECTED:
        return _deed("check_in", stay, "c", _("Check in"))
    return _deed("check_out", stay, "o", _("Check out")) if stay.status == Stay.Status.IN_HOUSE else ""


def _deed(view: str, stay: Stay, letter: str, words: str) -> SafeString:
    address = reverse(view, args=(stay.reference,))
    return format_html('<a class="button tight" href="{}" data-key="{}">{} {}</a>', address, letter, words, key(letter))


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
