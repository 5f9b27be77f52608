"""Figures of requests and of the purge as bars, with the words beside them."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from privacy.models import Request
from privacy.templatetags.purges import SHORT
from stays.plots import Panel, bars

GROUNDS: Final[dict[str, Promise]] = {
    "unverified": pgettext_lazy("refused because", "Not sure who asks"),
    "not_entitled": pgettext_lazy("refused because", "Not entitled"),
    "nothing_held": pgettext_lazy("refused because", "Nothing held"),
    "no_ground": pgettext_lazy("refused because", "No ground in law"),
    "still_needed": pgettext_lazy("refused because", "Still needed"),
    "needed_for_stay": pgettext_lazy("refused because", "Needed for the stay"),
    "duty_goes_on": pgettext_lazy("refused because", "Legal duty goes on"),
    "not_proven": pgettext_lazy("refused because", "Error not proven"),
    "not_transferable": pgettext_lazy("refused because", "Not transferable"),
    "others_data": pgettext_lazy("refused because", "About somebody else"),
    "unchanged": pgettext_lazy("refused because", "First decision stands"),
}


def panels(figures: Mapping[str, Any]) -> list[Panel]:
    """The plots of figures as ``services.figures`` counts them; those with nothing to show are left out."""
    drawn = [
        _counted("kinds", _("By kind"), figures, dict(Request.Kind.choices)),
        _counted("channels", _("By channel"), figures, dict(Request.Channel.choices)),
        _counted("outcomes", _("By outcome"), figures, dict(Request.Result.choices)),
        _counted("grounds", _("Refused, by reason"), figures, GROUNDS),
        _medians(figures),
    ]
    return [panel for panel in drawn if panel.bars]


def _counted(key: str, title: Promise, figures: Mapping[str, Any], names: Mapping[str, Any]) -> Panel:
    counts = sorted(figures[key].items(), key=lambda each: -each[1])  # what a review kept has lost its order
    values = [(str(names.get(code, code)), count, number_format(count)) for code, count in counts]
    return Panel(key, title, _("Requests"), bars(values))


def purge_panels(figures: Mapping[str, Any]) -> list[Panel]:
    """The plots of the purge as ``purging.figures`` counts it; months keep their order."""
    records = _("Records")
    drawn = [
        _plotted("purged", _("Purged, by month"), records, figures["purged"]),
        _plotted("purged-records", _("Purged in a year, by record"), records, _named(figures["purged_records"])),
        _plotted("restricted", _("Restricted, by month"), records, figures["restricted"]),
        _plotted("skipped", _("Kept back in the newest plan"), records, _named(figures["skipped"])),
        _plotted("due", _("Due in the next 12 months"), records, figures["due"]),
        _plotted("due-records", _("Due in the next 12 months, by record"), records, _named(figures["due_records"])),
    ]
    return [panel for panel in drawn if any(bar.value for bar in panel.bars)]


def _plotted(key: str, title: Promise, counted: Promise, values: Mapping[str, int]) -> Panel:
    return Panel(key, title, counted, bars([(name, count, number_format(count)) for name, count in values.items()]))


def _named(counts: Mapping[str, int]) -> dict[str, int]:
    """Largest first, under their names."""
    ordered = sorted(counts.items(), key=lambda each: -each[1])
    return {str(SHORT.get(code, code)): count for code, count in ordered}


def _medians(figures: Mapping[str, Any]) -> Panel:
    names = dict(Request.Kind.choices)
    tenths = sorted(figures["medians"].items(), key=lambda each: -(each[1] or 0))
    values = [(str(names[code]), days / 10, number_format(days / 10, 1)) for code, days in tenths if days is not None]
    return Panel("medians", _("Median days to the answer"), _("Days"), bars(values))
