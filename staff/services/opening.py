"""The first property and its first administrator, on an installation that has nobody yet."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from staff.actions import PERSON_CREATED, PROPERTY_CREATED, ROLE_GIVEN
from staff.models import Person, Post, Property
from staff.roles import ADMINISTRATOR
from staff.services.enrolling import new_token
from staff.services.properties import found_property


class HouseIsOpen(audit.Refused):
    """There is a property already; its administrators do the rest."""

    action = PROPERTY_CREATED
    message = _("There is a property already. Its administrators add the others.")


def open_house(*, property: Mapping[str, str], person: Mapping[str, str], at: datetime) -> str:
    """Found the first property with its first administrator; returns the token of the enrolment link.

    The operator does this once, on the machine. Raises ``HouseIsOpen``.
    """
    with transaction.atomic():
        if Property.objects.exists():
            raise HouseIsOpen(object_type="property")
        house = found_property(**property)
        first = Person.objects.create_user(**person, kept_at=house)
        first.groups.add(Post.objects.get(property=house, role=ADMINISTRATOR).group_id)
        token = new_token(first, at=at)
        who = audit.Who(role="system", property=house.pk)
        audit.record(PROPERTY_CREATED, who=who, object_type="property", object_ref=house.code)
        audit.record(PERSON_CREATED, who=who, object_type="person", object_ref=first.staff_number)
        audit.record(ROLE_GIVEN, who=who, fields=[ADMINISTRATOR], object_type="person", object_ref=first.staff_number)
    return token
