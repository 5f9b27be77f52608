"""A returning guest, recognised by the document on the desk."""

from datetime import datetime

from django.db import transaction

from audit import services as audit
from audit.services import Why
from staff import permissions as rights
from staff.models import Person, Property
from stays import actions, documents
from stays.models import Stay
from stays.services.looking_up.explaining import explain_list
from stays.services.looking_up.rows import NO_NAME
from stays.typed import Recognised
from vault import services as vault
from vault.categories import Category
from vault.values import Opened, Value

WHY = Why(purpose="guest_service")


def recognise_guest(
    *, actor: Person, property: Property, document_type: str, number: str, at: datetime
) -> Recognised | None:
    """The guest of this document, with name and masked contact to prefill the form; None where we know nobody.

    A guest all of whose stays are restricted is not recognised. Found or not, it is a row; that the guest stands at
    the desk of who is on duty explains it. Raises ``NotAllowed``.
    """
    rights.require(actor, "work_desk", property)
    plain = documents.normalise(number)
    with transaction.atomic():
        subject = vault.subject_by_document(document_type, plain) if plain else None
    stays = Stay.objects.unrestricted(at).filter(occupants__subject=subject).count() if subject else 0
    if subject is None or not stays:
        audit.record_look(actions.GUEST_UNKNOWN, who=rights.who(actor, property), why=WHY, object_type="guest")
        return None
    ids = vault.envelopes_of([subject], [Category.NAME, Category.CONTACT])
    opened = vault.open_envelopes(
        list(ids.values()),
        action=actions.GUEST_RECOGNISED,
        who=rights.who(actor, property),
        why=explain_list(actor, property, WHY),
        object_type="guest",
        object_ref=str(subject),
        fields=("name", "latin_name", "phone_tail"),
    )
    by_category = {each.category: each for each in opened.values()}
    name, contact = by_category.get(Category.NAME), by_category.get(Category.CONTACT)
    return Recognised(
        subject,
        _value(name, "name", NO_NAME),
        _value(name, "latin_name", NO_NAME),
        _value(contact, "phone", Value("phone", "")),
        _value(contact, "email", Value("email", "")),
        stays,
    )


def _value(opened: Opened | None, field: str, empty: Value) -> Value:
    return opened.get(field) if opened else empty
