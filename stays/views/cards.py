"""What is shown to the guest: the registration card on paper, the privacy notice."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from staff.permissions import public, right_required
from staff.stepping_up import require_step_up
from stays import permissions, services
from stays.models import Notice
from stays.views.asking import asking, kept_why, stay_here
from vault.categories import Category


@require_safe
@right_required("work_desk")
def registration_card(request: HttpRequest, reference: str) -> HttpResponse:
    """The card the guest signs. Showing it is recorded as printing it."""
    stay, who = stay_here(request, reference), asking(request)
    stepped_up = permissions.reveal_grade(who.person, Category.REGISTER, stay, who.at) == permissions.STEP_UP
    if stepped_up:
        require_step_up(request)
    card = services.print_card(stay, actor=who.person, why=kept_why(request), stepped_up=stepped_up, at=who.at)
    return render(request, "stays/registration_card.html", {"stay": stay, "card": card})


@public
@require_safe
def notice(request: HttpRequest, version: int) -> HttpResponse:
    """One version of the privacy notice, for everybody."""
    return render(request, "stays/notice.html", {"notice": get_object_or_404(Notice, version=version)})
