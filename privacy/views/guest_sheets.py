"""The guest's sheet: who looked at a guest's data, read, printed, and saved with its proofs."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from privacy import permissions
from privacy.services import looking_up
from privacy.services.looking_up import GuestSheet
from privacy.views.answers import CONTENT, download
from privacy.views.asking import GET_POST, request_here
from staff import stepping_up
from staff.permissions import right_required
from staff.refusals import refused_to
from stays.models import Occupant
from stays.views.asking import asking, given_why, purpose_form, stay_here

ENDINGS = ("pdf", "zip")


@require_safe
@right_required(permissions.DECIDES)
def request_looks(request: HttpRequest, number: str) -> HttpResponse:
    """Who looked at the guest of a request."""
    asked, who = request_here(request, number), asking(request)
    sheet = looking_up.open_request_sheet(request=asked, actor=who.person, at=who.at)
    return render(request, "privacy/request_looks.html", {"asked": asked, "paper": sheet.html()})


@require_safe
@right_required(permissions.DECIDES)
@stepping_up.step_up_required
def request_looks_file(request: HttpRequest, number: str, ending: str) -> HttpResponse:
    """The sheet to be handed over: the paper, or all of it with the proofs."""
    asked, who = request_here(request, number), asking(request)
    file = _known(ending)
    sheet = looking_up.open_request_sheet(request=asked, actor=who.person, at=who.at, file=file)
    return _saved(sheet, file, asked.number)


@require_http_methods(GET_POST)
@right_required(permissions.DECIDES)
def guest_looks(request: HttpRequest, reference: str, position: int) -> HttpResponse:
    """Who looked at a guest of a stay. It always asks what for."""
    occupant, who = _occupant(request, reference, position), asking(request)
    form = purpose_form(request, typed=request.method == "POST")
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            sheet = looking_up.open_stay_sheet(occupant=occupant, actor=who.person, why=given_why(form), at=who.at)
            context = {"occupant": occupant, "stay": occupant.stay, "paper": sheet.html()}
            return render(request, "privacy/guest_looks.html", context | {"why": given_why(form)})
    return render(request, "stays/ask_purpose.html", {"form": form, "is_history": True})


@require_POST
@right_required(permissions.DECIDES)
def guest_looks_file(request: HttpRequest, reference: str, position: int, ending: str) -> HttpResponse:
    """The same to be handed over, after a fresh proof; the purpose given for the page is given again with it."""
    occupant, who = _occupant(request, reference, position), asking(request)
    file = _known(ending)
    stepping_up.require_step_up(request, back_to=reverse("guest_looks", args=[reference, position]))
    form = purpose_form(request, typed=True)
    if form.is_valid():
        with refused_to(form, request):
            sheet = looking_up.open_stay_sheet(
                occupant=occupant, actor=who.person, why=given_why(form), at=who.at, file=file
            )
            return _saved(sheet, file, occupant.stay.reference)
    return render(request, "stays/ask_purpose.html", {"form": form, "is_history": True})


def _occupant(request: HttpRequest, reference: str, position: int) -> Occupant:
    party = stay_here(request, reference).occupants.select_related("stay__property")
    return get_object_or_404(party, position=position)


def _known(ending: str) -> str:
    if ending not in ENDINGS:
        raise Http404
    return ending


def _saved(sheet: GuestSheet, ending: str, number: str) -> HttpResponse:
    content = sheet.pdf() if ending == "pdf" else sheet.zip()
    return download(content, CONTENT[ending], f"{number}-looks.{ending}")
