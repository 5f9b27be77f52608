"""What every deed on a hold begins and ends with: the locked row, its line of the timeline, its row of the log.

A row of the log names the hold by its number only, never the guest or the stay: a guest's own log sheet, and whoever
reads the log, learns nothing of a hold. Rows of a confidential one are read by nobody but who did the deed.
"""

from datetime import date, datetime
from typing import Any

from audit import services as audit
from audit.models import OF_FEW
from privacy import permissions
from privacy.models import Hold, HoldStep
from privacy.refusals import HoldEnded
from privacy.services.requests import system_at
from staff import permissions as rights
from staff.models import Person


def lock_hold(hold: Hold, actor: Person, at: datetime) -> Hold:
    """The hold as it is now, kept from others until the deed is done.

    Raises ``HoldEnded``, and ``NotAllowed`` for who does not decide at the property. Who may not see a confidential one
    is told what anybody without the right is told.
    """
    permissions.require_decide(actor, hold.property)
    found = Hold.objects.select_for_update(of=("self",)).filter(pk__in=Hold.objects.visible_to(actor).values("pk"))
    locked = found.select_related("property").filter(pk=hold.pk).first()
    if locked is None:
        raise rights.NotAllowed(object_type="right", object_ref=permissions.DECIDES)
    if locked.has_ended(at):
        raise HoldEnded(number=locked.number, **named(locked))
    return locked


def named(hold: Hold) -> dict[str, Any]:
    """How rows of the log and refusals name the hold."""
    return {"object_type": f"{OF_FEW}hold" if hold.confidential else "hold", "object_ref": hold.number}


def note(
    hold: Hold,
    code: str,
    *,
    actor: Person | None,
    at: datetime,
    outcome: str = "",
    review_on: date | None = None,
    officer: Person | None = None,
) -> HoldStep:
    """Write the step and its row, in the deed's own transaction. ``actor`` None is the system."""
    who = rights.who(actor, hold.property) if actor else system_at(hold.property)
    audit.record(code, who=who, **named(hold))
    return HoldStep.objects.create(
        hold=hold, at=at, actor=actor, code=code, outcome=outcome, review_on=review_on, named=officer
    )
