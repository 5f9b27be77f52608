"""While a check-in is typed: documents read, returning guests recognised, free rooms looked up. Fragments for htmx."""

from datetime import date
from typing import Any, Final

from django.forms import BoundField
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST

from staff.permissions import right_required
from stays import services
from stays.documents import normalise
from stays.forms.check_in import PERSON, CheckInForms
from stays.forms.occupants import OccupantForm
from stays.forms.reading import fill_from_file, fill_from_lines, fill_from_number
from stays.mrz import NotMachineReadable
from stays.typed import Recognised
from stays.views.asking import Asking, asking, stay_here
from stays.views.check_in import Coming, forms_for

SHORTEST_NUMBER: Final = 5
FILLED: Final = ("known", "name", "latin_name", "birth_date", "sex", "nationality", "expires_on")


@require_POST
@right_required("work_desk")
def recognise(request: HttpRequest) -> HttpResponse:
    """Read one person's document, fill in what it says, and say whether the guest has been here before."""
    found = PERSON.fullmatch(request.POST.get("person", ""))
    if not found:
        raise Http404
    person, who = found.group(), asking(request)
    reads_lines = request.POST.get("reads") == "mrz"
    typed = (_lines if reads_lines else fill_from_number)(request.POST, person, who.today)
    known = _known(who, typed, person)
    typed = fill_from_file(typed, person, known) if known else typed
    coming = _coming(request)
    arrival = forms_for(who, coming, typed)
    context = _context(arrival, int(found.group(1)), known, joins=coming.is_here)
    if reads_lines:
        return render(request, "stays/_read_person.html", context)
    return render(request, "stays/_read_number.html", context | {"filled": _filled(request.POST, context["form"])})


def _lines(typed: QueryDict, person: str, today: date) -> QueryDict:
    try:
        return fill_from_lines(typed, person, today)
    except NotMachineReadable:
        return typed.copy()


def _known(who: Asking, typed: QueryDict, person: str) -> Recognised | None:
    number = normalise(typed.get(f"{person}-document_number", "")[:24])
    if len(number) < SHORTEST_NUMBER:
        return None
    kind = typed.get(f"{person}-document_type", "")
    return services.recognise_guest(actor=who.person, property=who.house, document_type=kind, number=number, at=who.at)


def _coming(request: HttpRequest) -> Coming:
    about = request.POST.get("about", "")
    return Coming(stay_here(request, about)) if about else Coming()


def _context(arrival: CheckInForms, place: int, known: Recognised | None, *, joins: bool) -> dict[str, Any]:
    """What the fragment shows. ``joins``: the first person typed is a companion of a party in house."""
    arrival.forget_errors()
    if place >= len(arrival.occupants.forms):
        raise Http404
    form = arrival.occupants.forms[place]
    form.recognised = known
    if known and place == 0:
        arrival.on_file = {"phone": known.phone, "email": known.email}
    return {
        "arrival": arrival,
        "form": form,
        "number": place + 1 + joins,
        "swaps_contact": place == 0 and known is not None and not joins,
        "stay": arrival.stay,
        "swap": True,
    }


def _filled(posted: QueryDict, form: OccupantForm) -> list[BoundField]:
    """The fields that hold something else than was posted; each takes its place on the page."""
    changed = [name for name in FILLED if (posted.get(form.add_prefix(name)) or "") != (form[name].value() or "")]
    for name in changed:
        form.fields[name].widget.attrs["hx-swap-oob"] = "true"
    return [form[name] for name in changed]


@require_POST
@right_required("work_desk")
def free_rooms(request: HttpRequest) -> HttpResponse:
    """The rooms free until the departure typed."""
    arrival = forms_for(asking(request), _coming(request), request.POST.copy())
    arrival.forget_errors()
    return render(request, "stays/_room_field.html", {"arrival": arrival})
