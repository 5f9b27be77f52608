"""How to reach who asks: one field in plain, for the request."""

from typing import Final

from privacy import actions, permissions
from privacy.models import Request
from privacy.services import requests
from staff import permissions as rights
from staff.models import Person
from stays.refusals import GuestGone
from vault import services as vault
from vault.categories import Category
from vault.values import Value

CONTACT: Final = ("phone", "email")


def reveal_contact(*, request: Request, actor: Person, field: str) -> Value:
    """The phone or e-mail the requester gave, on record before it is shown.

    Raises ``NotAllowed``, and ``GuestGone`` where there is none or it has expired.
    """
    permissions.require_decide(actor, request.property)
    permissions.require_reveal_contact(actor, request.property)
    if field not in CONTACT:
        raise GuestGone(**requests.named(request))
    ids = vault.envelopes_of([request.requester_id], [Category.CONTACT], belongs_to=request.pk)
    opened = vault.open_envelopes(
        list(ids.values()),
        action=actions.CONTACT_REVEALED,
        who=rights.who(actor, request.property),
        why=requests.why(actor, request),
        fields=[field],
        object_type="request",
        object_ref=request.number,
    )
    value = next((each.get(field) for each in opened.values()), Value(field, ""))
    if not value.shown:
        raise GuestGone(**requests.named(request))
    return value
