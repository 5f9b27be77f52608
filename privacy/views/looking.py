"""More of a request than its page: its log, and how to reach who asks."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from privacy import permissions
from privacy.services import looking_up
from privacy.views.asking import request_here
from staff import reading
from staff.permissions import right_required
from stays.views.asking import asking


@require_safe
@right_required(permissions.DECIDES)
def request_log(request: HttpRequest, number: str) -> HttpResponse:
    """The log of this request in plain sentences, newest first. Reading it is a line too."""
    asked = request_here(request, number)
    page = looking_up.read_log(request=asked, actor=asking(request).person, page=request.GET.get("page"))
    lines = reading.tell_events(page.object_list)
    older = f"page={page.next_page_number()}" if page.has_next() else ""
    context = {"asked": asked, "lines": lines, "older": older, "is_first": not page.has_previous()}
    return render(request, "privacy/request_log.html", context)


@require_POST
@right_required(permissions.DECIDES)
@sensitive_variables("value")
def request_reveal(request: HttpRequest, number: str, field: str) -> HttpResponse:
    """The phone or e-mail of who asks, in plain for half a minute."""
    asked = request_here(request, number)
    value = looking_up.reveal_contact(request=asked, actor=asking(request).person, field=field)
    context = {"asked": asked, "field": field, "value": value, "seconds": settings.REVEAL_SECONDS}
    if request.headers.get("HX-Request"):
        return render(request, "privacy/_contact_revealed.html", context)
    response = render(request, "privacy/request_reveal.html", context)
    response["Refresh"] = f"{settings.REVEAL_SECONDS}; url={reverse('request', args=[asked.number])}"
    return response
