"""What is shown to the guest: the registration card on paper, the privacy notice."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from audit.services import Why
from staff.permissions import public, right_required
from staff.refusals import refused_to
from staff.stepping_up import require_step_up
from stays import permissions, purposes, services
from stays.models import Notice, Stay
from stays.views.asking import asking, given_why, kept_why, purpose_form, stay_here
from vault.categories import Category


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("work_desk")
def registration_card(request: HttpRequest, reference: str) -> HttpResponse:
    """The card the guest signs. Showing it is recorded as printing it; of a past stay it asks what for first."""
    stay, who = stay_here(request, reference), asking(request)
    stepped_up = permissions.reveal_grade(who.person, Category.REGISTER, stay, who.at) == permissions.STEP_UP
    if stepped_up:
        require_step_up(request)
    if purposes.kept_serves(stay, who.house, who.at):
        return _card_page(request, stay, kept_why(request), stepped_up=stepped_up)
    form = purpose_form(request, typed=request.method == "POST")
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            return _card_page(request, stay, given_why(form), stepped_up=stepped_up)
    return render(request, "stays/ask_purpose.html", {"form": form})


def _card_page(request: HttpRequest, stay: Stay, why: Why, *, stepped_up: bool) -> HttpResponse:
    who = asking(request)
    card = services.print_card(stay, actor=who.person, why=why, stepped_up=stepped_up, at=who.at)
    return render(request, "stays/registration_card.html", {"stay": stay, "card": card})


@public
@require_safe
def notice(request: HttpRequest, version: int) -> HttpResponse:
    """One version of the privacy notice, for everybody."""
    return render(request, "stays/notice.html", {"notice": get_object_or_404(Notice, version=version)})
