"""The room board and its timeline."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from staff.locking import is_poll
from staff.permissions import right_required
from stays import services
from stays.boards import TIMELINE_DAYS
from stays.forms.fields import day_typed
from stays.views.asking import asking, kept_why


@require_safe
@right_required("work_desk")
def room_board(request: HttpRequest) -> HttpResponse:
    """Every room, floor by floor. The page asks again by itself; where nothing has changed nothing is shown anew."""
    who, asks_again = asking(request), is_poll(request)
    seen = request.GET.get("seen", "") if asks_again else ""
    board = services.open_board(actor=who.person, property=who.house, why=kept_why(request), at=who.at, seen=seen)
    if board is None:
        return HttpResponse(status=204)
    page = "stays/_board.html" if asks_again else "stays/room_board.html"
    return render(request, page, {"board": board})


@require_safe
@right_required("work_desk")
def room_timeline(request: HttpRequest) -> HttpResponse:
    """The rooms by date, two weeks from a day on."""
    who = asking(request)
    first = max(day_typed(request.GET.get("from"), who.today), who.today)
    timeline = services.open_timeline(
        actor=who.person, property=who.house, first=first, why=kept_why(request), at=who.at
    )
    step = timedelta(days=TIMELINE_DAYS)
    context = {"timeline": timeline, "today": who.today, "later": first + step, "earlier": max(first - step, who.today)}
    return render(request, "stays/room_timeline.html", context)
