"""Who may at the desk: asks the staff room, adds nothing of its own but words."""

from staff import permissions
from staff.models import Person, Property


def houses_seen_by(person: Person) -> list[Property]:
    """Properties whose stays the person may see."""
    return permissions.properties_where(person, "see_basic")


def houses_decided_by(person: Person) -> list[Property]:
    """Properties where the person decides on guests' requests, and so sees restricted stays."""
    return permissions.properties_where(person, "decide_request")
