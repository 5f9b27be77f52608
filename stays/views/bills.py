"""The bill of a stay."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from audit.services import Why
from staff.permissions import any_right_required
from staff.refusals import refused_to
from stays import permissions, purposes, services
from stays.forms.bills import BillLineForm
from stays.models import Stay
from stays.services.looking_up.pages import rooms_of
from stays.views.asking import asking, given_why, kept_why, purpose_form, reveal_context, stay_here

EVERYTHING = "everything"


@require_http_methods(["GET", "HEAD", "POST"])
@any_right_required(*permissions.KEEPS_BILLS)
def bill(request: HttpRequest, reference: str) -> HttpResponse:
    """The lines of a bill; a line more, one settled, or all that are open."""
    stay, who = stay_here(request, reference), asking(request)
    adds = request.method == "POST" and not {"settle", "purpose"} & set(request.POST)
    form = BillLineForm(request.POST if adds else None)
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            services.add_bill_line(actor=who.person, stay=stay, at=who.at, **form.cleaned_data)
            return redirect("bill", stay.reference)
    if "settle" in request.POST:
        _settle(request, stay)
        return redirect("bill", stay.reference)
    return _shown(request, stay, form)


def _shown(request: HttpRequest, stay: Stay, form: BillLineForm) -> HttpResponse:
    """The bill, once it is known what it is opened for."""
    who, why = asking(request), kept_why(request)
    served = purposes.kept_serves(stay, who.house, who.at)
    if form.is_bound and served and permissions.has_role(who.person, permissions.WRITES_BILLS, who.house):
        return _bill_page(request, stay, form, Why(purpose="bill", ref=stay.reference))
    asks = purpose_form(request, typed=request.method == "POST" and "purpose" in request.POST)
    if asks.is_bound and asks.is_valid():
        with refused_to(asks, request):
            return _bill_page(request, stay, form, given_why(asks))
    if not asks.is_bound and why.purpose and served:
        return _bill_page(request, stay, form, why)
    return render(request, "stays/ask_purpose.html", {"form": asks})


def _bill_page(request: HttpRequest, stay: Stay, form: BillLineForm, why: Why) -> HttpResponse:
    who = asking(request)
    page = services.open_bill(stay, actor=who.person, why=why, at=who.at)
    context = {"form": form, "stay": stay, "page": page, "unpaid": page.unpaid, "rooms": rooms_of(stay)}
    return render(request, "stays/bill.html", context | reveal_context(request, why))


def _settle(request: HttpRequest, stay: Stay) -> None:
    number, who = request.POST["settle"], asking(request)
    if number == EVERYTHING:
        services.settle_bill(actor=who.person, stay=stay, at=who.at)
        return
    if not (number.isascii() and number.isdigit() and len(number) <= 18):
        raise Http404
    line = get_object_or_404(stay.bill_lines.select_related("stay__property"), pk=int(number))
    services.settle_bill_line(actor=who.person, line=line, at=who.at)
