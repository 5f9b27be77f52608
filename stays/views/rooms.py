"""Rooms: kept by the administrator, marked clean or dirty by the desk too."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from staff.permissions import any_right_required, right_required
from staff.refusals import refused_to
from stays import permissions, services
from stays.forms.rooms import RoomForm, RoomStateForm
from stays.models import Room
from stays.views.asking import asking

GET_POST = ["GET", "HEAD", "POST"]


@require_safe
@any_right_required(*permissions.KEEPS_ROOM_STATES)
def rooms(request: HttpRequest) -> HttpResponse:
    """Every room of the property, by floor."""
    found = list(Room.objects.at(asking(request).house))
    floors = [{"number": floor, "rooms": list(on_it)} for floor, on_it in groupby(found, lambda room: room.floor)]
    return render(request, "stays/rooms.html", {"rooms": found, "floors": floors})


@require_http_methods(GET_POST)
@right_required("manage_house")
def room_new(request: HttpRequest) -> HttpResponse:
    """Add a room."""
    return _room_page(request, None, _("New room"))


@require_http_methods(GET_POST)
@right_required("manage_house")
def room(request: HttpRequest, number: str) -> HttpResponse:
    """Change a room."""
    found = _room_here(request, number)
    return _room_page(request, found, _("Room %(number)s") % {"number": found.number})


def _room_page(request: HttpRequest, found: Room | None, heading: str) -> HttpResponse:
    who = asking(request)
    form = RoomForm(request.POST or None, initial=RoomForm.facts_of(found) if found else None)
    if form.is_bound and form.is_valid():
        with refused_to(form, request):
            services.save_room(actor=who.person, property=who.house, room=found, **form.cleaned_data)
            messages.success(request, _("Room %(number)s is saved.") % {"number": form.cleaned_data["number"]})
            return redirect("rooms")
    return render(request, "stays/room.html", {"form": form, "heading": heading})


@require_POST
@any_right_required(*permissions.KEEPS_ROOM_STATES)
def room_state(request: HttpRequest, number: str) -> HttpResponse:
    """Mark a room clean or dirty; out of order is the administrator's, on the room's page."""
    found, form = _room_here(request, number), RoomStateForm(request.POST)
    if not form.is_valid():
        raise Http404
    services.change_room_state(actor=asking(request).person, room=found, **form.cleaned_data)
    page = "room_board" if "board" in request.POST else "rooms"
    return redirect(f"{reverse(page)}#room-{found.number}")


def _room_here(request: HttpRequest, number: str) -> Any:
    return get_object_or_404(Room.objects.at(asking(request).house).select_related("property"), number=number)
