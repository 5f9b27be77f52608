"""What one shift hands to the next, and the visitor register: each page one look."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Final
from uuid import UUID

from django.conf import settings

from audit.services import Why
from staff import permissions as rights
from staff.models import Person, Property
from stays import actions
from stays.models import Handover, Note, Stay, Visitor
from stays.purposes import require_purpose
from stays.services.handing_over import KEPT_FOR
from stays.services.looking_up import rows
from stays.services.looking_up.explaining import explain_list
from stays.services.noting import WRITTEN
from stays.shifts import HandoverView, OpenNote, ShiftPage, VisitorView
from vault import services as vault
from vault.values import Opened, Value

MOST: Final = 100
NOTHING: Final = Value("text", "")


def open_handover(*, actor: Person, property: Property, why: Why, at: datetime) -> ShiftPage:
    """Words not done, and those of this business day; open notes of guests due or here. Raises as ``list_visitors``."""
    rights.require(actor, "work_desk", property)
    why = explain_list(actor, property, require_purpose(actor=actor, house=property, why=why))
    today = property.today(at)
    words, notes = _words(property, at), _open_notes(property, at)
    opened = vault.open_envelopes(
        [each.envelope_id for each in words] + [each.envelope_id for each in notes],
        action=actions.HANDOVER_VIEWED,
        who=rights.who(actor, property),
        why=why,
        object_type="list",
        object_ref="handover",
        fields=("text",),
        detail={"count": len(words) + len(notes)},
    )
    room_of = {bare.stay.pk: rows.room_of(bare) for bare in rows.gather(note.stay for note in notes)}
    stays = Stay.objects
    return ShiftPage(
        words=[HandoverView(each, _text(opened, each.envelope_id)) for each in words],
        notes=[OpenNote(each, _text(opened, each.envelope_id), room_of[each.stay_id]) for each in notes],
        arrivals=stays.arrivals(property, today).count(),
        overdue=stays.in_house(property).filter(departure_on__lt=today).count(),
        visitors=Visitor.objects.at(property).filter(left_at__isnull=True).count(),
    )


def list_visitors(*, actor: Person, property: Property, why: Why, at: datetime) -> list[VisitorView]:
    """Who came on this business day, and whoever has not left yet, the newest first.

    Raises ``NotAllowed`` and ``PurposeRefused``.
    """
    rights.require(actor, "work_desk", property)
    why = explain_list(actor, property, require_purpose(actor=actor, house=property, why=why))
    found = Visitor.objects.at(property).since(_turn(property, at)).select_related("stay__property")
    visitors = list(found[:MOST])
    opened = vault.open_envelopes(
        [visitor.envelope_id for visitor in visitors],
        action=actions.VISITORS_VIEWED,
        who=rights.who(actor, property),
        why=why,
        object_type="list",
        object_ref="visitors",
        fields=("name", "document_tail"),
        detail={"count": len(visitors)},
    )
    room_of = {bare.stay.pk: rows.room_of(bare) for bare in rows.gather({visitor.stay for visitor in visitors})}
    return [_visitor(visitor, room_of[visitor.stay_id], opened.get(visitor.envelope_id)) for visitor in visitors]


def _words(house: Property, at: datetime) -> list[Handover]:
    kept = Handover.objects.filter(property=house, written_at__gte=at - KEPT_FOR).select_related("writer", "done_by")
    fresh = kept.filter(done_at__isnull=True) | kept.filter(done_at__gte=_turn(house, at))
    return list(fresh[:MOST])


def _open_notes(house: Property, at: datetime) -> list[Note]:
    here = Stay.objects.current(house, house.today(at))
    notes = Note.objects.filter(stay__in=here, kind__in=WRITTEN, done_at__isnull=True)
    return list(notes.select_related("stay__property", "owner").order_by("pk")[:MOST])


def _turn(house: Property, at: datetime) -> datetime:
    """When the business day began."""
    return datetime.combine(house.today(at), time(settings.BUSINESS_DAY_TURNS_AT_HOUR), house.zone)


def _text(opened: Mapping[UUID, Opened], envelope: UUID) -> Value:
    return opened[envelope].text if envelope in opened else NOTHING


def _visitor(visitor: Visitor, room: str, opened: Opened | None) -> VisitorView:
    name, number = ((opened.get(name) if opened else Value(name, "")) for name in ("name", "document_number"))
    return VisitorView(visitor, room, name, number)
