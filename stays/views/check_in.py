"""The check-in page: for a walk-in and for an expected stay."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from staff.permissions import right_required
from staff.refusals import refused_to
from stays import purposes, review, services
from stays.forms import countries
from stays.forms.check_in import PARTY, CheckInForms, Choices
from stays.forms.fields import day_typed
from stays.forms.reading import read_documents
from stays.models import Notice, Stay
from stays.models.stays import MAX_PARTY
from stays.typed import StayPage
from stays.views import drafts
from stays.views.asking import Asking, asking, given_why, kept_why, purpose_form, stay_here
from stays.views.room_offers import Offer, offer_rooms

GET_POST: Final = ["GET", "HEAD", "POST"]


@dataclass(frozen=True, slots=True)
class Coming:
    """Who is being checked in: an expected stay with what its page shows, or nobody known yet."""

    stay: Stay | None = None
    page: StayPage | None = None

    @property
    def about(self) -> str:
        """The stay's number, or empty for a walk-in."""
        return self.stay.reference if self.stay else ""

    @property
    def is_here(self) -> bool:
        """The party is in house: who is typed joins it."""
        return self.stay is not None and self.stay.status == Stay.Status.IN_HOUSE

    @property
    def departure_on(self) -> date | None:
        """The departure planned."""
        return self.stay.departure_on if self.stay else None


@require_http_methods(GET_POST)
@right_required("work_desk")
def walk_in(request: HttpRequest) -> HttpResponse:
    """Check in a party nobody expected."""
    return _page(request, Coming())


@require_http_methods(GET_POST)
@right_required("work_desk")
def check_in(request: HttpRequest, reference: str) -> HttpResponse:
    """Check in an expected stay. One that is not due yet is opened for a purpose given, like every other look at it."""
    stay, who = stay_here(request, reference), asking(request)
    if stay.status != Stay.Status.EXPECTED:
        return redirect("stay", stay.reference)
    if not purposes.kept_serves(stay, who.house, who.at):
        return _early(request, stay)
    page = services.open_stay(stay, actor=who.person, why=kept_why(request), at=who.at)
    return _page(request, Coming(stay, page))


def _early(request: HttpRequest, stay: Stay) -> HttpResponse:
    """The page of a party that comes before its time. While it is typed nothing of the stay is opened again."""
    who = asking(request)
    if "deed" in request.POST:
        return _page(request, Coming(stay))
    asks = purpose_form(request, typed=request.method == "POST")
    if asks.is_bound and asks.is_valid():
        with refused_to(asks, request):
            coming = Coming(stay, services.open_stay(stay, actor=who.person, why=given_why(asks), at=who.at))
            return show(request, coming, forms_for(who, coming), draft=drafts.kept(who, coming.about))
    return render(request, "stays/ask_purpose.html", {"form": asks})


def _page(request: HttpRequest, coming: Coming) -> HttpResponse:
    who, deed = asking(request), request.POST.get("deed", "complete")
    if request.method != "POST":
        return show(request, coming, forms_for(who, coming), draft=drafts.kept(who, coming.about))
    if deed == "complete":
        return _complete(request, who, coming)
    typed = drafts.opened(who, coming.about) if deed == "go_on" else request.POST.copy()
    if deed == "add_companion":
        _one_more(typed)
    if deed == "read":
        typed = read_documents(typed, MAX_PARTY, who.today)
    arrival = forms_for(who, coming, typed)
    arrival.forget_errors()
    return show(request, coming, arrival)


def _one_more(typed: QueryDict) -> None:
    total = f"{PARTY}-TOTAL_FORMS"
    count = typed.get(total, "1")
    typed[total] = str(int(count) + 1) if count.isascii() and count.isdigit() and len(count) < 3 else "2"


def _complete(request: HttpRequest, who: Asking, coming: Coming) -> HttpResponse:
    arrival = forms_for(who, coming, request.POST)
    if arrival.is_valid():
        with refused_to(arrival, request), arrival.asking_also():
            stay = services.check_in_guest(
                actor=who.person, property=who.house, stay=coming.stay, arrival=arrival.given(), at=who.at
            )
            drafts.forget(who, coming.about)
            messages.success(request, _("Stay %(reference)s is checked in.") % {"reference": stay.reference})
            return redirect("stay", stay.reference)
        offer = offer_rooms(who, stay=coming.stay, departure_on=_departure(who, coming, request.POST))
        arrival.offer_again(offer.rooms, offer.choices)
    return show(request, coming, arrival)


def _departure(who: Asking, coming: Coming, typed: QueryDict | None) -> date:
    """The day of departure typed; where there is none, the one planned, or tomorrow."""
    planned = coming.departure_on or who.today + timedelta(days=1)
    return planned if typed is None else day_typed(typed.get("stay-departure_on"), planned)


def forms_for(who: Asking, coming: Coming, typed: QueryDict | None = None) -> CheckInForms:
    """The page's forms, empty but for what is known, or with what was typed."""
    departure = _departure(who, coming, typed)
    offer = offer_rooms(who, stay=coming.stay, departure_on=departure)
    arrival = CheckInForms(
        today=who.today,
        choices=choices_for(offer),
        stay=coming.stay,
        data=typed,
        initial=_initial(who, coming, offer, departure),
    )
    arrival.on_file = _on_file(coming)
    return arrival


def choices_for(offer: Offer) -> Choices:
    """What the page offers."""
    return Choices(
        rooms=offer.rooms,
        offered=offer.choices,
        overrides=list(services.OVERRIDES.items()),
        rules=review.active_rules(),
        notice=Notice.objects.newest(),
    )


def _initial(who: Asking, coming: Coming, offer: Offer, departure: date) -> dict[str, Any]:
    room = {
        "arrival_on": who.today,
        "departure_on": max(departure, who.today),
        "room": offer.proposed,
        "confidential": bool(coming.stay and coming.stay.confidential),
    }
    return {"party": _party(coming.page), "room": room}


def _party(page: StayPage | None) -> list[dict[str, str]]:
    if page is None:
        return [{}]
    named = [{"name": one.name.plain, "latin_name": one.latin_name.plain} for one in page.occupants]
    return (named or [{}]) + [{} for _number in range(page.stay.party_size - len(named))]


def _on_file(coming: Coming) -> dict[str, Any]:
    lead = coming.page.occupants[0] if coming.page and coming.page.occupants else None
    return {sealed.name: sealed.value for sealed in lead.contact} if lead else {}


def show(request: HttpRequest, coming: Coming, arrival: CheckInForms, **more: Any) -> HttpResponse:
    """The page."""
    context = {
        "arrival": arrival,
        "stay": coming.stay,
        "today": asking(request).today,
        "heading": _("Check in") if coming.stay else _("Walk-in"),
        "countries": countries.listed(),
        "draft_url": reverse("draft", args=[drafts.CHECK_IN]),
    }
    return render(request, "stays/check_in.html", context | more)
