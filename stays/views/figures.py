"""Figures of stays, as plots with their tables."""

from collections.abc import Callable
from datetime import date
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from staff.permissions import right_required
from stays import documents
from stays.forms import countries
from stays.forms.fields import day_typed
from stays.forms.occupants import SEXES
from stays.models import Stay
from stays.plots import Panel, bars
from stays.services.looking_up.figures import OTHERS, Figures, Month, open_figures
from stays.views.asking import asking

LENGTHS: Final[dict[str, Promise]] = {
    "0": gettext_lazy("day room"),
    "1": gettext_lazy("1 night"),
    "2": gettext_lazy("2 nights"),
    "3-6": gettext_lazy("3 to 6 nights"),
    "7-13": gettext_lazy("7 to 13 nights"),
    "14+": gettext_lazy("14 nights and more"),
}


@require_safe
@right_required("see_figures")
def stay_figures(request: HttpRequest) -> HttpResponse:
    """Twelve months, and the groups of one of them. The month stands in the address."""
    who = asking(request)
    asked = day_typed(f"{request.GET.get('month', '')}-01", date.min)
    figures = open_figures(actor=who.person, property=who.house, at=who.at, month=asked)
    context = {"figures": figures, "months": _by_month(figures), "groups": _by_group(figures)}
    return render(request, "stays/stay_figures.html", context)


def _by_month(figures: Figures) -> list[Panel]:
    whole = [
        ("occupancy", _("Occupancy"), _("Percent of the rooms"), lambda month: month.occupancy),
        ("arrivals", _("Stays that arrived"), _("Stays"), lambda month: month.arrivals),
        ("guests", _("Guests who arrived"), _("People"), lambda month: month.guests),
        ("nights", _("Length of stay"), _("Nights on average"), lambda month: month.nights),
    ]  # fmt: skip
    drawn = [_panel(key, title, counted, figures, value) for key, title, counted, value in whole]
    return [panel for panel in drawn if any(bar.value for bar in panel.bars)]


def _panel(key: str, title: str, counted: str, figures: Figures, value: Callable[[Month], float | None]) -> Panel:
    rows = [(date_format(month.first, "YEAR_MONTH_FORMAT"), value(month)) for month in figures.months]
    return Panel(key, title, counted, bars([(name, number or 0, _number(number)) for name, number in rows]))


def _number(number: float | None) -> str:
    if number is None:
        return _("under 5")
    return number_format(number, 1 if isinstance(number, float) else None)


def _by_group(figures: Figures) -> list[Panel]:
    titles = {
        "origin": (_("How they came"), _("Stays"), _channel),
        "length": (_("Planned nights"), _("Stays"), _length),
        "region": (_("Where guests come from"), _("People"), _region),
        "sex": (_("Sex"), _("People"), _sex),
    }
    drawn = []
    for key, (title, counted, word) in titles.items():
        rows = [(_("others") if code == OTHERS else word(code), count) for code, count in figures.groups[key]]
        drawn.append(Panel(f"by-{key}", title, counted, bars([(name, n, number_format(n)) for name, n in rows])))
    return [panel for panel in drawn if panel.bars]


def _channel(code: str) -> str:
    return str(dict(Stay.Origin.choices).get(code, code))


def _length(code: str) -> str:
    return str(LENGTHS.get(code, code))


def _region(code: str) -> str:
    if code == "unknown":
        return _("unknown")
    return documents.region_name(code.removeprefix("CN-")) if code.startswith("CN-") else countries.name(code)


def _sex(code: str) -> str:
    return str(dict(SEXES).get(code) or _("unknown"))
