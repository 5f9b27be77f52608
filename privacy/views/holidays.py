"""The calendar of days off: what answers and reminders count their working days by."""

from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from privacy import permissions
from privacy.forms.rules import HolidaysForm
from privacy.models import Holiday
from privacy.services import calendar_days
from privacy.views.asking import GET_POST, posted
from privacy.views.rule_lines import place_name
from staff.permissions import any_right_required
from stays.views.asking import asking


@require_http_methods(GET_POST)
@any_right_required(*permissions.KEEPS_HOLIDAYS)
def holidays(request: HttpRequest) -> HttpResponse:
    """The days that are entered, year by year, and a form for those of another year."""
    who = asking(request)
    missing = calendar_days.missing_years(who.house, at=who.at)
    form = HolidaysForm(posted(request), initial={"year": missing[0] if missing else who.today.year + 1})
    if form.is_bound and form.is_valid():
        year, days = form.cleaned_data["year"], form.cleaned_data["days"]
        count = calendar_days.enter_year(actor=who.person, house=who.house, year=year, days=days)
        messages.success(request, _("Days entered for %(year)s: %(count)s") % {"year": year, "count": count})
        return redirect("holidays")
    known = Holiday.objects.filter(jurisdiction=who.house.jurisdiction).order_by("-day")
    years = [(year, sorted(days, key=lambda one: one.day)) for year, days in groupby(known, lambda one: one.day.year)]
    context = {"form": form, "years": years, "missing": missing, "place": place_name(who.house.jurisdiction)}
    return render(request, "privacy/holidays.html", context)
