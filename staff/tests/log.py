"""What the log says, for tests that compare whole rows."""

from typing import Any

from audit.models import Event
from staff.models import Person, Property

TOLD = ("action", "outcome", "actor", "actor_role", "property", "object_type", "object_ref", "fields", "detail")
SILENT = ("purpose", "purpose_ref", "explained_by", "subjects")


def rows(*actions: str) -> list[dict[str, Any]]:
    """The rows of these actions, oldest first: what they tell, and nothing in what must be empty here."""
    events = Event.objects.filter(action__in=actions).order_by("id")
    for event in events:
        assert [getattr(event, name) for name in SILENT] == ["", "", "", []]
        assert event.note_commit is None
    return [{name: getattr(event, name) for name in TOLD} for event in events]


def row(
    action: str,
    *,
    by: Person | None,
    role: str = "",
    at: Property | None = None,
    outcome: str = "ok",
    about: tuple[str, str] = ("", ""),
    fields: tuple[str, ...] = (),
    detail: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """A row as it is expected."""
    return {
        "action": action,
        "outcome": outcome,
        "actor": by.pk if by else None,
        "actor_role": role,
        "property": at.pk if at else None,
        "object_type": about[0],
        "object_ref": about[1],
        "fields": list(fields),
        "detail": detail or {},
    }


def about(person: Person) -> tuple[str, str]:
    """How the log names an account."""
    return "person", person.staff_number
