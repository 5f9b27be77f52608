"""The bill of a stay."""

from collections import defaultdict
from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from staff.permissions import any_right_required
from staff.refusals import refused_to
from stays import permissions, services
from stays.forms.bills import BillLineForm
from stays.models import Stay
from stays.services.looking_up.pages import rooms_of
from stays.views.asking import asking, stay_here


@require_http_methods(["GET", "HEAD", "POST"])
@any_right_required(*permissions.KEEPS_BILLS)
def bill(request: HttpRequest, reference: str) -> HttpResponse:
    """The lines of a bill; a line more, or one settled."""
    stay, who = stay_here(request, reference), asking(request)
    adds = request.method == "POST" and "settle" not in request.POST
    form = BillLineForm(request.POST if adds else None)
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            services.add_bill_line(actor=who.person, stay=stay, at=who.at, **form.cleaned_data)
            return redirect("bill", stay.reference)
    if "settle" in request.POST:
        _settle(request, stay)
        return redirect("bill", stay.reference)
    lines = list(stay.bill_lines.all())
    context = {"form": form, "stay": stay, "lines": lines, "unpaid": unpaid(stay), "rooms": rooms_of(stay)}
    return render(request, "stays/bill.html", context)


def _settle(request: HttpRequest, stay: Stay) -> None:
    number = request.POST["settle"]
    if not (number.isascii() and number.isdigit() and len(number) <= 18):
        raise Http404
    line = get_object_or_404(stay.bill_lines.select_related("stay__property"), pk=int(number))
    who = asking(request)
    services.settle_bill_line(actor=who.person, line=line, at=who.at)


def unpaid(stay: Stay) -> dict[str, Decimal]:
    """What is open, by currency."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for line in stay.bill_lines.open():
        sums[line.currency] += line.amount
    return dict(sums)
