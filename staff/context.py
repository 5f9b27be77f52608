"""What every page may know of the person in front of it."""

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from staff import permissions
from staff.models import Property, Shift
from staff.roles import ROLE_NAMES


class House:
    """The person's place in the house at this request: rights, roles, property, shift."""

    def __init__(self, request: Any) -> None:
        self._person = request.user
        self.property: Property | None = getattr(request, "property", None)
        self.shift: Shift | None = getattr(request, "shift", None)

    @property
    def rights(self) -> frozenset[str]:
        """The rights at the property of the shift; none without a shift."""
        return permissions.rights_at(self._person, self.property)

    @property
    def role_names(self) -> list[str]:
        """The roles there, in the reader's language."""
        return [str(ROLE_NAMES[role]) for role in permissions.roles_at(self._person, self.property)]

    @property
    def today(self) -> date | None:
        """The business day there; none without a shift."""
        return self.property.today(timezone.now()) if self.property else None

    @property
    def idle_seconds(self) -> int:
        """After how many seconds without a touch the screen is covered."""
        return int(settings.DESK_IDLE_MINUTES * 60)


def house(request: HttpRequest) -> dict[str, Any]:
    """``house`` for templates; asked for only where a template uses it."""
    return {"house": SimpleLazyObject(lambda: House(request))}
