"""Tags and filters of the desk's pages.

What stands in every row of a list is made here: fifty rows of included templates take longer than all else on the page.
"""

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from django import template
from django.template import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from staff.templatetags.house import chip, key
from stays.forms import labels
from stays.marks import MARKS, marks_on
from stays.models import Stay
from vault.values import Value

register = template.Library()
RESTRICTED: Final = "restricted"


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
    """The days of arrival and departure, the year where it is not this one, and how many nights lie between."""
    return _dates(get_language(), stay.arrival_on, stay.departure_on, timezone.localdate().year)


@register.simple_tag
def stay_badges(stay: Stay, today: date) -> SafeString:
    """Where the stay stands, what is urgent first, that it is confidential, and what rooms above say of it.

    That it is restricted is read by those alone who decide on restrictions: nobody else sees the stay at all.
    """
    urgency = "late" * stay.is_late(today) or "overdue" * stay.is_overdue(today) or "due_out" * stay.is_due_out(today)
    marks = (RESTRICTED,) * stay.is_restricted(timezone.now()) + marks_on(stay)
    return _badges(get_language(), urgency or stay.status, stay.confidential, marks)


@register.simple_tag(takes_context=True)
def row_deed(context: Context, stay: Stay) -> SafeString:
    """The one deed that is next for this stay, where the reader works the desk of its property."""
    house = context["house"]
    here = "work_desk" in house.rights and stay.property_id == house.property.pk
    return _deed(get_language(), stay.status if here else "", stay.reference)


# Fifty rows say the same few things: what is said is kept, by language. No name is among it.


@lru_cache(maxsize=2000)
def _dates(_language: str | None, arrival_on: date, departure_on: date, this_year: int) -> SafeString:
    first, last = (
        date_format(day, "MONTH_DAY_FORMAT" if day.year == this_year else "DATE_FORMAT")
        for day in (arrival_on, departure_on)
    )
    nights = (departure_on - arrival_on).days
    said = ngettext("%(nights)s night", "%(nights)s nights", nights) % {"nights": nights}
    return format_html('{} – {} <span class="soft">· {}</span>', first, last, said)


@lru_cache(maxsize=100)
def _badges(_language: str | None, standing: str, is_confidential: bool, marked: tuple[str, ...]) -> SafeString:
    urgent = {"late": (_("Late"), "urgent"), "overdue": (_("Overdue"), "urgent"), "due_out": (_("Due out"), "today")}
    text, tone = urgent.get(standing) or (str(Stay.Status(standing).label), "quiet")
    badges = [(text, tone), *([(_("Confidential"), "quiet")] if is_confidential else [])]
    badges += [(_("Restricted") if code == RESTRICTED else str(MARKS[code].word), "quiet") for code in marked]
    return format_html_join("", "{}", ((chip(*badge),) for badge in badges))


@lru_cache(maxsize=2000)
def _deed(_language: str | None, status: str, reference: str) -> SafeString:
    deeds = {
        Stay.Status.EXPECTED: ("check_in", "c", _("Check in")),
        Stay.Status.IN_HOUSE: ("check_out", "o", _("Check out")),
    }
    if status not in deeds:
        return SafeString()
    view, letter, words = deeds[Stay.Status(status)]
    address = reverse(view, args=(reference,))
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
