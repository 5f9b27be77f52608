"""Accounts: creating, changing, deactivating; only by an administrator of the property that keeps the account."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from staff import permissions
from staff.actions import PERSON_CHANGED, PERSON_CREATED, PERSON_DEACTIVATED, PERSON_REACTIVATED
from staff.models import Person, Property
from staff.roles import ADMINISTRATOR
from staff.services import sessions
from staff.services.roles import give_role, lock_posts, require_another_administrator

EDITABLE = ("name", "latin_name", "email", "language")


class StaffNumberTaken(audit.Refused):
    """Another person has this staff number."""

    action = PERSON_CREATED
    field = "staff_number"
    message = _("Another person has this staff number already.")


class OwnAccount(audit.Refused):
    """An administrator wanted to switch off their own account, or to renew it past its proofs."""

    status = 403
    message = _("This cannot be done to one's own account. Ask another administrator.")


class AlreadySo(audit.Refused):
    """The account is in the wanted state already."""

    message = _("The account is in this state already.")


def create_person(*, actor: Person, property: Property, facts: Mapping[str, str], role: str) -> Person:
    """Create an account kept at the property, with its first role there. Nobody can sign in to it before enrolling.

    Raises ``NotAllowed`` and ``StaffNumberTaken``.
    """
    permissions.require(actor, "manage_house", property)
    with transaction.atomic():
        person = _stored(property, facts)
        audit.record(
            PERSON_CREATED,
            who=permissions.who(actor, property),
            object_type="person",
            object_ref=person.staff_number,
        )
        give_role(actor=actor, person=person, property=property, role=role)
    return person


def change_person(*, actor: Person, person: Person, facts: Mapping[str, str]) -> None:
    """Change names, e-mail or language. Raises ``NotAllowed``. Without a change nothing is recorded."""
    require_keeper(actor, person)
    with transaction.atomic():
        locked = Person.objects.select_for_update().get(pk=person.pk)
        changed = [name for name in EDITABLE if name in facts and getattr(locked, name) != facts[name]]
        if not changed:
            return
        for name in changed:
            setattr(locked, name, facts[name])
        locked.save(update_fields=changed)
        _record(PERSON_CHANGED, actor, person, fields=changed)


def deactivate_person(*, actor: Person, person: Person, at: datetime) -> None:
    """Let the person sign in no more and end their sessions.

    Raises ``NotAllowed``, ``OwnAccount``, ``AlreadySo``, ``LastAdministrator``.
    """
    require_keeper(actor, person)
    require_another(actor, person, PERSON_DEACTIVATED)
    with transaction.atomic():
        locked = Person.objects.select_for_update().get(pk=person.pk)
        if not locked.is_active:
            raise _already(PERSON_DEACTIVATED, person)
        for post in lock_posts(person=person, role=ADMINISTRATOR):
            require_another_administrator(person=person, property=post.property, action=PERSON_DEACTIVATED)
        locked.is_active = False
        locked.save(update_fields=["is_active"])
        _record(PERSON_DEACTIVATED, actor, person)
        sessions.end_all(person, at=at)


def reactivate_person(*, actor: Person, person: Person) -> None:
    """Let the person sign in again. Raises ``NotAllowed``, ``OwnAccount``, ``AlreadySo``."""
    require_keeper(actor, person)
    require_another(actor, person, PERSON_REACTIVATED)
    with transaction.atomic():
        locked = Person.objects.select_for_update().get(pk=person.pk)
        if locked.is_active:
            raise _already(PERSON_REACTIVATED, person)
        locked.is_active = True
        locked.save(update_fields=["is_active"])
        _record(PERSON_REACTIVATED, actor, person)


def require_keeper(actor: Person, person: Person) -> None:
    """Raise ``NotAllowed`` unless the actor is administrator of the property that keeps the account."""
    permissions.require(actor, "manage_house", person.kept_at)


def require_another(actor: Person, person: Person, action: str) -> None:
    """Raise ``OwnAccount`` where the actor is the person."""
    if actor.pk == person.pk:
        refusal = OwnAccount(object_type="person", object_ref=person.staff_number)
        refusal.action = action
        raise refusal


def _stored(property: Property, facts: Mapping[str, str]) -> Person:
    try:
        with transaction.atomic():
            return Person.objects.create_user(**facts, kept_at=property)
    except IntegrityError as clash:
        raise StaffNumberTaken(object_type="person") from clash


def _already(action: str, person: Person) -> AlreadySo:
    refusal = AlreadySo(object_type="person", object_ref=person.staff_number)
    refusal.action = action
    return refusal


def _record(action: str, actor: Person, person: Person, fields: list[str] | None = None) -> None:
    audit.record(
        action,
        who=permissions.who(actor, person.kept_at),
        object_type="person",
        object_ref=person.staff_number,
        fields=fields or [],
    )
