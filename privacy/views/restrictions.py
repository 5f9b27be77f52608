"""Restricting what a guest contests, and lifting a restriction: at once, or with a second person where two decided."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from privacy import permissions
from privacy.forms.casework import ContestForm, LiftAnswerForm, ReasonForm
from privacy.models import Step
from privacy.services import lifting, restricting
from privacy.services.restricting import LIFT_REASONS
from privacy.views.asking import GET_POST
from privacy.views.deeds import Deed, Page, deed, deed_page, page_of
from staff.permissions import right_required

TITLE = _("Lift the restriction")
LIFT = Deed(
    TITLE,
    _("Lift it"),
    _("The restriction is lifted. Hand over or send the letter that says so now."),
    says=_("What this request locked away is used again. The letter that tells the guest is made with it."),
)
ASK = Deed(
    TITLE,
    _("Ask a second person"),
    _("A second person decides now whether the restriction is lifted."),
    says=_("Two persons decided this, so two let it back: you ask, and a second person lifts it on this page."),
)


@deed(
    title=_("Restrict while it is checked"),
    button=_("Restrict"),
    done=_("The stay is restricted until you lift it."),
    says=_("What the guest contests about this stay is used for nothing until it is settled what is right."),
    form=lambda page: ContestForm(page.typed, asked=page.asked),
)
def request_contest(page: Page, **typed: Any) -> object:
    """Restrict a stay of which something is contested."""
    return restricting.restrict_stay(**page.by, **typed)


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
def request_lift(request: HttpRequest, number: str) -> HttpResponse:
    """Let back what the request restricts, ask somebody else to, or answer who asked."""
    page = page_of(request, number)
    waiting = lifting.asked_to_lift(page.asked)
    if waiting is not None:
        return _answer(page, waiting)
    form = ReasonForm(page.typed, reasons=LIFT_REASONS)
    if lifting.needs_two(page.asked):
        return deed_page(page, ASK, form, lambda typed: lifting.ask_to_lift(**page.by, **typed))
    return deed_page(page, LIFT, form, lambda typed: lifting.lift_restriction(**page.by, **typed))


def _answer(page: Page, waiting: Step) -> HttpResponse:
    facts = {
        "name": waiting.actor.shown_name if waiting.actor else "",
        "reason": LIFT_REASONS[str(waiting.detail["reason"])],
    }
    said = Deed(
        TITLE,
        _("Save the answer"),
        _("It is noted. Where the restriction is lifted, hand over or send the letter that says so now."),
        says=_("%(name)s asks for it: %(reason)s. Somebody else answers.") % facts,
    )
    form = LiftAnswerForm(page.typed)
    return deed_page(page, said, form, lambda typed: lifting.answer_lift(**page.by, **typed))
