"""A step of an alert: its row in the log, its own entry in the sealed tree, and the line people read; all or none."""

from datetime import datetime
from typing import Final

from audit import services as audit
from staff import permissions
from staff.actions import (
    ALERT_ANSWERED,
    ALERT_ASKED,
    ALERT_CLOSED,
    ALERT_DECIDED,
    ALERT_ESCALATED,
    ALERT_RAISED,
    ALERT_TAKEN,
)
from staff.models import Alert, AlertStep, Person

Kind = AlertStep.Kind
ACTIONS: Final = {
    Kind.RAISED: ALERT_RAISED,
    Kind.ASKED: ALERT_ASKED,
    Kind.ANSWERED: ALERT_ANSWERED,
    Kind.TRIAGED: ALERT_TAKEN,
    Kind.DECIDED: ALERT_DECIDED,
    Kind.ESCALATED: ALERT_ESCALATED,
    Kind.CLOSED: ALERT_CLOSED,
}


def take_step(
    alert: Alert,
    kind: AlertStep.Kind,
    *,
    at: datetime,
    by: Person | None = None,
    to: Person | None = None,
    says: str = "",
    refers_to: str = "",
) -> AlertStep:
    """Write a step in the transaction under way. ``by`` None is the system.

    Who is concerned stands in the part of the leaf that is not shown, so that a guest's proof names nobody.
    """
    who = permissions.who(by, alert.property) if by else audit.Who(role="system", property=alert.property_id)
    said = {"alert": alert.number, "step": kind.value, "rule": alert.code, "says": says or "-"}
    named = {"concerned": alert.actor_id, "to": to.pk if to else None}
    leaf = audit.add_leaf(
        "alert",
        who=who,
        said=said,
        unsaid={name: person for name, person in named.items() if person is not None},
        subjects=[alert.subject] if alert.subject else [],
    )
    detail = {"says": says} if says else {}
    audit.record(ACTIONS[kind], who=who, object_type="alert", object_ref=alert.number, detail=detail)
    return AlertStep.objects.create(
        alert=alert, kind=kind, at=at, by=by, to=to, says=says, refers_to=refers_to, leaf=leaf
    )
