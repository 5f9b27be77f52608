"""Choosing a colleague."""

from typing import Any

from django import forms

from staff.models import Person, Property
from staff.roles import PRIVACY_OFFICER, SECOND_APPROVER

OFFICE = (PRIVACY_OFFICER, SECOND_APPROVER)


class Colleague(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Somebody who may sign in and holds a post at the property, by name; ``roles``: one of these."""

    def __init__(self, *, house: Property, roles: tuple[str, ...] = (), **options: Any) -> None:
        people = Person.objects.filter(is_active=True, groups__post__property=house)
        if roles:
            people = people.filter(groups__post__role__in=roles)
        super().__init__(queryset=people.distinct().order_by("staff_number"), **options)

    def label_from_instance(self, obj: Person) -> str:
        """Name and staff number, for two may share a name."""
        return f"{obj.shown_name} · {obj.staff_number}"
