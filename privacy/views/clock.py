"""The clock of a request: paused, running again, extended."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from privacy import permissions
from privacy.forms.casework import NothingForm, ReasonForm
from privacy.services import clock
from privacy.views.asking import GET_POST, Deed, deed_page, posted, request_here
from staff.permissions import right_required
from stays.views.asking import asking


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
def request_pause(request: HttpRequest, number: str) -> HttpResponse:
    """Let the clock stand still."""
    asked, who = request_here(request, number), asking(request)
    form = ReasonForm(posted(request), reasons=clock.PAUSE_REASONS)
    deed = Deed(
        title=_("Pause the clock"),
        button=_("Pause"),
        done=_("The clock stands still."),
        says=_("The days until the answer is due stand still until you let the clock run again."),
    )
    return deed_page(
        request,
        asked,
        deed,
        form,
        lambda typed: clock.pause_request(request=asked, actor=who.person, at=who.at, **typed),
    )


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
def request_resume(request: HttpRequest, number: str) -> HttpResponse:
    """Let the clock run again."""
    asked, who = request_here(request, number), asking(request)
    deed = Deed(
        title=_("Let the clock run again"),
        button=_("Let it run"),
        done=_("The clock runs again."),
        says=_("The days it stood still are added to the due date."),
    )
    return deed_page(
        request,
        asked,
        deed,
        NothingForm(posted(request)),
        lambda _typed: clock.resume_request(request=asked, actor=who.person, at=who.at),
    )


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
def request_extend(request: HttpRequest, number: str) -> HttpResponse:
    """Extend the period, once."""
    asked, who = request_here(request, number), asking(request)
    form = ReasonForm(posted(request), reasons=clock.EXTENSION_REASONS)
    deed = Deed(
        title=_("Extend the period"),
        button=_("Extend"),
        done=_("The period is extended. Make the letter that says so and hand it over now."),
        says=_("A request can be extended once, and the requester has to be told why before the first period ends."),
    )
    return deed_page(
        request,
        asked,
        deed,
        form,
        lambda typed: clock.extend_request(request=asked, actor=who.person, at=who.at, **typed),
    )
