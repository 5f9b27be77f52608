"""Lifting a restriction: at once, or with a second person where two had locked the record away."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from privacy import permissions
from privacy.forms.casework import LiftAnswerForm, ReasonForm
from privacy.models import Request, Step
from privacy.services import lifting
from privacy.services.restricting import LIFT_REASONS
from privacy.views.asking import GET_POST, Deed, deed_page, posted, request_here
from staff.permissions import right_required
from stays.views.asking import asking


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
def request_lift(request: HttpRequest, number: str) -> HttpResponse:
    """Let back what the request restricts, ask somebody else to, or answer who asked."""
    asked = request_here(request, number)
    waiting = lifting.asked_to_lift(asked)
    if waiting is not None:
        return _answer(request, asked, waiting)
    return _ask(request, asked) if lifting.needs_two(asked) else _lift(request, asked)


def _lift(request: HttpRequest, asked: Request) -> HttpResponse:
    who = asking(request)
    deed = Deed(
        title=_("Lift the restriction"),
        button=_("Lift it"),
        done=_("The restriction is lifted. Hand over or send the letter that says so now."),
        says=_("What this request locked away is used again. The letter that tells the guest is made with it."),
    )
    return deed_page(
        request,
        asked,
        deed,
        ReasonForm(posted(request), reasons=LIFT_REASONS),
        lambda typed: lifting.lift_restriction(request=asked, actor=who.person, at=who.at, **typed),
    )


def _ask(request: HttpRequest, asked: Request) -> HttpResponse:
    who = asking(request)
    deed = Deed(
        title=_("Lift the restriction"),
        button=_("Ask a second person"),
        done=_("A second person decides now whether the restriction is lifted."),
        says=_("Two persons decided this, so two let it back: you ask, and a second person lifts it on this page."),
    )
    return deed_page(
        request,
        asked,
        deed,
        ReasonForm(posted(request), reasons=LIFT_REASONS),
        lambda typed: lifting.ask_to_lift(request=asked, actor=who.person, at=who.at, **typed),
    )


def _answer(request: HttpRequest, asked: Request, waiting: Step) -> HttpResponse:
    who = asking(request)
    facts = {
        "name": waiting.actor.shown_name if waiting.actor else "",
        "reason": LIFT_REASONS[str(waiting.detail["reason"])],
    }
    deed = Deed(
        title=_("Lift the restriction"),
        button=_("Save the answer"),
        done=_("It is noted. Where the restriction is lifted, hand over or send the letter that says so now."),
        says=_("%(name)s asks for it: %(reason)s. Somebody else answers.") % facts,
    )
    return deed_page(
        request,
        asked,
        deed,
        LiftAnswerForm(posted(request)),
        lambda typed: lifting.answer_lift(request=asked, actor=who.person, at=who.at, **typed),
    )
