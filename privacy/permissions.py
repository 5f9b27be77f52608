"""Who may in the room of requests. Asks the staff room for rights; what is added here is which deed needs which."""

from typing import Final

from privacy.refusals import SamePerson
from staff import permissions
from staff.models import Person, Property
from staff.roles import SECOND_APPROVER

TAKES_IN: Final = "take_in_request"
DECIDES: Final = "decide_request"

# Rights of which any opens the figures.
SEES_FIGURES: Final = ("decide_request", "see_figures", "read_whole_log")

# Those of which any opens the retention rules and the end of every field; who keeps the calendar of holidays.
SEES_RULES: Final = ("decide_request", "see_figures")
KEEPS_HOLIDAYS: Final = ("decide_request", "manage_house")


def houses_decided_by(person: Person) -> list[int]:
    """Ids of the properties whose requests, holds and registers the person works on."""
    return permissions.property_ids_where(person, DECIDES)


def houses_taken_in_by(person: Person) -> list[int]:
    """Ids of the properties where the person may take in a request, and hand over its receipt."""
    return permissions.property_ids_where(person, TAKES_IN)


def require_take_in(person: Person, house: Property) -> None:
    """Raise ``NotAllowed`` unless the person may take in requests at the property."""
    permissions.require(person, TAKES_IN, house)


def require_decide(person: Person, house: Property) -> None:
    """Raise ``NotAllowed`` unless the person may decide on requests at the property."""
    permissions.require(person, DECIDES, house)


def require_another(person: Person, *first: Person | None, object_type: str = "", object_ref: str = "") -> None:
    """Raise ``SamePerson`` when the person is one of those who did the first part (four eyes)."""
    if any(one is not None and one.pk == person.pk for one in first):
        raise SamePerson(object_type=object_type, object_ref=object_ref)


def may_decide(person: Person, house: Property) -> bool:
    """Whether the person may decide on requests at the property."""
    return permissions.may(person, DECIDES, house)


def works_at(person: Person, house: Property) -> bool:
    """Whether the person holds any post at the property, and so may own a task there."""
    return person.is_active and bool(permissions.roles_at(person, house))


def is_counsel(person: Person, house: Property) -> bool:
    """Whether the person gives legal opinions at the property: who also approves."""
    return person.is_active and SECOND_APPROVER in permissions.roles_at(person, house)


def require_reveal_contact(person: Person, house: Property) -> None:
    """Raise ``NotAllowed`` unless the person may see a guest's phone in plain."""
    permissions.require(person, "reveal_contact", house)
