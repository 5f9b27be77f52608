"""Who may at the desk. Asks the staff room for rights; what is added here is which deed needs which."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from staff import permissions
from staff.models import Person, Property
from staff.roles import FINANCE, FRONT_DESK
from vault.categories import Category

if TYPE_CHECKING:
    from stays.models import Stay

# Rights of which any opens the page; who may also write on a bill is told by role.
KEEPS_BILLS = ("work_desk", "reveal_payment")
KEEPS_CASES = ("work_desk", "reveal_payment", "decide_request", "read_whole_log")
KEEPS_ROOM_STATES = ("work_desk", "manage_house")
# Who brings which lists in: the desk its bookings and guests, the administrator the rooms.
IMPORTS = {"bookings": "work_desk", "guests": "work_desk", "rooms": "manage_house"}
WRITES_BILLS = frozenset({FRONT_DESK, FINANCE})

# How long after arrival the desk still has the document at hand: identity is shown without a further proof.
AT_CHECK_IN = timedelta(minutes=30)

NOT_ALLOWED = ""
PURPOSE = "purpose"
STEP_UP = "step_up"


def houses_seen_by(person: Person) -> list[int]:
    """Ids of the properties whose stays the person may see."""
    return permissions.property_ids_where(person, "see_basic")


def houses_decided_by(person: Person) -> list[int]:
    """Ids of the properties where the person decides on guests' requests, and so sees restricted stays."""
    return permissions.property_ids_where(person, "decide_request")


def kinds_imported_by(person: Person, house: Property) -> list[str]:
    """The kinds of list the person may bring in at the property."""
    return [kind for kind, right in IMPORTS.items() if permissions.may(person, right, house)]


def require_any(person: Person, rights: tuple[str, ...], house: Property) -> None:
    """Raise ``NotAllowed`` unless the person holds one of the rights at the property."""
    if not any(permissions.may(person, right, house) for right in rights):
        raise permissions.NotAllowed(object_type="right", object_ref=rights[0])


def require_role(person: Person, roles: frozenset[str], house: Property) -> None:
    """Raise ``NotAllowed`` unless the person holds one of the roles at the property."""
    if not has_role(person, roles, house):
        raise permissions.NotAllowed(object_type="property", object_ref=house.code)


def has_role(person: Person, roles: frozenset[str], house: Property) -> bool:
    """Whether the person holds one of the roles at the property."""
    return person.is_active and not roles.isdisjoint(permissions.roles_at(person, house))


def reveal_grade(person: Person, category: str, stay: "Stay", at: datetime) -> str:
    """What the person needs to see a field of this category in plain: nothing helps, a purpose, or a step-up besides.

    The grades are *Who may what* of mission.md: contact for a purpose; identity at check-in for a purpose, later
    with step-up; payment with step-up.
    """
    house = stay.property
    if category == Category.NAME:
        return PURPOSE if permissions.may(person, "see_basic", house) else NOT_ALLOWED
    if category == Category.CONTACT:
        return PURPOSE if permissions.may(person, "reveal_contact", house) else NOT_ALLOWED
    if category == Category.REGISTER and permissions.may(person, "reveal_identity", house):
        return PURPOSE if _is_at_check_in(person, stay, at) else STEP_UP
    if category == Category.PAYMENT and permissions.may(person, "reveal_payment", house):
        return STEP_UP
    return NOT_ALLOWED


def _is_at_check_in(person: Person, stay: "Stay", at: datetime) -> bool:
    in_house = stay.status == "in_house" and stay.arrived_at is not None
    just_now = in_house and stay.arrived_at is not None and at - stay.arrived_at < AT_CHECK_IN
    return just_now and permissions.may(person, "work_desk", stay.property)
