"""Founding and changing properties. Each comes with a post for every role."""

from collections.abc import Iterator, Mapping

from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from staff import permissions
from staff.actions import PROPERTY_CHANGED, PROPERTY_CREATED
from staff.models import Person, Post, Property, PropertyRight
from staff.permissions import NotAllowed
from staff.roles import ADMINISTRATOR, RIGHTS_OF, group_name

EDITABLE = ("code", "name_en", "name_zh", "group_name", "time_zone", "jurisdiction", "region")


class CodeTaken(audit.Refused):
    """Another property has this code."""

    action = PROPERTY_CREATED
    field = "code"
    message = _("Another property has this code already.")


def create_property(*, actor: Person, facts: Mapping[str, str]) -> Property:
    """Found a property; the actor becomes its administrator and gets no other role.

    Raises ``NotAllowed`` unless the actor keeps some property already, and ``CodeTaken``.
    """
    if not permissions.visible(actor, "manage_house").exists():
        raise NotAllowed(object_type="right", object_ref="manage_house")
    with transaction.atomic():
        property = found_property(**facts)
        actor.groups.add(Post.objects.get(property=property, role=ADMINISTRATOR).group_id)
        permissions.forget_standing(actor)
        audit.record(
            PROPERTY_CREATED,
            who=permissions.who(actor, property),
            object_type="property",
            object_ref=property.code,
        )
    return property


def change_property(*, actor: Person, property: Property, facts: Mapping[str, str]) -> Property:
    """Change what the facts name. Raises ``NotAllowed`` and ``CodeTaken``. Without a change nothing is recorded."""
    permissions.require(actor, "manage_house", property)
    with transaction.atomic():
        locked = Property.objects.select_for_update().get(pk=property.pk)
        changed = [name for name in EDITABLE if name in facts and getattr(locked, name) != facts[name]]
        if not changed:
            return locked
        for name in changed:
            setattr(locked, name, facts[name])
        _save(locked, changed)
        audit.record(
            PROPERTY_CHANGED,
            who=permissions.who(actor, locked),
            object_type="property",
            object_ref=locked.code,
            fields=changed,
        )
    return locked


def found_property(**facts: str) -> Property:
    """Store a property with a post for every role and each role's rights. Asks nobody: for set-up and demo data.

    Raises ``CodeTaken``.
    """
    try:
        with transaction.atomic():
            property = Property.objects.create(**facts)
    except IntegrityError as clash:
        raise CodeTaken(object_type="property", object_ref=facts["code"]) from clash
    names = {role: group_name(property.code, role) for role in RIGHTS_OF}
    groups = dict(zip(names, Group.objects.bulk_create(Group(name=name) for name in names.values()), strict=True))
    Post.objects.bulk_create(Post(property=property, role=role, group=group) for role, group in groups.items())
    PropertyRight.objects.bulk_create(_rights(property, groups))
    return property


def _rights(property: Property, groups: Mapping[str, Group]) -> Iterator[PropertyRight]:
    """Of each role at the property."""
    rights = Permission.objects.filter(content_type__app_label="staff", content_type__model="property")
    permission_ids = dict(rights.values_list("codename", "pk"))
    for role, group in groups.items():
        for right in RIGHTS_OF[role]:
            yield PropertyRight(group=group, permission_id=permission_ids[right], content_object=property)


def _save(property: Property, changed: list[str]) -> None:
    try:
        with transaction.atomic():
            property.save(update_fields=changed)
            if "code" in changed:
                for post in property.posts.select_related("group"):
                    post.group.name = group_name(property.code, post.role)
                    post.group.save(update_fields=["name"])
    except IntegrityError as clash:
        refusal = CodeTaken(object_type="property", object_ref=property.code)
        refusal.action = PROPERTY_CHANGED
        raise refusal from clash
