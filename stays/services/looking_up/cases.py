"""The desk cases of a property: numbers and stays, no words."""

from django.core.paginator import Page, Paginator

from audit import services as audit
from staff import permissions as rights
from staff.models import Person, Property
from stays import actions, permissions
from stays.models import DeskCase

PAGE = 50


def list_cases(*, actor: Person, property: Property, page: int | str | None = None) -> "Page[DeskCase]":
    """The cases of the property, newest first, fifty a page. Raises ``NotAllowed``."""
    permissions.require_any(actor, permissions.KEEPS_CASES, property)
    cases = DeskCase.objects.filter(property=property).select_related("owner", "stay")
    shown = Paginator(cases, PAGE).get_page(page)
    audit.record_look(
        actions.CASES_VIEWED,
        who=rights.who(actor, property),
        object_type="list",
        object_ref="desk_cases",
        detail={"count": len(shown)},
    )
    return shown
