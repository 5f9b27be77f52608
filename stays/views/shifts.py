"""Pages of a shift: what it hands over, and who is visiting."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from staff.permissions import right_required
from staff.refusals import refused_to
from stays import services
from stays.forms.shifts import HandoverForm, VisitorForm
from stays.models import Handover, Stay, Visitor
from stays.views.asking import Asking, asking, kept_why
from stays.views.departures import GET_POST


@require_http_methods(GET_POST)
@right_required("work_desk")
def handover(request: HttpRequest) -> HttpResponse:
    """What is handed over; words for the next shift."""
    who, form = asking(request), HandoverForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            services.write_handover(actor=who.person, property=who.house, at=who.at, **form.cleaned_data)
            messages.success(request, _("The next shift will read it here."))
            return redirect("handover")
    page = services.open_handover(actor=who.person, property=who.house, why=kept_why(request), at=who.at)
    return render(request, "stays/handover.html", {"page": page, "form": form})


@require_POST
@right_required("work_desk")
def handover_done(request: HttpRequest, number: int) -> HttpResponse:
    """Mark words of an earlier shift as seen to."""
    who = asking(request)
    found = get_object_or_404(Handover.objects.select_related("property"), pk=number, property=who.house)
    services.finish_handover(actor=who.person, handover=found, at=who.at)
    return redirect("handover")


@require_http_methods(GET_POST)
@right_required("work_desk")
def visitors(request: HttpRequest) -> HttpResponse:
    """The visitor register of the day; a visitor more."""
    who, typed = asking(request), request.POST if request.method == "POST" else None
    form = VisitorForm(typed, initial={"room": request.GET.get("room", "")[:8]})
    if form.is_bound and form.is_valid() and (stay := _visited(form, who)):
        with refused_to(form, request):
            services.register_visitor(actor=who.person, stay=stay, at=who.at, **_person(form))
            messages.success(request, _("The visitor is registered."))
            return redirect("visitors")
    listed = services.list_visitors(actor=who.person, property=who.house, why=kept_why(request), at=who.at)
    return render(request, "stays/visitors.html", {"visitors": listed, "form": form})


def _visited(form: VisitorForm, who: Asking) -> Stay | None:
    """The stay in the room named; None, with a reason beside the field, where nobody lives."""
    here = Stay.objects.visible_to(who.person).in_house(who.house).select_related("property")
    uses = {"room_uses__state": "in_house", "room_uses__room__number__iexact": form.cleaned_data["room"]}
    stay = here.filter(**uses).first()
    if stay is None:
        form.add_error("room", _("Nobody lives in this room now."))
    return stay


def _person(form: VisitorForm) -> dict[str, str]:
    return {name: text for name, text in form.cleaned_data.items() if name != "room"}


@require_POST
@right_required("work_desk")
def visitor_left(request: HttpRequest, number: int) -> HttpResponse:
    """Note that a visitor has left."""
    who = asking(request)
    found = Visitor.objects.at(who.house).select_related("stay__property")
    services.see_visitor_off(actor=who.person, visitor=get_object_or_404(found, pk=number), at=who.at)
    return redirect("visitors")
