"""May I tell the caller?"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from staff.permissions import right_required
from stays import services
from stays.forms.callers import CallerForm
from stays.views.asking import asking
from stays.views.departures import GET_POST


@require_http_methods(GET_POST)
@right_required("work_desk")
def caller(request: HttpRequest) -> HttpResponse:
    """The sentence for everybody on the telephone; dates and bill for who proves to be the guest."""
    who, typed = asking(request), request.POST if request.method == "POST" else None
    form = CallerForm(typed, initial={"asked_for": request.GET.get("stay", "")[:16]})
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        asked_for, facts = form.cleaned_data["asked_for"], form.facts()
        context |= {
            "is_asked": True,
            "told": services.ask_caller(
                actor=who.person, property=who.house, asked_for=asked_for, facts=facts, at=who.at
            ),
        }
    return render(request, "stays/caller.html", context)
