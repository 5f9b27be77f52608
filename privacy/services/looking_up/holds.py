"""Holds: numbers, kinds and dates. What an authority wrote stays sealed."""

from datetime import datetime
from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import F

from audit import services as audit
from privacy import actions, permissions
from privacy.models import Hold
from staff import permissions as rights
from staff.models import Person, Property

ROWS_A_PAGE: Final = 50


def list_holds(*, actor: Person, property: Property, page: str | None) -> "Page[Hold]":
    """The holds of a property, those in force first, by the day to look at them again. Raises ``NotAllowed``."""
    permissions.require_decide(actor, property)
    holds = Hold.objects.visible_to(actor).filter(property=property).select_related("property", "stay", "placed_by")
    shown = Paginator(holds.order_by(F("released_at").asc(nulls_first=True), "review_on", "number"), ROWS_A_PAGE)
    found = shown.get_page(page)
    audit.record_look(
        actions.HOLDS_LISTED,
        who=rights.who(actor, property),
        object_type="list",
        object_ref="holds",
        detail={"count": len(found.object_list)},
    )
    return found


def look_at_hold(*, hold: Hold, actor: Person, at: datetime) -> Hold:
    """Put on record that a hold is looked at. Raises ``NotAllowed``."""
    permissions.require_decide(actor, hold.property)
    audit.record_look(
        actions.HOLD_VIEWED, who=rights.who(actor, hold.property), object_type="hold", object_ref=hold.number
    )
    return hold
