"""A guest's stays, as far as the reader may see them."""

from datetime import datetime
from uuid import UUID

from audit.services import Why
from staff import permissions as rights
from staff.models import Person, Property
from stays import actions
from stays.models import Stay
from stays.purposes import opens_restricted, require_purpose
from stays.refusals import GuestGone
from stays.services.looking_up import rows
from stays.services.looking_up.explaining import explain_guest
from stays.services.looking_up.pages import Shelf
from stays.typed import HistoryPage
from vault import services as vault
from vault.categories import FIELDS, Category

MOST = 50


def open_history(*, subject: UUID, actor: Person, property: Property, why: Why, at: datetime) -> HistoryPage:
    """The guest's fifty newest stays visible to the actor, contact masked.

    Raises ``NotAllowed``, ``PurposeRefused``, and ``GuestGone`` where there is none the actor may see.
    """
    rights.require(actor, "see_basic", property)
    why = require_purpose(actor=actor, house=property, why=why, guest=subject)
    with_restricted = opens_restricted(actor, property, why)
    seen = Stay.objects.visible_to(actor).filter(occupants__subject=subject)
    seen = seen if with_restricted else seen.unrestricted()
    bare = rows.gather(seen.select_related("property").marked(at).order_by("-arrival_on")[:MOST])
    if not bare:
        raise GuestGone(object_type="guest", object_ref=str(subject))
    own = vault.ids_of([subject], [Category.NAME, Category.CONTACT])
    opened = vault.open_envelopes(
        own | rows.names_of(bare),
        action=actions.HISTORY_VIEWED,
        who=rights.who(actor, property),
        why=explain_guest(actor, property, subject, why, at=at),
        object_type="guest",
        object_ref=str(subject),
        fields=("name", "latin_name", "phone_tail"),
        detail={"count": len(bare)},
        with_restricted=with_restricted,
    )
    shelf = Shelf(bare[0].stay, actor, at, {(each.subject, each.category): each for each in opened.values()})
    return HistoryPage(
        subject=subject,
        name=shelf.name(subject, "name"),
        latin_name=shelf.name(subject, "latin_name"),
        contact=shelf.fields(subject, Category.CONTACT, FIELDS[Category.CONTACT]),
        stays=tuple(rows.shown(bare, opened)),
    )
