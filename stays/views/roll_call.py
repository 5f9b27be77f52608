"""The roll call on screen and on paper."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from staff.permissions import right_required
from stays import services
from stays.services import down_time
from stays.views.asking import asking


@require_safe
@right_required("work_desk")
def roll_call(request: HttpRequest) -> HttpResponse:
    """Everybody in house by floor, to be printed."""
    who = asking(request)
    called = services.call_roll(actor=who.person, property=who.house, at=who.at)
    return render(request, "stays/roll_call.html", {"roll": called, "sheet": down_time.newest(who.house, who.at)})
