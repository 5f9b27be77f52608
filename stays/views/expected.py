"""Expected stays, entered by hand."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from staff.permissions import right_required
from staff.refusals import refused_to
from stays import services
from stays.forms.arrival import ExpectedStayForm
from stays.forms.fields import day_typed
from stays.models import Stay
from stays.views.asking import Asking, asking
from stays.views.room_offers import Offer, offer_between


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("work_desk")
def expected_stay(request: HttpRequest) -> HttpResponse:
    """Enter a stay that is to come."""
    who = asking(request)
    offer = offer_between(who, *_nights(request.POST, who))
    typed = request.POST if request.method == "POST" else None
    form = ExpectedStayForm(typed, today=who.today, offered=offer.choices)
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            stay = _expect(who, form, offer)
            messages.success(request, _("Stay %(reference)s is expected.") % {"reference": stay.reference})
            return redirect("front_desk")
    return render(request, "stays/expected_stay.html", {"form": form})


def _nights(typed: QueryDict, who: Asking) -> tuple[date, date]:
    arrival = day_typed(typed.get("arrival_on"), who.today)
    return arrival, day_typed(typed.get("departure_on"), arrival + timedelta(days=1))


def _expect(who: Asking, form: ExpectedStayForm, offer: Offer) -> Stay:
    typed = form.cleaned_data["room"]
    room = next((room for room in offer.rooms if str(room.pk) == typed), None)
    return services.expect_stay(actor=who.person, property=who.house, booking=form.given(room), at=who.at)
