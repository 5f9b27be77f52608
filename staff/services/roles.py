"""Giving and taking roles: never one's own, and never the last administrator's."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from staff import permissions
from staff.actions import ROLE_GIVEN, ROLE_TAKEN
from staff.models import Person, Post, Property
from staff.roles import ADMINISTRATOR


class OwnRole(audit.Refused):
    """Somebody wanted to give or take a role of their own."""

    status = 403
    message = _("Nobody gives or takes their own roles. Ask another administrator of this property.")


class RoleHeldAlready(audit.Refused):
    """The person holds the role already."""

    action = ROLE_GIVEN
    message = _("This person holds the role already.")


class RoleNotHeld(audit.Refused):
    """The person does not hold the role."""

    action = ROLE_TAKEN
    message = _("This person does not hold the role.")


class LastAdministrator(audit.Refused):
    """Without this person nobody could keep the property's people and roles."""

    action = ROLE_TAKEN
    message = _("This is the last administrator of %(property)s. Make another person administrator first.")


def give_role(*, actor: Person, person: Person, property: Property, role: str) -> None:
    """Let the person hold the role. Raises ``NotAllowed``, ``OwnRole``, ``RoleHeldAlready``."""
    with transaction.atomic():
        _require_giver(ROLE_GIVEN, actor=actor, person=person, property=property)
        post = _lock(property, role)
        if person.groups.filter(pk=post.group_id).exists():
            raise RoleHeldAlready(object_type="person", object_ref=person.staff_number)
        person.groups.add(post.group_id)
        _record(ROLE_GIVEN, actor=actor, person=person, property=property, role=role)
    permissions.forget_standing(person)


def take_role(*, actor: Person, person: Person, property: Property, role: str) -> None:
    """Take the role from the person. Raises ``NotAllowed``, ``OwnRole``, ``RoleNotHeld``, ``LastAdministrator``."""
    with transaction.atomic():
        _require_giver(ROLE_TAKEN, actor=actor, person=person, property=property)
        withdraw_role(actor=actor, person=person, property=property, role=role)
    permissions.forget_standing(person)


def withdraw_role(*, actor: Person, person: Person, property: Property, role: str) -> None:
    """Take the role inside a deed that has checked who may. Raises ``RoleNotHeld``, ``LastAdministrator``."""
    post = _lock(property, role)
    if not person.groups.filter(pk=post.group_id).exists():
        raise RoleNotHeld(object_type="person", object_ref=person.staff_number)
    if role == ADMINISTRATOR:
        require_another_administrator(person=person, property=property, action=ROLE_TAKEN)
    person.groups.remove(post.group_id)
    _record(ROLE_TAKEN, actor=actor, person=person, property=property, role=role)


def lower_role(*, actor: Person, person: Person, property: Property, role: str, lowered_to: str) -> None:
    """Put a role in the place of another, as ``withdraw_role`` takes one; who holds both keeps the lower one."""
    withdraw_role(actor=actor, person=person, property=property, role=role)
    if not holds_role(person=person, property=property, role=lowered_to):
        person.groups.add(_lock(property, lowered_to).group_id)
        _record(ROLE_GIVEN, actor=actor, person=person, property=property, role=lowered_to)


def holds_role(*, person: Person, property: Property, role: str) -> bool:
    """Whether the person holds the role at the property, signed in or not."""
    return Post.objects.filter(property=property, role=role, group__user=person).exists()


def require_another_administrator(*, person: Person, property: Property, action: str) -> None:
    """Raise ``LastAdministrator`` unless someone else active has the role there. The caller has locked the post."""
    if Person.objects.holding(ADMINISTRATOR, property).exclude(pk=person.pk).exists():
        return
    refusal = LastAdministrator(object_type="person", object_ref=person.staff_number, property=property.name)
    refusal.action = action
    raise refusal


def lock_posts(*, person: Person, role: str) -> list[Post]:
    """The posts of this role that the person holds, locked in one order."""
    held = Post.objects.filter(role=role, group__user=person).order_by("pk").values_list("pk", flat=True)
    return list(
        Post.objects.select_for_update(of=("self",)).select_related("property").filter(pk__in=list(held)).order_by("pk")
    )


def _require_giver(action: str, *, actor: Person, person: Person, property: Property) -> None:
    permissions.require(actor, "manage_house", property)
    if actor.pk == person.pk:
        refusal = OwnRole(object_type="person", object_ref=person.staff_number)
        refusal.action = action
        raise refusal


def _lock(property: Property, role: str) -> Post:
    return Post.objects.select_for_update(of=("self",)).get(property=property, role=role)


def _record(action: str, *, actor: Person, person: Person, property: Property, role: str) -> None:
    audit.record(
        action,
        who=permissions.who(actor, property),
        object_type="person",
        object_ref=person.staff_number,
        fields=[role],
    )
