"""How requests are handled, in numbers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from privacy.forms.reviews import YEAR, PeriodForm, past
from privacy.permissions import SEES_FIGURES
from privacy.services.figures import FEWEST, open_figures
from privacy.views.plots import panels
from staff.permissions import any_right_required
from stays.views.asking import asking


@require_safe
@any_right_required(*SEES_FIGURES)
def request_figures(request: HttpRequest) -> HttpResponse:
    """The figures of a period, the last year where none is asked for; the period stands in the address."""
    who = asking(request)
    form = PeriodForm(past(YEAR, who.today) | {name: value for name, value in request.GET.items() if value})
    context = {"form": form, "fewest": FEWEST}
    if form.is_valid():
        figures = open_figures(actor=who.person, property=who.house, period=form.period, at=who.at)
        context |= {"figures": figures, "panels": panels(figures), "period": form.period}
    return render(request, "privacy/request_figures.html", context)
