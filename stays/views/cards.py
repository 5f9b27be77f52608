"""What goes on paper: registration cards, the arrivals sheet, the roll call; and the privacy notice shown to guests."""

from collections.abc import Callable, Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from audit.services import Why
from staff.permissions import public, right_required
from staff.refusals import refused_to
from staff.stepping_up import require_step_up
from stays import permissions, purposes, services
from stays.models import Notice, Stay
from stays.papers import as_pdf, sheets
from stays.papers.blocks import Paper
from stays.services.looking_up.arrivals import print_arrivals
from stays.typed import CardPage
from stays.views.asking import asking, given_why, kept_why, purpose_form, stay_here
from stays.views.departures import GET_POST
from vault.categories import Category

Show = Callable[[HttpRequest, CardPage], HttpResponse]


@require_http_methods(GET_POST)
@right_required("work_desk")
def registration_card(request: HttpRequest, reference: str) -> HttpResponse:
    """The card the guest signs. Showing it is recorded as printing it; of a past stay it asks what for first."""
    return _card(request, reference, _as_page)


@require_http_methods(GET_POST)
@right_required("work_desk")
def registration_card_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The cards of the party as PDF, in both languages, one for each guest."""
    return _card(request, reference, _as_file)


def _card(request: HttpRequest, reference: str, show: Show) -> HttpResponse:
    stay, who = stay_here(request, reference), asking(request)
    stepped_up = permissions.reveal_grade(who.person, Category.REGISTER, stay, who.at) == permissions.STEP_UP
    if stepped_up:
        require_step_up(request)
    if purposes.kept_serves(stay, who.house, who.at):
        return show(request, _printed(request, stay, kept_why(request), stepped_up=stepped_up))
    form = purpose_form(request, typed=request.method == "POST")
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            return show(request, _printed(request, stay, given_why(form), stepped_up=stepped_up))
    return render(request, "stays/ask_purpose.html", {"form": form})


def _printed(request: HttpRequest, stay: Stay, why: Why, *, stepped_up: bool) -> CardPage:
    """The hotel's copy, or the guest's where the address says so."""
    who, in_full = asking(request), request.GET.get("copy") == "guest"
    return services.print_card(stay, actor=who.person, why=why, stepped_up=stepped_up, at=who.at, in_full=in_full)


def _as_page(request: HttpRequest, card: CardPage) -> HttpResponse:
    return render(request, "stays/registration_card.html", {"stay": card.stay, "card": card})


def _as_file(request: HttpRequest, card: CardPage) -> HttpResponse:
    if not card.occupants:
        raise Http404
    return pdf_file(sheets.cards(card), f"card-{card.stay.reference}")


@require_safe
@right_required("work_desk")
def arrivals_sheet(request: HttpRequest) -> HttpResponse:
    """Who is due today, as PDF."""
    who = asking(request)
    arrivals = print_arrivals(actor=who.person, property=who.house, why=kept_why(request), at=who.at)
    return pdf_file([sheets.arrivals_sheet(arrivals)], f"arrivals-{arrivals.day.isoformat()}")


@require_safe
@right_required("work_desk")
def roll_call_pdf(request: HttpRequest) -> HttpResponse:
    """Everybody in house by floor, as PDF."""
    who = asking(request)
    roll = services.call_roll(actor=who.person, property=who.house, at=who.at)
    return pdf_file([sheets.roll_call(roll)], f"roll-call-{who.house.code}")


def pdf_file(papers: Sequence[Paper], name: str) -> HttpResponse:
    """Papers as a file to open or print."""
    response = HttpResponse(as_pdf(papers), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response


@public
@require_safe
def notice(request: HttpRequest, version: int) -> HttpResponse:
    """One version of the privacy notice, for everybody."""
    return render(request, "stays/notice.html", {"notice": get_object_or_404(Notice, version=version)})
