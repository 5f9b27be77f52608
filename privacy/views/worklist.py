"""The officer's worklist, and the page of one request."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from privacy import permissions
from privacy.models import Request
from privacy.services import looking_up
from privacy.services.looking_up.lists import LISTS, MINE, OPEN, OVERDUE
from privacy.views.next_deeds import offer
from staff.permissions import right_required
from stays.views.asking import asking

# The tabs of the worklist; the states between stand in a menu.
TABS: Final = (OPEN, MINE, OVERDUE)


@require_safe
@right_required(permissions.DECIDES)
def requests(request: HttpRequest) -> HttpResponse:
    """The requests of this property, the shortest time left first."""
    who = asking(request)
    chosen = request.GET.get("list", OPEN)
    chosen = chosen if chosen in LISTS else OPEN
    found = looking_up.list_requests(
        actor=who.person, property=who.house, which=chosen, page=request.GET.get("page"), at=who.at
    )
    states = [(code, word, found.counts.get(code)) for code, word in Request.State.choices]
    holds_due = looking_up.holds_due(actor=who.person, property=who.house, at=who.at)
    context = {"found": found, "page": found.page, "chosen": chosen, "states": states, "holds_due": holds_due}
    return render(request, "privacy/requests.html", context)


@require_safe
@right_required(permissions.DECIDES)
def request(request: HttpRequest, number: str) -> HttpResponse:
    """One request: what happened, what is decided on, and what is next."""
    who = asking(request)
    found = Request.objects.visible_to(who.person).at(who.house).select_related("property", "stay", "officer")
    asked = get_object_or_404(found, number=number.upper())
    file = looking_up.open_request(request=asked, actor=who.person, at=who.at)
    context: dict[str, Any] = {"file": file, "asked": file.request, "may": offer(file, who.person, who.at)}
    return render(request, "privacy/request.html", context)
