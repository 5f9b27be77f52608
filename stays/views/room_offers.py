"""Which rooms the desk may offer for some nights, and in which order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stays import services
from stays.models import Room, Stay
from stays.views.asking import Asking


@dataclass(frozen=True, slots=True)
class Offer:
    """Free rooms as choices in groups, and the one to propose (empty where none is clean)."""

    rooms: list[Room]
    choices: list[Any]
    proposed: str


def offer_rooms(who: Asking, *, stay: Stay | None, departure_on: date) -> Offer:
    """The rooms free from now on: the one held for the stay, then clean ones of its type, other clean ones, dirty."""
    during = services.time_from(who.house, who.at, max(departure_on, who.today))
    return _offer(services.free_rooms(who.house, during, besides=stay), _held_for(stay))


def offer_between(who: Asking, arrival_on: date, departure_on: date) -> Offer:
    """The rooms free for an expected stay; clean or dirty makes no difference yet."""
    during = services.planned_time(who.house, arrival_on, max(departure_on, arrival_on))
    free = services.free_rooms(who.house, during)
    return Offer(rooms=free, choices=_labelled(free), proposed="")


def _held_for(stay: Stay | None) -> list[Room]:
    if stay is None:
        return []
    return [use.room for use in stay.room_uses.holding().select_related("room")]


def _offer(rooms: list[Room], held_for: list[Room]) -> Offer:
    """A room held for the stay is offered like every other: only if it can be had."""
    wanted = held_for[0].type if held_for else ""
    held = [room for room in rooms if room in held_for]
    free = [room for room in rooms if room not in held_for]
    clean = [room for room in free if room.is_clean]
    groups = (
        (_("Held for this stay"), held),
        (_("Clean, same type"), [room for room in clean if room.type == wanted]),
        (_("Clean"), [room for room in clean if room.type != wanted]),
        (_("Dirty: needs a reason"), [room for room in free if not room.is_clean]),
    )
    ready = [room for _heading, group in groups for room in group if room.is_clean]
    proposed = next((str(room.pk) for room in held or ready), "")
    return Offer(rooms, [(heading, _labelled(group)) for heading, group in groups if group], proposed)


def _labelled(rooms: Iterable[Room]) -> list[tuple[str, str]]:
    """Number, type and places of each room. A house has few kinds of room, so the words are found once for each."""
    words: dict[tuple[str, int], str] = {}
    labelled = []
    for room in rooms:
        kind = (room.type, room.capacity)
        if kind not in words:
            words[kind] = _words(room)
        labelled.append((str(room.pk), f"{room.number} · {words[kind]}"))
    return labelled


def _words(room: Room) -> str:
    places = ngettext("%(count)s person", "%(count)s people", room.capacity) % {"count": room.capacity}
    return f"{room.get_type_display()} · {places}"
