"""What is done to a hold: approved, reviewed, renewed, others named, released. All but the first steps take two."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from privacy import permissions
from privacy.forms.holds import HoldReviewForm, OfficerForm, RenewForm
from privacy.models import Hold
from privacy.services import holding
from privacy.views.asking import GET_POST, hold_here, posted
from staff.permissions import right_required
from staff.refusals import refused_to
from stays.views.asking import asking


@require_POST
@right_required(permissions.DECIDES)
def hold_approve(request: HttpRequest, number: str) -> HttpResponse:
    """Approve what another placed."""
    return _done(request, number, holding.approve_hold, _("The hold is approved and holds from now on."))


@require_POST
@right_required(permissions.DECIDES)
def hold_ask_release(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for its release."""
    return _done(request, number, holding.ask_release, _("Another person can release the hold now."))


@require_POST
@right_required(permissions.DECIDES)
def hold_release(request: HttpRequest, number: str) -> HttpResponse:
    """Release it, after another person asked."""
    return _done(request, number, holding.release_hold, _("The hold is released; what waited for it goes on."))


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
def hold_review(request: HttpRequest, number: str) -> HttpResponse:
    """Note what came of looking at it again."""
    found, who = hold_here(request, number), asking(request)

    def review(data: dict[str, Any]) -> str:
        holding.review_hold(
            hold=found, actor=who.person, outcome=data["outcome"], review_on=data["review_on"], at=who.at
        )
        return _("The review is on record.")

    return _asked_for(request, found, "privacy/hold_review.html", HoldReviewForm(posted(request)), review)


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
def hold_officer(request: HttpRequest, number: str) -> HttpResponse:
    """Let one more person know of a confidential hold."""
    found, who = hold_here(request, number), asking(request)

    def name(data: dict[str, Any]) -> str:
        holding.name_officer(hold=found, actor=who.person, officer=data["officer"], at=who.at)
        return _("This person may know of the hold now.")

    return _asked_for(request, found, "privacy/hold_officer.html", OfficerForm(posted(request), hold=found), name)


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
@sensitive_post_parameters("document_number")
def hold_renew(request: HttpRequest, number: str) -> HttpResponse:
    """Place the hold that goes on from this one, and go to it."""
    found, who = hold_here(request, number), asking(request)
    form = RenewForm(posted(request), hold=found)
    if form.is_bound and form.is_valid() and (until := form.until_at(who.house.zone)) is not None:
        with refused_to(form, request):
            renewed = holding.renew_hold(
                hold=found, actor=who.person, review_on=form.cleaned_data["review_on"], until=until, at=who.at,
                document_number=form.cleaned_data.get("document_number", ""),
            )  # fmt: skip
            messages.success(request, _("Hold %(number)s is placed.") % {"number": renewed.number})
            return redirect("hold", renewed.number)
    return render(request, "privacy/hold_renew.html", {"hold": found, "form": form})


def _done(request: HttpRequest, number: str, deed: Any, said: str) -> HttpResponse:
    found, who = hold_here(request, number), asking(request)
    deed(hold=found, actor=who.person, at=who.at)
    messages.success(request, said)
    return redirect("hold", found.number)


def _asked_for(
    request: HttpRequest, found: Hold, template: str, form: Form, do: Callable[[dict[str, Any]], str]
) -> HttpResponse:
    """Show the form of a deed, do it with what was typed, and go back to the hold; refusals stand on the form."""
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            messages.success(request, do(form.cleaned_data))
            return redirect("hold", found.number)
    return render(request, template, {"hold": found, "form": form})
