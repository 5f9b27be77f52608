"""Codes, days and moments of a copy, in the words of the active language."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from audit import registry
from staff.models import Property
from staff.roles import ROLE_NAMES

_ROLES: Final[dict[str, Promise]] = {
    **ROLE_NAMES,
    "requester": gettext_lazy("You, or who acts for you"),
    "system": gettext_lazy("The system"),
}


class Said:
    """Codes, days and moments in words."""

    def __init__(self, houses: Mapping[str, Property]) -> None:
        self.houses = houses

    def house(self, code: str) -> str:
        """The property's name."""
        return self.houses[code].name if code in self.houses else code

    def day(self, text: str) -> str:
        """A day."""
        return formats.date_format(date.fromisoformat(text), "DATE_FORMAT")

    def moment(self, text: str | None, house: Property | str) -> str:
        """A moment on the property's clock; nothing where it has not come."""
        if not text:
            return ""
        at = datetime.fromisoformat(text)
        place = house if isinstance(house, Property) else self.houses.get(house)
        return formats.date_format(place.local(at) if place else at, "DATETIME_FORMAT")

    def roles(self, codes: Sequence[str]) -> str:
        """Roles of staff, never their names."""
        return registry.listed([str(_ROLES.get(code, code)) for code in codes])


def moment(at: datetime | None) -> str | None:
    """A moment as the files of a copy write it, to the second."""
    return at.isoformat(timespec="seconds") if at else None
