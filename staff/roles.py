"""The rights of the house and the roles that bundle them: mission.md, *Who may what*, as data.

A right is a codename on ``Property``; a role at one property is a group which holds its rights on that property.
No role has everything, and neither managers nor administrators may see a guest's data.
"""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RIGHTS: Final[dict[str, Promise]] = {
    "work_desk": _("Work the front desk: lists, stays, check-in, check-out"),
    "see_basic": _("See names, tails of numbers and stay facts"),
    "reveal_contact": _("Reveal contact details for a purpose"),
    "reveal_identity": _("Reveal identity data for a purpose"),
    "reveal_payment": _("Reveal payment data for a purpose"),
    "take_in_request": _("Take in a guest's request"),
    "decide_request": _("Decide on requests and approve another's decision"),
    "read_whole_log": _("Read the whole access log, references only"),
    "read_own_log": _("Read one's own lines of the access log"),
    "see_figures": _("See figures without persons"),
    "manage_house": _("Keep the property, its rooms, people and roles"),
}

FRONT_DESK: Final = "front_desk"
FINANCE: Final = "finance"
PRIVACY_OFFICER: Final = "privacy_officer"
SECOND_APPROVER: Final = "second_approver"
MANAGER: Final = "manager"
ADMINISTRATOR: Final = "administrator"

ROLE_NAMES: Final[dict[str, Promise]] = {
    FRONT_DESK: _("Front desk"),
    FINANCE: _("Finance"),
    PRIVACY_OFFICER: _("Privacy officer"),
    SECOND_APPROVER: _("Second approver"),
    MANAGER: _("Manager"),
    ADMINISTRATOR: _("Administrator"),
}

RIGHTS_OF: Final[dict[str, tuple[str, ...]]] = {
    FRONT_DESK: (
        "work_desk",
        "see_basic",
        "reveal_contact",
        "reveal_identity",
        "take_in_request",
        "read_own_log",
    ),
    FINANCE: ("see_basic", "reveal_contact", "reveal_payment", "take_in_request", "read_own_log"),
    PRIVACY_OFFICER: (
        "see_basic",
        "reveal_contact",
        "reveal_identity",
        "reveal_payment",
        "take_in_request",
        "decide_request",
        "read_own_log",
    ),
    SECOND_APPROVER: (
        "see_basic",
        "reveal_contact",
        "reveal_identity",
        "take_in_request",
        "decide_request",
        "read_own_log",
    ),
    MANAGER: ("take_in_request", "read_whole_log", "read_own_log", "see_figures"),
    ADMINISTRATOR: ("manage_house", "read_own_log"),
}


def group_name(property_code: str, role: str) -> str:
    """The name of the group that holds ``role`` at the property, such as ``harbour:front_desk``."""
    return f"{property_code}:{role}"


def lesser_roles(role: str) -> tuple[str, ...]:
    """The roles that hold some of the rights of this one and no other."""
    held = set(RIGHTS_OF[role])
    return tuple(other for other, rights in RIGHTS_OF.items() if set(rights) < held)
